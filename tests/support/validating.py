"""Asks the official validators about published exports."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

VALIDATORS = Path(__file__).parents[1] / "open_data" / "validators.py"
MISSING = [name for name in ("frictionless", "pyshacl") if importlib.util.find_spec(name) is None]

validators = pytest.mark.skipif(bool(MISSING), reason=f"`make ready` installs the validators ({', '.join(MISSING)})")


@dataclass(frozen=True)
class Checked:
    """What a validator found in a folder: faults (type, field, note), and the rows of each table."""

    faults: list[list[Any]]
    rows: dict[str, int]


def validate(
    folders: Sequence[Path], catalogues: Sequence[dict[str, Any]] = ()
) -> tuple[list[Checked], list[list[str]]]:
    """Return what Frictionless finds in folders of exports, and the faults that SHACL finds in catalogues."""
    asked = json.dumps({"folders": [str(folder) for folder in folders], "catalogues": list(catalogues)})
    done = subprocess.run([sys.executable, str(VALIDATORS)], input=asked, stdout=subprocess.PIPE, text=True, check=True)
    answers = json.loads(done.stdout)
    return [Checked(faults, rows) for faults, rows in answers["folders"]], answers["catalogues"]


def save(objects: dict[str, bytes], prefix: str, folder: Path) -> Path:
    """Write published files under a folder as somebody who has loaded them down has them."""
    for key, body in objects.items():
        target = folder / key.removeprefix(prefix)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    return folder
