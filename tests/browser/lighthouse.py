"""Lighthouse's own look at a page, as a phone of the middle class sees it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.local.emulator import ROOT

PROGRAM = ROOT / ".browsers" / "node_modules" / "lighthouse" / "cli" / "index.js"
TRIES = 3
"""Now and then the trace of a look has no beginning, which is Lighthouse's own fault."""

PATIENCE_S = 90
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking --no-first-run"


def lighthouse(address: str, chromium: str, categories: str) -> dict[str, Any]:
    """Return the report on a page for categories, named with commas between them."""
    if not PROGRAM.is_file():
        raise FileNotFoundError("Lighthouse is not here: python3 -m infra.bootstrap --browsers")
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = ["node", str(PROGRAM), address, "--quiet", "--output=json", f"--output-path={report}"]
        command += [f"--only-categories={categories}", f"--chrome-flags={FLAGS}"]
        for tries in range(TRIES, 0, -1):
            try:
                subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chromium}, timeout=PATIENCE_S)
                break
            except subprocess.SubprocessError:
                if tries == 1:
                    raise
        return dict(json.loads(report.read_text("utf-8")))


def score(report: dict[str, Any], category: str) -> int:
    """Return the score of a category in per cent."""
    return round(100 * float(report["categories"][category]["score"]))


def faults(report: dict[str, Any], category: str) -> list[str]:
    """Return the checks of a category that were not passed and count."""
    counting = [item["id"] for item in report["categories"][category]["auditRefs"] if item["weight"] > 0]
    found = {name: report["audits"][name]["score"] for name in counting}
    return [name for name, each in found.items() if each is not None and each < 1]
