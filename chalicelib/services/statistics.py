"""The statistics of a day: what `hotspots.analysis` finds in the kept state, category by category."""

# ruff: noqa: S608 - what is put into the SQL here is SQL of this module.
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.visibility import Shown
from chalicelib.hotspots.analysis import LOOK_BACK_DAYS, Analysis, Reports, analyse
from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.expected import HALF_LIFE_DAYS, REACH_DAYS, UNIT, weights
from chalicelib.hotspots.grid import Cells, parents
from chalicelib.hotspots.indexes import RESOLUTIONS, ancestor_bits
from chalicelib.hotspots.region import Region
from chalicelib.hotspots.scores import ALL
from chalicelib.services.cells import verdicts
from chalicelib.services.state import Workshop

Column: TypeAlias = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Found:
    """The statistics of one layer: `ALL` or the index of a category, the cells that have some, ascending, and those."""

    layer: int
    cells: Cells
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Past:
    """The reports of ordinary categories of the last `LOOK_BACK_DAYS`, m parallel elements.

    `cell` is of the region's resolution, `category` indexes the codes, `age` is in whole days, `source` a number or -1.
    """

    cell: Cells
    category: Column
    age: Column
    source: Column


@dataclass(frozen=True, slots=True)
class Lasting:
    """The reports of five years, decayed: one element for each cell and category that has any.

    `cell` and `category` are as those of `Past`, `weight` is in units of `expected.UNIT`.
    """

    cell: Cells
    category: Column
    weight: Column


def statistics(
    shop: Workshop, paths: Sequence[Path], catalogue: Catalogue, day: date, region: Region, codes: Sequence[str]
) -> dict[int, list[Found]]:
    """Return the statistics by resolution, from the region's on; those of a layer without reports are left out.

    They are of ordinary categories alone, and `ALL` is all of these: what is told of vulnerable ones is counts.
    """
    res = region.lattice.res
    past, lasting = _past(shop, paths, catalogue, day, codes, res)
    if beyond := _beyond(shop, paths, np.unique(lasting.cell[region.rows(lasting.cell) < 0]), day, res):
        region = region.holding(beyond)
    rows, lasting_rows = region.rows(past.cell), region.rows(lasting.cell)
    found = {}
    for coarser in [step for step in RESOLUTIONS if step <= res]:
        if coarser < res:
            region, up = region.coarser(coarser)
            rows, lasting_rows = up[rows], up[lasting_rows]
        found[coarser] = list(_layers(region, (rows, past), (lasting_rows, lasting)))
    return found


def _layers(region: Region, past: tuple[Numbers, Past], lasting: tuple[Numbers, Lasting]) -> Iterator[Found]:
    lattice, groups, (rows, reports), (places, decayed) = region.lattice, region.compared, past, lasting
    parts, weights = _cut(reports.category), _cut(decayed.category)
    for layer in [ALL, *sorted(set(parts) - {ALL})]:
        part, weight = parts[layer], weights[layer]
        inside = Reports(rows[part], reports.age[part], reports.source[part])
        if len(inside.row):
            units = np.bincount(places[weight], weights=decayed.weight[weight], minlength=lattice.size)
            analysis = analyse(lattice, groups, inside, (units * UNIT).astype(np.float64))
            yield Found(layer, lattice.cells[analysis.rows], analysis)


def _cut(category: Column) -> dict[int, Any]:
    """Return by layer what takes its elements out of columns: `ALL` takes every one."""
    # One sort cuts all categories out.
    order = np.argsort(category, kind="stable")
    bounds = np.searchsorted(category[order], np.arange(int(category.max(initial=-1)) + 2)).tolist()
    return {ALL: slice(None), **{code: order[slice(*ends)] for code, ends in enumerate(pairwise(bounds))}}


def _past(
    shop: Workshop, paths: Sequence[Path], catalogue: Catalogue, day: date, codes: Sequence[str], res: int
) -> tuple[Past, Lasting]:
    if not paths:
        none = np.zeros(0, dtype=np.int64)
        cells = none.astype(np.uint64)
        return Past(cells, none, none, none), Lasting(cells, none, none)
    files = [str(path) for path in paths]
    verdicts(shop, files, catalogue, {Shown.EXACT})
    first, recent = day - timedelta(days=REACH_DAYS), day - timedelta(days=LOOK_BACK_DAYS)
    past = _columns(shop, _PAST, [list(codes), files, recent, day])
    weight = weights(REACH_DAYS, HALF_LIFE_DAYS).tolist()
    lasting = _columns(shop, _LASTING, [list(codes), files, first, day, weight, *ancestor_bits(res)])
    return (
        Past(parents(past["cell"], res), past["category"], past["age"], past["source"]),
        Lasting(lasting["cell"], lasting["category"], lasting["weight"]),
    )


def _columns(shop: Workshop, query: str, values: list[Any]) -> dict[str, Column]:
    found = shop.database.execute(query, values).fetchnumpy()
    return {name: np.asarray(column) for name, column in found.items()}


def _beyond(shop: Workshop, paths: Sequence[Path], cells: Cells, day: date, res: int) -> Mapping[int, str]:
    """Return cells with reports, each with the first of the areas of its reports."""
    if not len(cells):
        return {}
    kept, added = ancestor_bits(res)
    first, files = day - timedelta(days=REACH_DAYS), [str(path) for path in paths]
    with shop.database.cursor() as cursor:
        cursor.register("beyond", {"cell": cells})
        rows = cursor.execute(_BEYOND, [files, kept, added, first, day]).fetchall()
    return dict(rows)


_COUNTED = """
SELECT report.cell, verdict.number AS category, date_diff('day', day, $4) - 1 AS age, source
FROM read_parquet($2) AS report
JOIN (SELECT *, (list_position($1, category) - 1)::TINYINT AS number FROM verdict) AS verdict
ON verdict.category = report.category AND verdict.status = report.status
AND verdict.reason IS NOT DISTINCT FROM report.reason AND verdict.tier = report.tier
WHERE day >= $3 AND day < $4 AND cell IS NOT NULL
"""

_PAST = f"""
WITH counted AS ({_COUNTED}), named AS (
    SELECT source, row_number() OVER (ORDER BY source) - 1 AS number FROM (SELECT DISTINCT source FROM counted)
    WHERE source IS NOT NULL
)
SELECT cell, category, age::SMALLINT AS age, coalesce(number, -1)::INTEGER AS source
FROM counted LEFT JOIN named USING (source)
"""

# Sums of whole numbers: in whatever order they are made, they are the same.
_LASTING = f"""
WITH counted AS ({_COUNTED}), decay AS (SELECT unnest($5) AS weight, generate_subscripts($5, 1) - 1 AS age)
SELECT (cell & $6::UBIGINT) | $7::UBIGINT AS cell, category, sum(weight)::DOUBLE AS weight
FROM counted JOIN decay USING (age) GROUP BY ALL
"""

_BEYOND = """
SELECT beyond.cell, min(coalesce(report.area, '')) FROM read_parquet($1) AS report
JOIN beyond ON (report.cell & $2::UBIGINT) | $3::UBIGINT = beyond.cell
WHERE day >= $4 AND day < $5 GROUP BY ALL
"""
