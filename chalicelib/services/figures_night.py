"""The night's figures for commanders: rows of the reports that count, and their sums for every unit and those above it.

Every file is a function of the kept states, the day, the units, the catalogue and the program; its folder is named by
a hash of these, so that a month in which nothing has happened is not written again, and a night that was cut off
writes the same bytes. The pointer moves last. The files hold ids of cases and minutes: only the interface of the police
reads them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.instance import Instance
from chalicelib.domain.tally import By, Table, Tally, merge, total
from chalicelib.services import figures_fold, figures_rows, packs
from chalicelib.services.figures_files import MONTHS, NATION, POINTER, YEARS, Index
from chalicelib.services.figures_fold import Timings
from chalicelib.services.figures_rows import Sums
from chalicelib.services.files import File, compact, digest, packed, put_all, unpacked, verify
from chalicelib.services.state import State, Workshop
from chalicelib.services.sweep import Place
from chalicelib.store.feed import Feed
from chalicelib.store.objects import Objects

SUMS = "state/figure-sums/"
"""The sums of a month's reports unit by unit, from which a year is added up without its reports."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a night left: how many reports its figures count in months that it wrote, and the files in force."""

    counted: int
    index: Index | None
    timings: Timings

    def places(self, work: Objects) -> list[Place]:
        """Return what must stay of the figures' files, for the sweep."""
        months = frozenset() if self.index is None else _named(self.index.months)
        years = frozenset() if self.index is None else _named(self.index.years)
        timed = frozenset(each.key.removeprefix(figures_fold.FOLDER) for each in self.timings.files)
        return [
            Place(work, MONTHS, months),
            Place(work, YEARS, years),
            Place(work, SUMS, frozenset(f"{name}.json" for name in months)),
            Place(work, figures_fold.FOLDER, timed),
        ]


def run(shop: Workshop, work: Objects, feed: Feed, instance: Instance, state: State, day: date, code: str) -> Kept:
    """Make the figures of the days before `day` from a folded state; `code` names the program.

    Raises:
        CorruptedError: a file did not read back as it was written; the figures before stay in force.
        PointerMoved: another run was faster.
    """
    timings = figures_fold.fold(shop, work, feed, state)
    return _Night(shop, work, instance, state, timings, day, code).run()


@dataclass(frozen=True, slots=True)
class _Night:
    shop: Workshop
    work: Objects
    instance: Instance
    state: State
    timings: Timings
    day: date
    code: str

    def run(self) -> Kept:
        pointer = self.work.read_pointer(POINTER)
        before = None if pointer is None else Index.load(pointer.body)
        months = {month: self._version(month) for month in self.state.months if month <= self.day.isoformat()[:7]}
        if not months:
            return Kept(0, before, self.timings)
        years: dict[str, str] = {}
        for year in sorted({month[:4] for month in months}):
            years[year] = _hash([version for month, version in months.items() if month[:4] == year])
        last = self.day - timedelta(days=1)
        index = Index(self.state.folded_at or "", self._first(), last.isoformat(), months, years)
        changed = [month for month in months if before is None or before.months.get(month) != months[month]]
        counted = sum(self._month(index, month) for month in changed)
        for year, version in years.items():
            if before is None or before.years.get(year) != version:
                self._year(index, year)
        if before is None or (before.months, before.last) != (index.months, index.last):
            self.work.flip_pointer(POINTER, index.dump(), None if pointer is None else pointer.etag)
            return Kept(counted, index, self.timings)
        return Kept(counted, before, self.timings)

    def _put(self, files: Iterable[File]) -> None:
        verify(self.work, put_all(self.work, files))

    def _version(self, month: str) -> str:
        timed = self.timings.months.get(month)
        # Of a month that is not over the day decides, too, which reports are counted.
        until = self.day.isoformat() if month == self.day.isoformat()[:7] else ""
        parts = [self.state.months[month].sha256, "" if timed is None else timed.sha256, until, self._rules()]
        return _hash(parts)

    def _rules(self) -> str:
        units = sorted((unit.code, unit.parent) for unit in self.instance.units)
        categories = [
            (row.code, row.take_up_days, row.verify_days, row.working_days is not None)
            for row in self.instance.catalogue.categories.values()
        ]
        return _hash([units, sorted(categories), self.code])

    def _first(self) -> str:
        """Return the first day that has a report; the day itself where none has been counted."""
        paths = [str(path) for path in self.shop.fetch(self.work, self.state.months).values()]
        query = "SELECT strftime(min(day), '%Y-%m-%d') FROM read_parquet($1) WHERE day < $2"
        ((first,),) = self.shop.database.execute(query, [paths, self.day]).fetchall()
        return str(first or self.day.isoformat())

    def _month(self, index: Index, month: str) -> int:
        """Write the rows and the sums of a month, unless a run that was cut off has done so; return its reports."""
        sums = f"{SUMS}{month}-{index.months[month]}.json"
        if self.work.get(sums) is not None and packs.directory(self.work, index.month_pack(month)):
            return 0
        timed, categories = self.timings.months.get(month), self.instance.catalogue.categories
        histories = () if timed is None else figures_fold.histories(self.shop, self.work, timed)
        path = self.shop.fetch(self.work, {month: self.state.months[month]})[month]
        counted = figures_rows.load(self.shop, path, self.day.isoformat(), histories, categories)
        self._put(packs.files(index.month_pack(month), figures_rows.documents(self.shop, self._scopes)))
        # The sums come last: whoever finds them knows that the rows are there.
        self._put([packed(sums, compact(figures_rows.sums(self.shop)))])
        return counted

    def _year(self, index: Index, year: str) -> None:
        """Write the sums of a year: a pack for each of the tables."""
        months = {month: self._sums(month, version) for month, version in index.months.items() if month[:4] == year}
        below: dict[str, set[str]] = {}
        for unit in {unit for sums in months.values() for unit in sums}:
            for scope in self._scopes(unit):
                below.setdefault(scope, set()).add(unit)
        for by in By:
            documents = (([scope], compact(_sum(months, units, by))) for scope, units in sorted(below.items()))
            self._put(packs.files(index.year_pack(year, by), documents))

    def _sums(self, month: str, version: str) -> Sums:
        found: Sums = unpacked(self.work.require(f"{SUMS}{month}-{version}.json"))
        return found

    def _scopes(self, unit: str) -> list[str]:
        units = self.instance.units
        return [*(above.code for above in units.chain(unit)), NATION] if unit in units else [NATION]


def _sum(months: dict[str, Sums], units: set[str], by: By) -> dict[str, dict[str, Any]]:
    """Return the table of some units in each month in which one of them has a report."""
    tables = {month: _table(sums, sorted(units & sums.keys()), by) for month, sums in months.items()}
    return {
        month: {key: tally.document() for key, tally in sorted(table.items())}
        for month, table in tables.items()
        if table
    }


def _table(sums: Sums, units: list[str], by: By) -> Table:
    if by is By.UNIT:
        return {unit: total(map(Tally.of_document, sums[unit][By.CATEGORY].values())) for unit in units}
    return merge({}, ({key: Tally.of_document(one) for key, one in sums[unit][by].items()} for unit in units))


def _named(versions: Any) -> frozenset[str]:
    return frozenset(f"{name}-{version}" for name, version in versions.items())


def _hash(parts: Any) -> str:
    return digest(compact(parts))[:16]
