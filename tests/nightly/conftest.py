"""Fixtures of the tests of the night."""

from collections.abc import Iterator

import pytest

from tests.nightly.world import Night
from tests.support.stacks import DataStack


@pytest.fixture
def night(clean_stack: DataStack) -> Night:
    """Both publishing functions over empty tables and buckets, on a Sunday at noon."""
    return Night(clean_stack)


@pytest.fixture(scope="module")
def shared_night(data_stack: DataStack) -> Iterator[Night]:
    """The same, for tests that only look at one night's results."""
    data_stack.clear()
    yield Night(data_stack)
    data_stack.clear()
