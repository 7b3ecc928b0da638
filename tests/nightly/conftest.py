"""Fixtures of the tests of the night."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.nightly.world import Night, reach_back
from tests.support.stacks import DataStack


@pytest.fixture
def reach() -> timedelta:
    """How far back the first night purges and erases; what is about that names the true reach."""
    return timedelta(days=2)


@pytest.fixture
def night(clean_stack: DataStack, reach: timedelta, monkeypatch: pytest.MonkeyPatch) -> Night:
    """Both publishing functions over empty tables and buckets, on a Sunday at noon."""
    reach_back(monkeypatch, reach, gap=timedelta(days=3))
    return Night(clean_stack)


@pytest.fixture(scope="module")
def shared_night(data_stack: DataStack) -> Iterator[Night]:
    """The same, for tests that only look at one night's results."""
    data_stack.clear()
    yield Night(data_stack)
    data_stack.clear()
