"""Fixtures shared by all tests that call the application."""

from datetime import timedelta

import pytest

from tests.http.world import country_pack, warm, world
from tests.nightly.world import reach_back

__all__ = ["country_pack", "warm", "world"]


@pytest.fixture
def reach() -> timedelta:
    """How far back the first night purges and erases; what comes later after the closing names the true reach."""
    return timedelta(days=2)


@pytest.fixture(autouse=True)
def within_reach(reach: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set that reach."""
    reach_back(monkeypatch, reach)
