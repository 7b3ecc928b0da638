"""The analyses that are printed in docs/analyse.md: read out of it, and run as a reader would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from infra.bootstrap import python_of
from infra.build.packages import ROOT

HANDBOOK = ROOT / "docs" / "analyse.md"
IMAGES = ROOT / "docs" / "images"
_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
_SAVED = re.compile(r'savefig\("([\w-]+\.png)"')


class Analysis(NamedTuple):
    """A script and the picture that it saves."""

    picture: str
    script: str


class NothingToDrawWith(Exception):
    """The environment with matplotlib is missing; the message says how to make it."""


def analyses() -> list[Analysis]:
    """Return the scripts that save a picture, in the order of the page."""
    blocks = _BLOCK.findall(HANDBOOK.read_text("utf-8"))
    return [Analysis(found[1], block) for block in blocks if (found := _SAVED.search(block))]


def interpreter() -> Path:
    """Return the Python that has what the scripts import; raises `NothingToDrawWith`."""
    for python in (python_of(ROOT / ".oracles"), Path(sys.executable)):
        command = [str(python), "-c", "import duckdb, h3, matplotlib"]
        if python.exists() and not subprocess.run(command, capture_output=True, check=False).returncode:
            return python
    raise NothingToDrawWith("matplotlib is not installed: python3 -m infra.bootstrap --oracles")


def draw(analysis: Analysis, python: Path, folder: Path) -> Path:
    """Run a script in a folder in which the tables lie under `tables/`; return the picture.

    Raises:
        subprocess.CalledProcessError: with what the script said.
    """
    environment = {**os.environ, "MPLBACKEND": "Agg", "MPLCONFIGDIR": str(folder / "matplotlib")}
    subprocess.run(
        [str(python), "-W", "error", "-c", analysis.script],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return folder / analysis.picture
