"""Counting the cases that are overdue: from the index of the units' queues, which is ordered by what is due next."""

from collections import Counter
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from chalicelib.store import keys, wire
from chalicelib.store.models import connection
from chalicelib.store.reports import SEARCHERS

_READ = ["category", "area", "unit"]


def overdue(units: Collection[str], now: datetime) -> Counter[tuple[str, str, str]]:
    """Count the open cases of some units whose due time has passed, by category, area and unit.

    A query a unit, some at once, half a read unit for each 4 KB of index entries. The index may be a moment behind.
    """
    # The client is made here, if it is not there yet: else every thread would make one.
    connection().client.meta  # noqa: B018
    found: Counter[tuple[str, str, str]] = Counter()
    with ThreadPoolExecutor(SEARCHERS) as pool:
        for counted in pool.map(lambda unit: _of(unit, keys.instant(now)), sorted(units)):
            found.update(counted)
    return found


def _of(unit: str, now: str) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    for row in wire.overdue(unit, now, _READ):
        found[row["category"]["S"], row["area"]["S"], row["unit"]["S"]] += 1
    return found
