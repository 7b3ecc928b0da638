"""The statistics of a day: what `hotspots.analysis` finds in the kept state, category by category."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.visibility import Shown
from chalicelib.hotspots.analysis import Analysis, Reports, analyse
from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.expected import REACH_DAYS
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
    """The reports of ordinary categories of the last five years, m parallel elements.

    `cell` is of the region's resolution, `category` indexes the codes, `age` is in whole days, `source` a number or -1.
    """

    cell: Cells
    category: Column
    age: Column
    source: Column


def statistics(
    shop: Workshop, paths: Sequence[Path], catalogue: Catalogue, day: date, region: Region, codes: Sequence[str]
) -> dict[int, list[Found]]:
    """Return the statistics by resolution, from the region's on; those of a layer without reports are left out.

    They are of ordinary categories alone, and `ALL` is all of these: what is told of vulnerable ones is counts.
    """
    res = region.lattice.res
    past = _past(shop, paths, catalogue, day, codes, res)
    rows = region.rows(past.cell)
    if beyond := _beyond(shop, paths, np.unique(past.cell[rows < 0]), day, res):
        region = region.holding(beyond)
        rows = region.rows(past.cell)
    found = {}
    for coarser in [step for step in RESOLUTIONS if step <= res]:
        if coarser < res:
            region, up = region.coarser(coarser)
            rows = up[rows]
        found[coarser] = list(_layers(region, rows, past))
    return found


def _layers(region: Region, rows: Numbers, past: Past) -> Iterator[Found]:
    lattice, groups = region.lattice, region.compared
    # One sort cuts all categories out.
    order = np.argsort(past.category, kind="stable")
    bounds = np.searchsorted(past.category[order], np.arange(int(past.category.max(initial=-1)) + 2)).tolist()
    for layer in [ALL, *range(len(bounds) - 1)]:
        part = slice(None) if layer == ALL else order[bounds[layer] : bounds[layer + 1]]
        reports = Reports(rows[part], past.age[part], past.source[part])
        if len(reports.row):
            analysis = analyse(lattice, groups, reports)
            yield Found(layer, lattice.cells[analysis.rows], analysis)


def _past(
    shop: Workshop, paths: Sequence[Path], catalogue: Catalogue, day: date, codes: Sequence[str], res: int
) -> Past:
    if not paths:
        none = np.zeros(0, dtype=np.int64)
        return Past(none.astype(np.uint64), none, none, none)
    files = [str(path) for path in paths]
    verdicts(shop, files, catalogue, {Shown.EXACT})
    columns: Mapping[str, Column] = shop.database.execute(
        _PAST, [list(codes), files, day - timedelta(days=REACH_DAYS), day]
    ).fetchnumpy()
    cell, category, age, source = (np.asarray(columns[name]) for name in ("cell", "category", "age", "source"))
    return Past(parents(cell, res), category, age, source)


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


_PAST = """
WITH counted AS (
    SELECT cell, category, day, source FROM read_parquet($2) AS report
    WHERE day >= $3 AND day < $4 AND cell IS NOT NULL AND EXISTS (
        SELECT 1 FROM verdict
        WHERE verdict.category = report.category AND verdict.status = report.status
        AND verdict.reason IS NOT DISTINCT FROM report.reason
        AND verdict.tier = report.tier)
), named AS (
    SELECT source, row_number() OVER (ORDER BY source) - 1 AS number FROM (SELECT DISTINCT source FROM counted)
    WHERE source IS NOT NULL
)
SELECT cell, (list_position($1, category) - 1)::TINYINT AS category,
    (date_diff('day', day, $4) - 1)::SMALLINT AS age, coalesce(number, -1)::INTEGER AS source
FROM counted LEFT JOIN named USING (source)
"""

_BEYOND = """
SELECT beyond.cell, min(coalesce(report.area, '')) FROM read_parquet($1) AS report
JOIN beyond ON (report.cell & $2::UBIGINT) | $3::UBIGINT = beyond.cell
WHERE day >= $4 AND day < $5 GROUP BY ALL
"""
