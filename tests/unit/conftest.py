"""Fixtures of the pure tests."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.instance import Instance

FOLDER = Path(__file__).parents[2] / "instances" / "pl"


@pytest.fixture(scope="session")
def documents() -> dict[str, Any]:
    """The three documents of Poland, as parsed."""
    return {
        name: json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("instance", "catalogue", "units")
    }


@pytest.fixture(scope="session")
def poland(documents: dict[str, Any]) -> Instance:
    """The instance of Poland."""
    return Instance.from_documents(documents["instance"], documents["catalogue"], documents["units"])
