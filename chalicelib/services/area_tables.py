"""The tables of areas and of response times, for analysts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import numpy as np

from chalicelib.domain.areas import COUNTRY, level, parent
from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.periods import DAYS, first_day
from chalicelib.services.area_counts import ALL, PACE, STATUSES, AreaCounts, Grid
from chalicelib.services.area_tellings import Told
from chalicelib.services.row_table import table_of
from chalicelib.services.state import Workshop
from chalicelib.services.table_export import Export, export_table

AREA_COLUMNS = {
    "level": "VARCHAR",
    "teryt": "VARCHAR",
    "name": "VARCHAR",
    "category": "VARCHAR",
    "first_day": "DATE",
    "last_day": "DATE",
    "reports": "BIGINT",
    "confirmed": "BIGINT",
    "passed_on": "BIGINT",
    "unconfirmed": "BIGINT",
    "eliminated": "BIGINT",
    "open": "BIGINT",
    "population": "BIGINT",
    "per_1000": "DOUBLE",
}
"""Columns of the table of areas, in their public order."""

RESPONSE_COLUMNS = {
    "unit": "VARCHAR",
    "name": "VARCHAR",
    "category": "VARCHAR",
    "month": "VARCHAR",
    "reports": "BIGINT",
    "open": "BIGINT",
    "closed": "BIGINT",
    "within_deadline": "BIGINT",
    "days_median": "DOUBLE",
    "days_p90": "DOUBLE",
}
"""Columns of the table of response times, in their public order."""


def with_above(found: AreaCounts, grid: Grid) -> dict[str, Grid]:
    """Return a part of the counts of each area and of all above, and of all categories put together as the last."""
    sums_of: dict[str, Grid] = {COUNTRY: np.zeros_like(grid[0])} if len(grid) else {}
    for area, counts in zip(found.areas, grid, strict=True):
        sums_of[area] = counts
        above = parent(area)
        while above is not None:
            sums_of[above] = sums_of.get(above, 0) + counts
            above = parent(above)
    return {area: np.concatenate([counts, counts.sum(axis=0, keepdims=True)]) for area, counts in sums_of.items()}


def areas_table(
    shop: Workshop, found: AreaCounts, told: Told, names: Mapping[str, str], people: Mapping[str, int], day: date
) -> Export:
    """Return the table of areas of a build of `day`; `names` and `people` (inhabitants) are by code."""
    grids = with_above(found, found.counts)
    codes = sorted(grids, key=lambda area: (("country", "voivodeship", "powiat").index(level(area)), area))
    columns = [_of_area(number, grids[area]) for number, area in enumerate(codes)]
    listed = [np.concatenate(column) for column in zip(*columns, strict=True)] if columns else []
    months = [date.fromisoformat(f"{month}-01") for month in found.months]
    ends = [*(month - timedelta(days=1) for month in months[1:]), day - timedelta(days=1)]
    database, types = shop.database, ", ".join(f"{name} {kind}" for name, kind in AREA_COLUMNS.items())
    database.execute(f"CREATE OR REPLACE TEMP TABLE areas ({types})")
    if listed:
        database.register("part", dict(zip(("area", "category", "month", "reports", *STATUSES), listed, strict=True)))
        labels = [[level(area) for area in codes], [None if area == COUNTRY else area for area in codes]]
        words, counted = [names.get(area, area) for area in codes], [people.get(area) for area in codes]
        database.execute(_AREAS, [*labels, words, [*found.codes, ALL], months, ends, counted])
        database.unregister("part")
    table_of(database, "guarded", AREA_COLUMNS, _guarded(told, names, people, months[0]))
    database.execute("INSERT INTO areas FROM guarded")
    return export_table(database, shop.folder, "areas", AREA_COLUMNS)


def responses_table(shop: Workshop, found: AreaCounts, names: Mapping[str, str]) -> Export:
    """Return the table of response times of what was gathered; `names` are those of units by code."""
    shop.database.execute(_PACES)
    for month in range(len(found.months)):
        # Ranks take every value of a group into memory: of one month at a time, that of five years would be too much.
        shop.database.execute(_PACED, [month])
    called = [names.get(unit, unit) for unit in found.units]
    shop.database.execute(_RESPONSES, [list(found.units), called, [*found.codes], list(found.months)])
    return export_table(shop.database, shop.folder, "responses", RESPONSE_COLUMNS)


def _of_area(number: int, grid: Grid) -> tuple[Numbers, ...]:
    """Return the columns of one area: area, category, month, reports, and the statuses."""
    reports = grid.sum(axis=2)
    category, month = np.nonzero(reports)
    statuses = grid[category, month]
    return (np.full(len(category), number), category, month, reports[category, month], *statuses.T)


def _guarded(
    told: Told, names: Mapping[str, str], people: Mapping[str, int], since: date
) -> Iterator[tuple[object, ...]]:
    for period, row in told.items():
        first = first_day(period)
        if first < since:
            continue
        last = first + timedelta(days=DAYS - 1)
        for code, areas in row.items():
            for area, number in sorted(areas.items()):
                known = people.get(area)
                rate = None if known is None else round(number * 1000 / known, 2)
                teryt = None if area == COUNTRY else area
                what = (level(area), teryt, names.get(area, area), code, first, last, number)
                yield (*what, None, None, None, None, None, known, rate)


_AREAS = """
INSERT INTO areas
SELECT $1[area + 1], $2[area + 1], $3[area + 1], $4[category + 1], $5[month + 1], $6[month + 1], reports,
    confirmed, passed_on, unconfirmed, eliminated, open, $7[area + 1], round(reports * 1000.0 / $7[area + 1], 2)
FROM part ORDER BY area, category, month
"""

_PACES = """
CREATE OR REPLACE TEMP TABLE paces (unit SMALLINT, month SMALLINT, category TINYINT, reports BIGINT, closed BIGINT,
    within_deadline BIGINT, days_median DOUBLE, days_p90 DOUBLE)
"""

_PACED = f"""
INSERT INTO paces SELECT unit, month, category, {PACE} FROM counted WHERE unit IS NOT NULL AND month = $1
GROUP BY GROUPING SETS ((unit, month, category), (unit, month))
"""  # noqa: S608 - names of the program itself

_RESPONSES = f"""
CREATE OR REPLACE TEMP TABLE responses AS
SELECT $1[unit + 1] AS unit, $2[unit + 1] AS name, coalesce($3[category + 1], '{ALL}') AS category,
    $4[month + 1] AS month, reports, reports - closed AS open, closed, within_deadline, days_median, days_p90
FROM paces ORDER BY unit, month, category
"""  # noqa: S608 - names of the program itself
