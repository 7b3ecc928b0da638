"""From the kept state to the counts of one day: which reports count, and where."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chalicelib.domain import visibility
from chalicelib.domain.catalogue import Catalogue, Category
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.visibility import Shown, Surface, finest
from chalicelib.hotspots.counts import WINDOWS, Counts, Flags, Numbers, pyramid
from chalicelib.hotspots.grid import Cells
from chalicelib.hotspots.indexes import RESOLUTIONS
from chalicelib.hotspots.periods import DAYS, first_day
from chalicelib.hotspots.tiles import Layer, layer
from chalicelib.services.conservation import NotConservedError
from chalicelib.services.state import Workshop
from chalicelib.services.tellings import Tellings, country, levels, tell

_YEAR, _RECENT = WINDOWS["365d"], WINDOWS["28d"]


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of ordinary categories that count on a day, as parallel columns.

    `codes` are the categories that may be in a cell, vulnerable ones too; `category` indexes them. `cell` is of
    resolution 11, `recent` tells whether a report is in the shorter window, `source` is the number of the named source,
    -1 for a report that is a source of its own.
    """

    codes: Sequence[str]
    cell: Cells
    category: Numbers
    recent: Flags
    source: Numbers


@dataclass(frozen=True, slots=True)
class Totals:
    """Reports in the whole country, hidden categories and what must not be told left out.

    `ordinary` are those of `year` whose category is ordinary: the sum of each resolution, and of all areas.
    """

    year: int
    recent: int
    ordinary: int


def counting(shop: Workshop, paths: Sequence[Path], catalogue: Catalogue, day: date) -> Reports:
    """Return the reports of ordinary categories that count on `day`: those of the 365 days before it.

    A category that the catalogue does not know counts as hidden.
    """
    codes = sorted(row.code for row in catalogue.categories.values() if counts(row) is not Shown.AGGREGATE)
    if not paths:
        none = np.zeros(0, dtype=np.int64)
        return Reports(codes, none.astype(np.uint64), none, none.astype(np.bool_), none)
    files = [str(path) for path in paths]
    verdicts(shop, files, catalogue, {Shown.EXACT})
    columns: dict[str, npt.NDArray[Any]] = shop.database.execute(
        _COUNTED, [codes, files, day - timedelta(days=_YEAR), day - timedelta(days=_RECENT), day]
    ).fetchnumpy()
    return Reports(
        codes,
        np.asarray(columns["cell"], dtype=np.uint64),
        np.asarray(columns["category"], dtype=np.int64),
        np.asarray(columns["recent"], dtype=np.bool_),
        np.asarray(columns["source"], dtype=np.int64),
    )


def telling(shop: Workshop, paths: Sequence[Path], catalogue: Catalogue, periods: range, known: Tellings) -> Tellings:
    """Return what is told of vulnerable categories in `periods`: what is `known` of them, else what may be told now.

    Once something of a category is told of a period, it is told for ever as it was then: whoever subtracts one build
    from another must not see what has become of one report since. A period of which nothing could be told stays open.
    """
    codes = sorted(row.code for row in catalogue.categories.values() if counts(row) is Shown.COARSE)
    told = {period: dict(known.get(period, {})) for period in periods}
    open_ones = [period for period in periods if any(code not in told[period] for code in codes)]
    if not paths or not open_ones:
        return told
    files = [str(path) for path in paths]
    verdicts(shop, files, catalogue, {Shown.COARSE})
    columns: dict[str, npt.NDArray[Any]] = shop.database.execute(
        _TOLD, [codes, files, first_day(open_ones[0]), first_day(periods.stop), DAYS]
    ).fetchnumpy()
    cell, category, number = (
        np.asarray(columns[name], dtype=kind)
        for name, kind in (("cell", np.uint64), ("category", np.int64), ("period", np.int64))
    )
    for period in open_ones:
        inside = number == period
        told[period] = tell(cell[inside], category[inside], codes) | told[period]
    return told


def verdicts(shop: Workshop, files: Sequence[str], catalogue: Catalogue, wanted: AbstractSet[Shown]) -> None:
    """Make the table `verdict`: the kinds of reports that count, of those categories whose counts are `wanted`."""
    codes = [row.code for row in catalogue.categories.values() if counts(row) in wanted]
    database = shop.database
    found = database.execute(
        "SELECT DISTINCT category, status, reason, tier FROM read_parquet($1) WHERE list_contains($2, category)",
        [files, codes],
    ).fetchall()
    database.execute(
        "CREATE OR REPLACE TEMP TABLE verdict (category VARCHAR, status VARCHAR, reason VARCHAR, tier INTEGER)"
    )
    for code, status, reason, tier in found:
        shown = visibility.told(catalogue.categories[code], Status(status), Tier(tier), reason, Surface.COUNT)
        if shown is not Shown.NEVER:
            database.execute("INSERT INTO verdict VALUES (?, ?, ?, ?)", [code, status, reason, tier])


_TOLD = """
SELECT cell, list_position($1, category) - 1 AS category, date_diff('day', DATE '0001-01-01', day) // $5 AS period
FROM read_parquet($2) AS report
WHERE day >= $3 AND day < $4 AND cell IS NOT NULL AND EXISTS (
    SELECT 1 FROM verdict
    WHERE verdict.category = report.category AND verdict.status = report.status
    AND verdict.reason IS NOT DISTINCT FROM report.reason
    AND verdict.tier = report.tier)
"""

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


_COUNTING = """
FROM read_parquet($1) AS report
WHERE day >= $2 AND day < $3 AND EXISTS (
    SELECT 1 FROM verdict
    WHERE verdict.category = report.category AND verdict.status = report.status
    AND verdict.reason IS NOT DISTINCT FROM report.reason
    AND verdict.tier = report.tier)
"""


def layers(reports: Reports, told: Tellings) -> tuple[list[Layer], Totals]:
    """Return what may be published at each resolution, the coarsest first, and the totals of the country.

    Of vulnerable categories these are sums of what is told of single periods, and nothing else.

    Raises:
        NotConservedError: a resolution lost reports.
    """
    found = []
    for level in pyramid(reports.cell, reports.category, reports.recent, RESOLUTIONS)[::-1]:
        if int(level.year.sum()) != len(reports.cell) or int(level.recent.sum()) != int(reports.recent.sum()):
            raise NotConservedError(f"cells {level.res}")
        found.append(_with(level, levels(told, reports.codes, level.res)))
    year, recent = country(told)
    return found, Totals(len(reports.cell) + year, int(reports.recent.sum()) + recent, len(reports.cell))


def counts(category: Category) -> Shown:
    """Return how exactly the counts of a category are told."""
    return finest(category.sensitivity, Surface.COUNT)


def _with(level: Counts, guarded: Counts) -> Layer:
    """Return the layer of two sets of counts that have no category in common."""
    columns = [
        np.concatenate([getattr(level, name), getattr(guarded, name)])
        for name in ("cell", "category", "year", "recent")
    ]
    tells = np.concatenate([np.ones(len(level.cell), dtype=np.bool_), guarded.recent > 0])
    order = np.lexsort((columns[1], columns[0]))
    return layer(Counts(level.res, *(column[order] for column in columns)), tells[order])


def without_area(shop: Workshop, paths: Sequence[Path], catalogue: Catalogue, day: date) -> int:
    """Return how many of the reports of ordinary categories that count on `day` no area has."""
    files = [str(path) for path in paths]
    verdicts(shop, files, catalogue, {Shown.EXACT})
    query = f"SELECT count(*) {_COUNTING} AND area IS NULL"
    ((number,),) = shop.database.execute(query, [files, day - timedelta(days=_YEAR), day]).fetchall()
    return int(number)
