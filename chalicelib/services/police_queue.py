"""What the units have before them: open cases by due time, and those closed on a day, a page at a time.

A page begins after a position in the one order of all lists that are read, never at a count: a case that is closed
while somebody turns the pages is missing from them, and no other is shown twice or left out for it. A case whose due
time moves while somebody is reading stands where it has moved to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from itertools import islice
from math import ceil

from chalicelib.domain.instance import Instance
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN
from chalicelib.services.cursors import cursor_of, position_of
from chalicelib.store import casefile, keys, queue
from chalicelib.store.casefile import Line
from chalicelib.store.queue import Entry

PAGE = 50
"""How many cases a page has where nobody says otherwise."""

MOST = 100
"""The most that a page may have."""

LOOKED_AT = 1_000
"""How many entries of the lists one request looks through at most: a short page may still have a next one."""

CLOSED_AT_ONCE = 250
"""How many closed cases are read at once: the list of a day is that of the whole country."""

SPARE = 3
"""How many entries more than its share are read of each of many lists, so that few have to be read again."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are asked for; None is any. `units` are codes; `closed` is a local day, None for the open cases.

    `overdue` wants those alone whose due time has passed.
    """

    units: frozenset[str]
    status: str | None = None
    category: str | None = None
    priority: int | None = None
    tier: int | None = None
    overdue: bool = False
    closed: date | None = None

    def fits(self, entry: Entry, instance: Instance) -> bool:
        """Tell whether a case is asked for, by what the index says of it."""
        priority = instance.catalogue.categories[entry.category].priority
        return (
            entry.unit in self.units
            and self.status in {None, entry.status}
            and self.category in {None, entry.category}
            and self.priority in {None, priority}
            and self.tier in {None, entry.tier}
        )


@dataclass(frozen=True, slots=True)
class Page:
    """One page, in the order of the due times or of the closings; `cursor` asks for the next, None after the last."""

    lines: tuple[Line, ...]
    cursor: str | None


def page(wanted: Wanted, cursor: str | None, limit: int, instance: Instance, now: datetime) -> Page:
    """Return at most `limit` cases after a cursor; raises `Invalid` for a cursor that is none.

    What the index says may be a moment old: a case that has been closed, opened or given away since is left out.
    """
    after = None if cursor is None else position_of(cursor)
    before = keys.instant(now) if wanted.overdue else None
    walk = merge(
        *queue.entries(_partitions(wanted), after, before, _at_once(wanted, limit)), key=lambda entry: entry.position
    )
    found, last = _gather(walk, wanted, limit, instance)
    lines = tuple(line for line in casefile.lines([entry.id for entry in found]) if _still(line, wanted))
    more = last is not None and next(walk, None) is not None
    return Page(lines, cursor_of(last.position) if more and last is not None else None)


def _partitions(wanted: Wanted) -> list[str]:
    if wanted.closed is not None:
        return [keys.closed(wanted.closed.isoformat())]
    return [keys.open_queue(unit) for unit in sorted(wanted.units)]


def _at_once(wanted: Wanted, limit: int) -> int:
    """Return how many entries of each list are read at once.

    A page and whether there is another in one request, where one list is all; few of each where there are many lists;
    many where most are another unit's.
    """
    if wanted.closed is not None:
        return CLOSED_AT_ONCE
    return limit + 1 if len(wanted.units) == 1 else ceil(2 * limit / len(wanted.units)) + SPARE


def _gather(
    walk: Iterator[Entry], wanted: Wanted, limit: int, instance: Instance
) -> tuple[Sequence[Entry], Entry | None]:
    """Return the wanted entries of one page, and the last one that was looked at."""
    found: list[Entry] = []
    last: Entry | None = None
    for last in islice(walk, LOOKED_AT):
        if wanted.fits(last, instance):
            found.append(last)
        if len(found) == limit:
            break
    return found, last


def _still(line: Line, wanted: Wanted) -> bool:
    is_open = Status(line.report.status) in OPEN
    return line.report.unit in wanted.units and is_open is (wanted.closed is None)
