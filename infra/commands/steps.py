"""Run a list of programs, one line each with its time; used by check and test."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PYTHON = ("app.py", "chalicelib", "infra", "tests")
# Fast tests: pure, or on built events; none of these starts a server or a browser.
FAST = "not (emulator or e2e or browser or package or slow or bench)"


class Step(NamedTuple):
    """A program with its arguments, under the name that its line shows."""

    name: str
    command: Sequence[str]
    folder: Path = ROOT


def tool(name: str) -> str:
    """Return the path of a program of the project's own environment."""
    return str(BIN / name)


def static_checks() -> list[Step]:
    """Formatting, lint, types, layers; of the site too, where its packages are installed."""
    steps = [
        Step("formatting", [tool("ruff"), "format", "--check", "--quiet", *PYTHON]),
        Step("lint", [tool("ruff"), "check", "--quiet", *PYTHON]),
        Step("types", [tool("mypy"), "--no-error-summary"]),
        Step("imports", [tool("lint-imports"), "--no-cache"]),
    ]
    site = ROOT / "static-site"
    if (site / "package.json").is_file():
        steps.append(Step("types of the site", ["npm", "run", "--silent", "check"], site))
    return steps


def tests(selection: str, *arguments: str) -> Step:
    """Pytest over the tests that the marker expression selects."""
    return Step("tests", [sys.executable, "-m", "pytest", "--quiet", "-m", selection, *arguments])


def run(steps: Sequence[Step]) -> int:
    """Run every step, even after a failure, so that one run shows all faults.

    Returns:
        0 if all succeeded, else 1.
    """
    failed = []
    for step in steps:
        start = time.monotonic()
        code = subprocess.run(step.command, cwd=step.folder, check=False).returncode
        verdict = "ok" if code == 0 else "FAILED"
        print(f"{time.monotonic() - start:7.1f} s  {step.name}: {verdict}", flush=True)
        if code:
            failed.append(step.name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0
