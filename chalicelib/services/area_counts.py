"""Reports of ordinary categories by area: counts by month and status, patterns of the week, and how long cases took."""

# ruff: noqa: S608 - what is put into the SQL here are names of columns of the program itself.
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chalicelib.domain.areas import COUNTRY, parent
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.report import Status
from chalicelib.domain.visibility import Shown
from chalicelib.services.cells import counts as counts_of
from chalicelib.services.cells import verdicts
from chalicelib.services.state import Workshop

MONTHS = 60
"""How far back the tables go, the month of the last day counted included."""

PACE_MONTHS = 24
"""How far back areas tell how long cases of a month took."""

YEAR = 365
STATUSES = {
    "confirmed": (Status.CONFIRMED,),
    "passed_on": (Status.PASSED_ON,),
    "unconfirmed": (Status.UNCONFIRMED,),
    "eliminated": (Status.ELIMINATED,),
    "open": (Status.NEW, Status.VERIFYING),
}
"""The columns of statuses, each of which adds some up; together they are all that count."""

CLOSED = (Status.UNCONFIRMED, Status.ELIMINATED)
PARTS = ("morning", "afternoon", "evening", "night")
ALL = "all"

PACE = """count(*) AS reports, count(days) AS closed, count(*) FILTER (in_time) AS within_deadline,
    quantile_cont(days, 0.5) AS days_median, quantile_disc(days, 0.9) AS days_p90"""
"""How long cases took, in SQL over the table `counted`."""

Grid = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long cases took, whole days from acceptance to the end; the half and nine of ten by rank."""

    reports: int
    closed: int
    within_deadline: int
    days_median: float | None
    days_p90: int | None


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """What a build tells of areas of the lowest level, by their place in `areas`.

    `months` are `YYYY-MM`, `counts` (areas, codes, months, statuses), `week` (areas, codes, 7 days, 4 parts) of the
    last 365 days, `year` (areas, 2) the reports of the last 365 days and of the 365 before. `regions` are the areas
    above the others, `units` those of the reports: the table `counted` names both by their places.
    """

    areas: Sequence[str]
    regions: Sequence[str]
    units: Sequence[str]
    codes: Sequence[str]
    months: Sequence[str]
    counts: Grid
    week: Grid
    year: Grid


def months_until(last: date, number: int = MONTHS) -> list[str]:
    """Return months up to that of a day, the oldest first."""
    count = last.year * 12 + last.month - 1
    return [f"{each // 12:04d}-{each % 12 + 1:02d}" for each in range(count - number + 1, count + 1)]


def gather(shop: Workshop, paths: Sequence[Path], catalogue: Catalogue, day: date) -> AreaCounts:
    """Count the reports of the five years before `day`, and leave the table `counted` for `paces` behind."""
    codes = sorted(row.code for row in catalogue.categories.values() if counts_of(row) is Shown.EXACT)
    months = months_until(day - timedelta(days=1))
    files, database = [str(path) for path in paths], shop.database
    areas, regions, units = list[str](), list[str](), list[str]()
    if files:
        first = date.fromisoformat(f"{months[0]}-01")
        verdicts(shop, files, catalogue, {Shown.EXACT})
        areas, units = (_named(shop, name, [files, first, day]) for name in ("area", "unit"))
        limits = [catalogue.categories[code].take_up_days + catalogue.categories[code].verify_days for code in codes]
        regions = sorted({parent(area) or COUNTRY for area in areas})
        above = [regions.index(parent(area) or COUNTRY) for area in areas]
        names = [areas, above, units]
        database.execute(_COUNTED, [files, codes, *names, limits, list(PARTS), first, day, *_statuses()])
    else:
        database.execute(_NOTHING)
    shape = (len(areas), len(codes))
    return AreaCounts(
        areas,
        regions,
        units,
        codes,
        months,
        _grid(shop, "area, category, month, status", "status >= 0", (*shape, len(months), len(STATUSES))),
        _grid(
            shop, "area, category, weekday, part", "age < 365 AND weekday >= 0 AND part >= 0", (*shape, 7, len(PARTS))
        ),
        _grid(shop, "area, age // 365", "age < 730", (len(areas), 2)),
    )


def paces(shop: Workshop, by: Sequence[str], where: str = "true") -> Iterator[tuple[tuple[Any, ...], Pace]]:
    """Yield how long cases took, for each value of the columns `by` of what was gathered; None stands for all of one.

    `by` names columns, separated by commas, for each way in which the cases are put together.
    """
    names = list(dict.fromkeys(name for way in by for name in way.split(", ") if name))
    listed = ", ".join(names)
    ways = ", ".join(f"({way})" for way in by)
    query = f"SELECT {listed}, {PACE} FROM counted WHERE {where} GROUP BY GROUPING SETS ({ways}) ORDER BY {listed}"
    rows = shop.database.execute(query)
    while chunk := rows.fetchmany(20_000):
        for row in chunk:
            yield row[: len(names)], Pace(*row[len(names) :])


def _statuses() -> tuple[list[str], list[int], list[str]]:
    names = [str(status) for group in STATUSES.values() for status in group]
    numbers = [number for number, group in enumerate(STATUSES.values()) for _ in group]
    return names, numbers, [str(status) for status in CLOSED]


def _named(shop: Workshop, column: str, values: Sequence[Any]) -> list[str]:
    query = f"SELECT DISTINCT {column} FROM read_parquet($1) WHERE {column} IS NOT NULL AND day >= $2 AND day < $3"
    return sorted(row[0] for row in shop.database.execute(query, list(values)).fetchall())


def _grid(shop: Workshop, columns: str, where: str, shape: tuple[int, ...]) -> Grid:
    found: Mapping[str, npt.NDArray[Any]] = shop.database.execute(
        f"SELECT {columns}, count(*) AS number FROM counted WHERE {where} GROUP BY ALL"
    ).fetchnumpy()
    *places, number = (np.asarray(column, dtype=np.int64) for column in found.values())
    grid = np.zeros(shape, dtype=np.int64)
    grid[tuple(places)] = number
    return grid


_NOTHING = """
CREATE OR REPLACE TEMP TABLE counted (area SMALLINT, above SMALLINT, category TINYINT, month SMALLINT, status TINYINT,
    unit SMALLINT, age SMALLINT, weekday TINYINT, part TINYINT, days INTEGER, in_time BOOLEAN)
"""

_COUNTED = """
CREATE OR REPLACE TEMP TABLE counted AS
WITH places AS (
    SELECT unnest($3::VARCHAR[]) AS area, unnest($4::SMALLINT[]) AS above,
        generate_subscripts($3::VARCHAR[], 1) - 1 AS number
), desks AS (
    SELECT unnest($5::VARCHAR[]) AS unit, generate_subscripts($5::VARCHAR[], 1) - 1 AS desk
), told AS (
    SELECT *, list_position($2, category) AS code,
        CASE WHEN list_contains($12, status) THEN greatest(date_diff('day', day, resolved_day), 0) END AS days
    FROM read_parquet($1) AS report
    WHERE day >= $8 AND day < $9 AND EXISTS (
        SELECT 1 FROM verdict
        WHERE verdict.category = report.category AND verdict.status = report.status
        AND verdict.reason IS NOT DISTINCT FROM report.reason
        AND verdict.tier = report.tier)
)
SELECT number::SMALLINT AS area, above, (code - 1)::TINYINT AS category,
    date_diff('month', $8::DATE, day)::SMALLINT AS month,
    coalesce($11[list_position($10, status)], -1)::TINYINT AS status, desk::SMALLINT AS unit,
    (date_diff('day', day, $9::DATE) - 1)::SMALLINT AS age, (coalesce(isodow(occurred_day), 0) - 1)::TINYINT AS weekday,
    (coalesce(list_position($7, part), 0) - 1)::TINYINT AS part, days::INTEGER AS days, days <= $6[code] AS in_time
FROM told JOIN places USING (area) LEFT JOIN desks USING (unit)
"""
