"""From the kept state to the counts of one day: which reports count, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chalicelib.domain.catalogue import Catalogue, Category
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.visibility import Shown, Surface, finest, told
from chalicelib.hotspots import privacy
from chalicelib.hotspots.counts import WINDOWS, Counts, Flags, Numbers, pyramid
from chalicelib.hotspots.grid import RESOLUTIONS, Cells
from chalicelib.hotspots.tiles import Layer, layer
from chalicelib.services.state import Workshop

_YEAR, _RECENT = WINDOWS["365d"], WINDOWS["28d"]


class NotConservedError(Exception):
    """The counts of two resolutions differ: something was lost or counted twice."""


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports that count on a day, as parallel columns.

    `cell` is of resolution 11, `category` indexes `codes`, `recent` tells whether a report is in the shorter
    window, `source` is the number of the named source, -1 for a report that is a source of its own.
    """

    codes: Sequence[str]
    cell: Cells
    category: Numbers
    recent: Flags
    source: Numbers


@dataclass(frozen=True, slots=True)
class Totals:
    """Reports in the whole country, hidden categories and what must not be told left out."""

    year: int
    recent: int


def counting(shop: Workshop, paths: Sequence[Path], catalogue: Catalogue, day: date) -> Reports:
    """Return the reports that count on `day`: those of the 365 days before it, hidden categories left out.

    A category that the catalogue does not know counts as hidden.
    """
    codes = sorted(row.code for row in catalogue.categories.values() if _counts(row) is not Shown.AGGREGATE)
    if not paths:
        none = np.zeros(0, dtype=np.int64)
        return Reports(codes, none.astype(np.uint64), none, none.astype(np.bool_), none)
    database = shop.database
    files = [str(path) for path in paths]
    verdicts = database.execute(
        "SELECT DISTINCT category, status, reason, tier FROM read_parquet($1) WHERE list_contains($2, category)",
        [files, codes],
    ).fetchall()
    database.execute(
        "CREATE OR REPLACE TEMP TABLE verdict (category VARCHAR, status VARCHAR, reason VARCHAR, tier INTEGER)"
    )
    for code, status, reason, tier in verdicts:
        shown = told(catalogue.categories[code], Status(status), Tier(tier), reason, Surface.COUNT)
        if shown is not Shown.NEVER:
            database.execute("INSERT INTO verdict VALUES (?, ?, ?, ?)", [code, status, reason, tier])
    columns: dict[str, npt.NDArray[Any]] = database.execute(
        _COUNTED, [codes, files, day - timedelta(days=_YEAR), day - timedelta(days=_RECENT), day]
    ).fetchnumpy()
    return Reports(
        codes,
        np.asarray(columns["cell"], dtype=np.uint64),
        np.asarray(columns["category"], dtype=np.int64),
        np.asarray(columns["recent"], dtype=np.bool_),
        np.asarray(columns["source"], dtype=np.int64),
    )


_COUNTED = """
WITH counted AS (
    SELECT cell, list_position($1, category) - 1 AS category, day >= $4 AS recent, source
    FROM read_parquet($2) AS report
    WHERE day >= $3 AND day < $5 AND EXISTS (
        SELECT 1 FROM verdict
        WHERE verdict.category = report.category AND verdict.status = report.status
        AND verdict.reason IS NOT DISTINCT FROM report.reason
        AND verdict.tier = report.tier)
), named AS (
    SELECT source, row_number() OVER (ORDER BY source) - 1 AS number FROM (SELECT DISTINCT source FROM counted)
    WHERE source IS NOT NULL
)
SELECT cell, category, recent, coalesce(number, -1) AS source
FROM counted LEFT JOIN named USING (source) WHERE category IS NOT NULL
"""


def layers(reports: Reports, catalogue: Catalogue) -> tuple[list[Layer], Totals]:
    """Return what may be published at each resolution, the coarsest first, and the totals of the country.

    Raises:
        NotConservedError: a resolution lost reports.
    """
    levels = pyramid(reports.cell, reports.category, reports.recent, RESOLUTIONS)[::-1]
    for level in levels:
        if int(level.year.sum()) != len(reports.cell) or int(level.recent.sum()) != int(reports.recent.sum()):
            raise NotConservedError(f"resolution {level.res}")
    guarded = np.array([_counts(catalogue.categories[code]) is Shown.COARSE for code in reports.codes])
    vulnerable = [guarded[level.category] for level in levels]
    inner = [level.where(mask) for level, mask in zip(levels, vulnerable, strict=True)]
    year = privacy.shown(inner, "year")
    recent = privacy.shown(inner, "recent", within=year)
    found = []
    for level, mask, shown_year, shown_recent in zip(levels, vulnerable, year, recent, strict=True):
        keep, tell = ~mask, ~mask
        keep[mask], tell[mask] = shown_year, shown_recent
        found.append(layer(level.where(keep), tell[keep]))
    return found, _totals(levels[0], vulnerable[0])


def _counts(category: Category) -> Shown:
    return finest(category.sensitivity, Surface.COUNT)


def _totals(coarsest: Counts, vulnerable: Flags) -> Totals:
    open_rows, inner = coarsest.where(~vulnerable), coarsest.where(vulnerable)
    told = [np.isin(inner.category, privacy.country_shown(inner, column)) for column in ("year", "recent")]
    return Totals(
        int(open_rows.year.sum() + inner.year[told[0]].sum()),
        int(open_rows.recent.sum() + inner.recent[told[1]].sum()),
    )
