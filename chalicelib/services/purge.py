"""The nightly purge: nobody can link a device to a report once the day is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.services.files import spread
from chalicelib.store.purge import purge_day

FIRST_REACH = timedelta(days=14)
"""How far back the first purge of all looks; items expire by themselves long before."""

OVERLAP = timedelta(days=2)
"""How far before the last finished night every purge looks again."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many items went, and how many are left of the days that were purged: 0 proves that it is done."""

    deleted: int
    left: int


def past_days(today: date, finished: date | None) -> list[date]:
    """Return the days to purge: the past ones since a little before the last finished night, never `today`."""
    first = today - FIRST_REACH if finished is None else min(finished, today) - OVERLAP
    return [first + timedelta(days=number) for number in range((today - first).days)]


def purge(today: date, finished: date | None) -> Purged:
    """Purge all past days, and count what is left of them."""
    found = list(spread(purge_day, past_days(today, finished)))
    return Purged(sum(deleted for deleted, _ in found), sum(left for _, left in found))
