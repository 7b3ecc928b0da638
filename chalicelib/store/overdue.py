"""Counting the cases that are overdue: from the index of the units' queues, which is ordered by what is due next."""

from collections import Counter
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from chalicelib.store import keys
from chalicelib.store.models import Gsi2, MainItem, connection
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
    start = None
    while True:
        answer = connection().query(
            str(MainItem.Meta.table_name),
            keys.open_queue(unit),
            # A case that is due at this very moment is not overdue: its position follows the moment alone.
            range_key_condition=Gsi2.sk < now,
            attributes_to_get=_READ,
            index_name=Gsi2.Meta.index_name,
            exclusive_start_key=start,
        )
        for row in answer["Items"]:
            found[row["category"]["S"], row["area"]["S"], row["unit"]["S"]] += 1
        start = answer.get("LastEvaluatedKey")
        if start is None:
            return found
