"""`make run` from a clean clone, first and second start: seconds until the origin answers."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from infra.local.emulator import ROOT, free_port

PATIENCE = 900


def run() -> dict[str, Any]:
    """Wall seconds of both starts (environments and packages from the registries in the first), and of the stop."""
    folder = Path(tempfile.mkdtemp(prefix="clone-"))
    try:
        clone = folder / "czujka"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        # The origin is a parameter of the templates: another port would be another deployment.
        port = free_port()
        first, first_stop, steps = _start(clone, port)
        second, second_stop, _ = _start(clone, port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "first_start_s": first,
        "first_start_steps": steps,
        "second_start_s": second,
        "stop_s": [first_stop, second_stop],
        "goal_second_start_s": 15,
    }


def _start(clone: Path, port: int) -> tuple[float, float, list[str]]:
    start = time.monotonic()
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=clone,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
    )
    if process.stdout is None:
        raise AssertionError
    steps: list[str] = []
    for line in process.stdout:
        steps.append(line.strip())
        if re.search(r"\bready\b", line) or time.monotonic() - start > PATIENCE:
            break
    ready = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    process.wait(120)
    return round(ready - start, 1), round(time.monotonic() - ready, 1), steps
