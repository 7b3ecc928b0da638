"""Asks the libraries of the other environment."""

import json
import subprocess
from typing import Any

from infra.bootstrap import ROOT, python_of

PYTHON = python_of(ROOT / ".oracles")


def ask(questions: dict[str, Any]) -> dict[str, Any]:
    """Return the answers to questions by the name of their function in `tests/hotspots/oracles.py`."""
    command = [str(PYTHON), str(ROOT / "tests" / "hotspots" / "oracles.py")]
    done = subprocess.run(command, input=json.dumps(questions), stdout=subprocess.PIPE, text=True, check=True)
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers
