"""The lists of cases in the index by unit: open ones by due time, closed ones by the time of closing.

The index only says which cases there are, in which order, and what a filter needs; it may be a moment behind. What an
officer is shown of a case is read from the case itself.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from chalicelib.store.models import Gsi2, MainItem, connection
from chalicelib.store.reports import SEARCHERS

_FIRST = "0"
_LAST = "~"
"""Before and after every position: those begin with a year and hold nothing that follows a letter."""

_READ = ["G2SK", "id", "category", "status", "tier", "unit"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A case in a list. `position` is its place in the order (`keys.at_id`), so that no two have the same."""

    position: str
    id: str
    category: str
    status: str
    tier: int
    unit: str


def entries(partitions: Sequence[str], after: str | None, before: str | None, size: int) -> list[Iterator[Entry]]:
    """Return the entries of each partition between two positions, both exclusive, in their order.

    The first `size` of each are read now, some partitions at once; more only when they are asked for, as many again:
    half a read unit for each 4 KB of index entries, and no less for an empty partition.
    """
    lists = [_List(partition, before, size) for partition in partitions]
    if len(lists) == 1:
        return [lists[0].walk(lists[0].page(after))]
    # The client is made here, if it is not there yet: else every thread would make one.
    connection().client.meta  # noqa: B018
    with ThreadPoolExecutor(SEARCHERS) as pool:
        firsts = list(pool.map(lambda each: each.page(after), lists))
    return [each.walk(first) for each, first in zip(lists, firsts, strict=True)]


@dataclass(frozen=True, slots=True)
class _List:
    partition: str
    before: str | None
    size: int

    def walk(self, page: list[Entry]) -> Iterator[Entry]:
        while page:
            yield from page
            page = self.page(page[-1].position) if len(page) == self.size else []

    def page(self, after: str | None) -> list[Entry]:
        first, last = after or _FIRST, self.before or _LAST
        if first >= last:
            return []
        # Rows as they come: making thousands of models of them would cost the most of all. `between` takes both ends
        # in, so that the entry that is `after` itself is left out here.
        answer = connection().query(
            str(MainItem.Meta.table_name),
            self.partition,
            range_key_condition=Gsi2.sk.between(first, last),
            attributes_to_get=_READ,
            index_name=Gsi2.Meta.index_name,
            limit=self.size + 1,
        )
        found = [_entry(row) for row in answer["Items"]]
        return [each for each in found if first < each.position < last][: self.size]


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        position=row["G2SK"]["S"],
        id=row["id"]["S"],
        category=row["category"]["S"],
        status=row["status"]["S"],
        tier=int(row["tier"]["N"]),
        unit=row["unit"]["S"],
    )
