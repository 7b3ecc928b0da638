"""The night's patrol plans for the week that has begun: for every unit, and for those above it.

The reports are those before the week's Monday, as the kept state has them. A week's plans are made once, in the first
night that finds none; their folder is named by a hash of all that they follow from, so that a night that was cut off
writes the same bytes again. The pointer moves last. Plans name cases: only the interface of the police reads them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from chalicelib.domain.calendar import part_of, weekday
from chalicelib.domain.instance import Instance
from chalicelib.domain.report import Status
from chalicelib.domain.retention import Kept, goes_on
from chalicelib.domain.steps import OPEN
from chalicelib.hotspots.grid import name
from chalicelib.hotspots.indexes import ancestor_bits
from chalicelib.hotspots.patrol import (
    LEAST_REPORTS,
    REACH_DAYS,
    RESOLUTION,
    SLOTS,
    Counts,
    Forecast,
    forecast,
    ranked,
)
from chalicelib.services.countable import countable
from chalicelib.services.figures_files import NATION
from chalicelib.services.files import File, compact, digest, packed, put_all, verify
from chalicelib.services.plan_files import WEEKS, Made, Week, made, weeks
from chalicelib.services.state import State, Workshop
from chalicelib.services.sweep import Place
from chalicelib.store.objects import Objects, PointerMoved

MOST_ROWS = 30
"""Rows of a plan: more than any unit can look after in a week."""

MOST_REPORTS = 50
"""Reports that a row names, the newest; it says how many it counts."""

MOST_CATEGORIES = 3
RECENT_DAYS = 28

_RISING_LEAST = 4
_RISING_TIMES = 2

_KNOWN = """
CREATE OR REPLACE TEMP TABLE known AS
SELECT id, unit, area, category, reports.status AS status, date_diff('day', reports.day, $2) AS age,
    ((cell & CAST($3 AS UBIGINT)) | CAST($4 AS UBIGINT)) AS place, slots.slot AS slot
FROM read_parquet($1) AS reports
JOIN countable ON reports.status = countable.status AND reports.tier = countable.tier
    AND reports.reason IS NOT DISTINCT FROM countable.reason
LEFT JOIN slots ON slots.day = coalesce(reports.occurred_day, reports.day)
    AND slots.part IS NOT DISTINCT FROM reports.part
    AND slots.created IS NOT DISTINCT FROM (CASE WHEN reports.part IS NULL THEN reports.created END)
    AND slots.origin = reports.origin
WHERE reports.day < $2 AND reports.day >= $2 - CAST($5 AS INTEGER) AND unit IS NOT NULL AND cell IS NOT NULL
ORDER BY unit, place, reports.day, id
"""

_TIMES = """
SELECT DISTINCT coalesce(occurred_day, day), part, CASE WHEN part IS NULL THEN created END, origin
FROM read_parquet($1) WHERE day < $2 AND day >= $2 - CAST($3 AS INTEGER)
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """How many rows a night's plans have that it made, and the files that must stay."""

    rows: int
    kept: tuple[str, ...]

    def places(self, work: Objects) -> list[Place]:
        """Return what must stay of the plans' folders, for the sweep."""
        return [Place(work, WEEKS, frozenset(self.kept))]


def run(shop: Workshop, work: Objects, instance: Instance, state: State, day: date, code: str) -> Planned:
    """Make the plans of the week that holds `day`, unless it has some; `code` names the program.

    Raises:
        CorruptedError: a file did not read back as it was written; the week has no plans then.
    """
    week = Week.of(day)
    found = 0 if made(work, week) is not None else _Night(shop, work, instance, state, week, code).run()
    return Planned(found, tuple(_kept(work, week)))


def _kept(work: Objects, now: Week) -> Iterator[str]:
    """Yield the folders of the weeks that stay, and forget the others."""
    every = list(weeks(work))
    old = {week for week in every if goes_on(Kept.PLAN, Status.NEW, week.first) <= now.first}
    work.delete_many(week.key for week in old)
    yield from (standing.name for week in every if week not in old and (standing := made(work, week)) is not None)


@dataclass(frozen=True, slots=True)
class _Night:
    shop: Workshop
    work: Objects
    instance: Instance
    state: State
    week: Week
    code: str

    def run(self) -> int:
        since = self.week.first - timedelta(days=REACH_DAYS)
        until = self.week.first - timedelta(days=1)
        files = {
            month: file
            for month, file in self.state.months.items()
            if since.isoformat()[:7] <= month <= until.isoformat()[:7]
        }
        if not files or self.state.folded_at is None:
            return 0
        units = sorted((unit.code, unit.parent) for unit in self.instance.units)
        parts = [[file.sha256 for file in files.values()], str(self.week), units, self.code]
        version = digest(compact(parts))[:16]
        standing = Made(str(self.week), version, self.state.folded_at, since.isoformat(), until.isoformat())
        self._load([str(path) for path in self.shop.fetch(self.work, files).values()])
        plans = dict(self._plans())
        verify(self.work, put_all(self.work, self._files(standing, plans)))
        # Another night was faster: the first plan of a week stays.
        with suppress(PointerMoved):
            self.work.flip_pointer(self.week.key, standing.dump(), None)
        return sum(len(plan["rows"]) for plan in plans.values())

    def _load(self, paths: list[str]) -> None:
        """Make the table `known`: the reports that count, with their place, their age in days and their slot."""
        database, first = self.shop.database, self.week.first
        countable(self.shop, paths)
        database.execute(
            "CREATE OR REPLACE TEMP TABLE slots"
            " (day DATE, part VARCHAR, created TIMESTAMP, origin VARCHAR, slot INTEGER)"
        )
        times = database.execute(_TIMES, [paths, first, REACH_DAYS]).fetchall()
        if slots := [(*row, slot) for row in times if (slot := self._slot(*row)) is not None]:
            database.executemany("INSERT INTO slots VALUES ($1, $2, $3, $4, $5)", slots)
        kept, added = ancestor_bits(RESOLUTION)
        database.execute(_KNOWN, [paths, first, kept, added, REACH_DAYS])

    def _slot(self, day: date, part: str | None, created: datetime | None, origin: str) -> int | None:
        """Return the slot in which something was, by what was said of it, else by when it was reported."""
        if part is None:
            # An import without an hour is of no part of the day.
            if created is None or origin != "web":
                return None
            day, part = part_of(created.replace(tzinfo=UTC), self.instance.zone)
        return _NUMBER[weekday(day), part]

    def _plans(self) -> Iterator[tuple[str, dict[str, Any]]]:
        units = self.shop.database.execute("SELECT DISTINCT unit FROM known ORDER BY unit").fetchall()
        for (unit,) in units:
            yield unit, self._plan(unit)

    def _plan(self, unit: str) -> dict[str, Any]:
        found = self.shop.database.execute(
            "SELECT place, age, coalesce(slot, -1) AS slot FROM known WHERE unit = $1", [unit]
        ).fetchnumpy()
        places, inverse = np.unique(np.asarray(found["place"], dtype=np.uint64), return_inverse=True)
        ages, slots = np.asarray(found["age"], dtype=np.int64), np.asarray(found["slot"], dtype=np.int64)
        by_age = _counted(inverse, ages - 1, len(places), REACH_DAYS)
        known = slots >= 0
        told = forecast(by_age, _counted(inverse[known], slots[known], len(places), len(SLOTS)))
        expected = told.expected
        top = ranked(expected, places, by_age.sum(axis=1) >= LEAST_REPORTS, MOST_ROWS)
        details = self._details(unit, sorted({int(places[index // len(SLOTS)]) for index in top.tolist()}))
        rows = []
        for index in top.tolist():
            place, slot = divmod(index, len(SLOTS))
            rows.append(_row(told, place, slot, int(places[place]), details[int(places[place])]))
        return {"reports": len(ages), "expected": round(float(told.weekly.sum()), 2), "rows": rows}

    def _details(self, unit: str, places: list[int]) -> dict[int, list[tuple[Any, ...]]]:
        """Return the reports at some places, the newest first: id, area, category, status, age, slot."""
        found: dict[int, list[tuple[Any, ...]]] = {place: [] for place in places}
        rows = self.shop.database.execute(
            "SELECT place, id, area, category, status, age, slot FROM known"
            " WHERE unit = $1 AND place IN (SELECT unnest($2)) ORDER BY age, id",
            [unit, places],
        ).fetchall()
        for place, *row in rows:
            found[place].append(tuple(row))
        return found

    def _files(self, standing: Made, plans: Mapping[str, dict[str, Any]]) -> Iterator[File]:
        """Yield a plan for every unit that has some, and for those above: the largest rows of all that they see."""
        below: dict[str, list[str]] = {}
        units = self.instance.units
        for unit in plans:
            for scope in [*(above.code for above in units.chain(unit)), NATION] if unit in units else [NATION]:
                below.setdefault(scope, []).append(unit)
        for scope, members in sorted(below.items()):
            rows = [{"unit": unit, **row} for unit in members for row in plans[unit]["rows"]]
            rows.sort(key=lambda row: (-row["expected"], row["cell"], _NUMBER[row["day"], row["part"]]))
            document = {
                "reports": sum(plans[unit]["reports"] for unit in members),
                "expected": round(sum(plans[unit]["expected"] for unit in members), 2),
                "rows": rows[:MOST_ROWS],
            }
            if rows:
                yield packed(standing.key(None if scope == NATION else scope), compact(document))


_NUMBER: Mapping[tuple[int, str], int] = {(day, part.value): number for number, (day, part) in enumerate(SLOTS)}


def _counted(place: Any, column: Any, rows: int, columns: int) -> Counts:
    found: Counts = np.bincount(place * columns + column, minlength=rows * columns).reshape(rows, columns)
    return found


def _row(told: Forecast, place: int, slot: int, cell: int, reports: list[tuple[Any, ...]]) -> dict[str, Any]:
    """Return a row of a plan: a place in a slot, with the reports there, the newest first."""
    day, part = SLOTS[slot]
    expected = float(told.weekly[place] * told.shares[place, slot])
    low, high = told.interval(place, slot)
    categories = Counter(row[2] for row in reports)
    return {
        "cell": name(cell),
        "area": Counter(row[1] for row in reports).most_common(1)[0][0],
        "day": day,
        "part": part.value,
        "expected": round(expected, 3),
        "low": low,
        "high": high,
        "categories": [
            {"category": code, "expected": round(expected * number / len(reports), 3)}
            for code, number in sorted(categories.items(), key=lambda each: (-each[1], each[0]))[:MOST_CATEGORIES]
        ],
        "reasons": _reasons(reports, slot),
        "counted": len(reports),
        "reports": [row[0] for row in reports[:MOST_REPORTS]],
    }


def _reasons(reports: list[tuple[Any, ...]], slot: int) -> list[dict[str, Any]]:
    """Return what speaks for a place in a slot, each with its numbers, the strongest first."""
    ages, timed = [row[4] for row in reports], [row[5] for row in reports if row[5] is not None]
    recent = sum(age <= RECENT_DAYS for age in ages)
    before = sum(RECENT_DAYS < age <= 2 * RECENT_DAYS for age in ages)
    part = SLOTS[slot][1]
    found: list[dict[str, Any]] = [{"code": "reports", "count": len(ages), "days": REACH_DAYS}]
    if recent:
        found.append({"code": "recent", "count": recent, "days": RECENT_DAYS})
    if recent >= _RISING_LEAST and recent >= _RISING_TIMES * before:
        found.append({"code": "rising", "count": recent, "before": before, "days": RECENT_DAYS})
    if exact := sum(each == slot for each in timed):
        found.append({"code": "slot", "count": exact, "of": len(timed)})
    if same := sum(SLOTS[each][1] is part for each in timed):
        found.append({"code": "part", "count": same, "of": len(timed)})
    if unsolved := sum(Status(row[3]) in OPEN for row in reports):
        found.append({"code": "open", "count": unsolved})
    return found
