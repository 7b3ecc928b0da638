"""How far random tests go: a fraction of their tries in `make test`, all of them in `make test-all`.

The one place that says so. A test names the tries of `make test-all`; one whose tries are cheap calculations need not
ask here.
"""

import os

from infra.commands.test import EVERY_TRY

SHARE = 4
"""`make test` makes one try in so many."""

ALL = bool(os.environ.get(EVERY_TRY))


def tries(number: int) -> int:
    """Return how many of so many examples, steps or attempts this run makes; at least one."""
    return number if ALL else max(1, number // SHARE)


def least(number: int) -> int:
    """Return how often something must have come up in them, lest a test shows nothing; at least once.

    Few tries are spread more widely by chance than many, hence the half.
    """
    return number if ALL else max(1, number // SHARE // 2)
