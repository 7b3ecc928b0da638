"""Figures for commanders: sums over the night's files for a time, and the reports behind them.

Whole months come from the sums of their years, begun ones from their rows; a month that is still running is whole as
far as it has been counted. A year with the year before it costs the pointer, and of three packs of sums and three or
four of rows the directory and one range each, for a unit as for the nation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from chalicelib.domain.tally import By, Row, Table, Tally, merge, tabulate, total
from chalicelib.services.figures_files import NATION, POINTER, Index
from chalicelib.services.packs import Directory, directory, read
from chalicelib.store.objects import Objects

_by_day = attrgetter("day", "id")

K = TypeVar("K")
V = TypeVar("V")
_Key = tuple[str, str]
"""A pack and the scope whose documents in it are meant."""

READERS = 8
"""Files read at a time."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Local days from `first` to `last`, both included; there may be none."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days they are."""
        return max(0, (self.last - self.first).days + 1)

    def before(self) -> Span:
        """Return as many days right before."""
        return Span(self.first - self.days * _DAY, self.first - _DAY)

    def months(self) -> Iterator[tuple[str, Span]]:
        """Yield the months that it touches, with the days of each that are in it."""
        first = self.first
        while first <= self.last:
            end = _end_of_month(first)
            yield first.isoformat()[:7], Span(first, min(end, self.last))
            first = end + _DAY


@dataclass(frozen=True, slots=True)
class Period:
    """The sums of a time: the table, and the totals of its months; a month without reports is not there."""

    table: Table
    months: Mapping[str, Tally]

    @property
    def total(self) -> Tally:
        """The sum of all."""
        return total(self.months.values())


@dataclass(slots=True)
class Figures:
    """The figures that the last night left, as one request reads them: no file twice."""

    work: Objects
    index: Index
    _places: dict[str, Directory] = field(default_factory=dict)
    _read: dict[_Key, list[Any]] = field(default_factory=dict)

    @property
    def first(self) -> date:
        """The first day that has a report."""
        return date.fromisoformat(self.index.first)

    @property
    def last(self) -> date:
        """The last day that is counted."""
        return date.fromisoformat(self.index.last)

    @property
    def reads(self) -> int:
        """How many reads of the object store this took."""
        return len(self._places) + sum(name in self._places[pack] for pack, name in self._read)

    def periods(self, scope: str, by: By, spans: Sequence[Span]) -> list[Period]:
        """Return the sums of some times for a scope: a unit with those below it, or `NATION`."""
        self._fetch({self._key(scope, by, *part) for span in spans for part in self._months(span)})
        return [self._period(scope, by, span) for span in spans]

    def rows(self, scope: str, span: Span) -> Iterator[Row]:
        """Yield the reports of a time by day and id; a month is read when it is reached."""
        for month, part in self._months(span):
            yield from self._rows((self.index.month_pack(month), scope), part)

    def _period(self, scope: str, by: By, span: Span) -> Period:
        months: dict[str, Table] = {}
        for month, part in self._months(span):
            key = self._key(scope, by, month, part)
            if self._whole(part):
                tables = (year.get(month, {}) for year in self._documents(key))
                months[month] = {name: Tally.of_document(one) for table in tables for name, one in table.items()}
            else:
                months[month] = tabulate(self._rows(key, part), by)
        totals = {month: total(table.values()) for month, table in months.items() if table}
        return Period(merge({}, months.values()), totals)

    def _months(self, span: Span) -> Iterator[tuple[str, Span]]:
        return (each for each in span.months() if each[0] in self.index.months)

    def _key(self, scope: str, by: By, month: str, part: Span) -> _Key:
        whole = self._whole(part)
        return self.index.year_pack(month[:4], by) if whole else self.index.month_pack(month), scope

    def _whole(self, part: Span) -> bool:
        # Of the days after the last one that is counted nothing is in the sums.
        return part.first.day == 1 and part.last >= min(_end_of_month(part.first), self.last)

    def _rows(self, key: _Key, part: Span) -> Iterator[Row]:
        first, last = part.first.isoformat(), part.last.isoformat()
        rows = (row for unit in self._documents(key) for row in map(Row._make, unit))
        return iter(sorted((row for row in rows if first <= row.day <= last), key=_by_day))

    def _documents(self, key: _Key) -> list[Any]:
        self._fetch({key})
        return self._read[key]

    def _fetch(self, wanted: set[_Key]) -> None:
        packs = sorted({pack for pack, _ in wanted} - self._places.keys())
        self._places.update(_together(lambda pack: directory(self.work, pack), packs))
        self._read.update(_together(self._get, sorted(wanted - self._read.keys())))

    def _get(self, key: _Key) -> list[Any]:
        pack, name = key
        place = self._places[pack].get(name)
        return [] if place is None else read(self.work, pack, place)


def _together(get: Callable[[K], V], keys: Sequence[K]) -> list[tuple[K, V]]:
    if len(keys) < 2:
        return [(key, get(key)) for key in keys]
    with ThreadPoolExecutor(READERS) as pool:
        return list(zip(keys, pool.map(get, keys), strict=True))


def current(work: Objects) -> Figures | None:
    """Return the figures in force; None before the first night."""
    body = work.get(POINTER)
    return None if body is None else Figures(work, Index.load(body))


def scope_of(unit: str | None) -> str:
    """Return the scope of a unit, or of the nation where there is none."""
    return NATION if unit is None else unit


@dataclass(frozen=True, slots=True)
class Cell:
    """Which reports of a table are meant: of a row, of a status, with a figure; None is any."""

    by: By = By.CATEGORY
    key: str | None = None
    status: str | None = None
    figure: str | None = None

    def holds(self, row: Row) -> bool:
        """Tell whether a report is behind the cell."""
        return (
            self.key in {None, row.key(self.by)}
            and self.status in {None, row.status}
            and (self.figure is None or _BEHIND[self.figure](row))
        )


_BEHIND = {
    "take_up": lambda row: row.take_up is not None,
    "verification": lambda row: row.verification is not None,
    "elimination": lambda row: row.elimination is not None,
    "late_take_up": lambda row: bool(row.late_take_up),
    "late_verification": lambda row: bool(row.late_verification),
    "reopened": lambda row: bool(row.reopened),
}
FIGURES = tuple(_BEHIND)
"""Columns of the table, besides reports and statuses, whose reports can be listed."""


def behind(rows: Iterable[Row], cell: Cell, after: tuple[str, str] | None, limit: int) -> tuple[list[Row], bool]:
    """Return the first `limit` reports of a cell after a day and id, and whether there are more."""
    found: list[Row] = []
    for row in rows:
        if (after is None or (row.day, row.id) > after) and cell.holds(row):
            if len(found) == limit:
                return found, True
            found.append(row)
    return found, False


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - _DAY
