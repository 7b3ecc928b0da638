"""How far random tests go: a fraction of their tries in `make test`, all of them in `make test-all`.

The one place that says so. A test names the tries of `make test-all`; one whose tries are cheap calculations need not
ask here.
"""

import os
from collections.abc import Iterable
from typing import TypeVar

from infra.commands.test import EVERY_TRY

SHARE = 4
"""`make test` makes one try in so many."""

STRIDE = 5
"""It takes every so-manieth row of a table of all combinations, and meets every value where no side has this factor."""

Row = TypeVar("Row")
ALL = bool(os.environ.get(EVERY_TRY))


def tries(number: int) -> int:
    """Return how many of so many examples, steps or attempts this run makes; at least one."""
    return number if ALL else max(1, number // SHARE)


def least(number: int) -> int:
    """Return how often something must have come up in them, lest a test shows nothing; at least once.

    Few tries are spread more widely by chance than many, hence the half.
    """
    return number if ALL else max(1, number // SHARE // 2)


def some(rows: Iterable[Row]) -> list[Row]:
    """Return the rows of a table of all combinations that this run tries."""
    return list(rows)[:: 1 if ALL else STRIDE]
