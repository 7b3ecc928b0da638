"""The night's figures for commanders: rows of the reports that count, and their sums for every unit and those above it.

Every file is a function of the kept states, the day, the units, the catalogue and the program; its folder is named by
a hash of these, so that a month in which nothing has happened is not written again, and a night that was cut off
writes the same bytes. The pointer moves last. The files hold ids of cases and minutes: only the interface of the police
reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.instance import Instance
from chalicelib.domain.tally import By, Row, Table, Tally, counts, merge, powiat_of, tabulate, total, written
from chalicelib.domain.timing import Timing, timing
from chalicelib.services import figures_fold
from chalicelib.services.figures_files import MONTHS, NATION, POINTER, YEARS, Index, file, unpacked
from chalicelib.services.figures_fold import Timings
from chalicelib.services.files import File, compact, digest, put_all, verify
from chalicelib.services.state import State, Workshop
from chalicelib.services.sweep import Place
from chalicelib.store.feed import Feed
from chalicelib.store.objects import Objects

SUMS = "state/figure-sums/"
"""The sums of a month's reports unit by unit, from which a year is added up without its reports."""

_UNTIMED = Timing()

_ROWS = """
SELECT id, strftime(day, '%Y-%m-%d'), category, area, unit, status, source, reason, tier
FROM read_parquet($1) WHERE day < $2 ORDER BY day, id
"""


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
        counted = 0
        for month in changed:
            rows = self._rows(month)
            counted += len(rows)
            self._put(self._month_files(index, month, rows))
        for year, version in years.items():
            if before is None or before.years.get(year) != version:
                self._put(self._year_files(index, year))
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

    def _rows(self, month: str) -> list[Row]:
        """Return the reports of a month that count, by day and id."""
        timed, categories = self.timings.months.get(month), self.instance.catalogue.categories
        histories = {} if timed is None else dict(figures_fold.histories(self.shop, self.work, timed))
        path = self.shop.fetch(self.work, {month: self.state.months[month]})[month]
        found = []
        for report, day, code, area, unit, status, source, reason, tier in self.shop.database.execute(
            _ROWS, [str(path), self.day]
        ).fetchall():
            if not counts(status, reason, tier):
                continue
            told, category = histories.get(report), categories.get(code)
            took = _UNTIMED if told is None or category is None else timing(category, told)
            found.append(_row((report, day, code, powiat_of(area or ""), unit or "", status, source), took))
        return found

    def _month_files(self, index: Index, month: str, rows: list[Row]) -> Iterator[File]:
        scopes: dict[str, list[Row]] = {}
        units: dict[str, list[Row]] = {}
        for row in rows:
            units.setdefault(row.unit, []).append(row)
            for scope in self._scopes(row.unit):
                scopes.setdefault(scope, []).append(row)
        for scope, some in sorted(scopes.items()):
            yield file(index.month_key(month, scope), written(some))
        sums = {unit: {by: _document(tabulate(some, by)) for by in _KEPT} for unit, some in sorted(units.items())}
        yield file(f"{SUMS}{month}-{index.months[month]}.json", sums)

    def _year_files(self, index: Index, year: str) -> Iterator[File]:
        """Yield the sums of a year: what one table of a scope needs is one file."""
        months = {month: self._sums(month, version) for month, version in index.months.items() if month[:4] == year}
        units = {unit for sums in months.values() for unit in sums}
        below: dict[str, set[str]] = {}
        for unit in units:
            for scope in self._scopes(unit):
                below.setdefault(scope, set()).add(unit)
        for scope, members in sorted(below.items()):
            for by in By:
                documents = {
                    month: _document(_table(sums, sorted(members & sums.keys()), by)) for month, sums in months.items()
                }
                document = {month: table for month, table in documents.items() if table}
                yield file(index.year_key(year, scope, by), document)

    def _sums(self, month: str, version: str) -> dict[str, Any]:
        body = self.work.get(f"{SUMS}{month}-{version}.json")
        if body is None:
            raise FileNotFoundError(month)
        found: dict[str, Any] = unpacked(body)
        return found

    def _scopes(self, unit: str) -> list[str]:
        units = self.instance.units
        return [*(above.code for above in units.chain(unit)), NATION] if unit in units else [NATION]


_KEPT = (By.CATEGORY, By.POWIAT)
"""Tables that are kept unit by unit; the one by unit follows from any of them."""


def _table(sums: dict[str, Any], units: list[str], by: By) -> Table:
    if by is By.UNIT:
        return {unit: total(map(Tally.of_document, sums[unit][By.CATEGORY].values())) for unit in units}
    return merge({}, (_read(sums[unit][by]) for unit in units))


def _read(document: dict[str, Any]) -> Table:
    return {key: Tally.of_document(tally) for key, tally in document.items()}


def _document(table: Table) -> dict[str, Any]:
    return {key: tally.document() for key, tally in sorted(table.items())}


def _row(facts: tuple[str, str, str, str, str, str, str | None], took: Timing) -> Row:
    report, day, category, powiat, unit, status, source = facts
    return Row(
        report,
        day,
        category,
        powiat,
        unit,
        status,
        source,
        took.take_up,
        took.verification,
        took.elimination,
        int(took.late_take_up),
        int(took.late_verification),
        took.reopened,
    )


def _named(versions: Any) -> frozenset[str]:
    return frozenset(f"{name}-{version}" for name, version in versions.items())


def _hash(parts: Any) -> str:
    return digest(compact(parts))[:16]
