"""What has been told of guarded categories by area: in steps of five for each closed period, and kept as it was told.

Borders of powiats cut through cells. A powiat's exact count less the cells in it would tell how few are left, so no
exact count is told: of a number that is 0, 5, 10 and so on nobody ever knows that what is left is 1 to 4.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

from chalicelib.domain.areas import parent
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.visibility import SMALL_CELL, Shown
from chalicelib.hotspots.periods import DAYS, closed, first_day
from chalicelib.services.cells import counts, verdicts
from chalicelib.services.files import compact
from chalicelib.services.state import Workshop
from chalicelib.store.objects import Objects

KEY = "state/told_areas.json"
GUARDED = frozenset({Shown.COARSE, Shown.AGGREGATE})

Told: TypeAlias = Mapping[int, Mapping[str, Mapping[str, int]]]
"""Period → category → area of the lowest level → reports, in steps of `SMALL_CELL`; what is not here is not told."""


def tell(shop: Workshop, work: Objects, paths: Sequence[Path], catalogue: Catalogue, day: date) -> Told:
    """Return all that is told by areas, and keep what is told for the first time.

    Once something of a category is told of a period, it is told for ever as it was then. Categories that are not
    guarded any more are left out.

    Raises:
        PointerMoved: another run was faster; nothing was published.
    """
    pointer = work.read_pointer(KEY)
    known = {} if pointer is None else {int(period): row for period, row in json.loads(pointer.body).items()}
    codes = sorted(row.code for row in catalogue.categories.values() if counts(row) in GUARDED)
    told = dict(known)
    for period, row in _counted(shop, paths, catalogue, codes, closed(day)).items():
        fresh = {code: areas for code, areas in row.items() if code not in known.get(period, {})}
        told[period] = {**known.get(period, {}), **fresh}
    if told != known:
        body = compact({str(period): told[period] for period in sorted(told)})
        work.flip_pointer(KEY, body, None if pointer is None else pointer.etag)
    return {period: {code: row[code] for code in codes if code in row} for period, row in sorted(told.items())}


def sums(areas: Mapping[str, int]) -> dict[str, int]:
    """Return what is told of areas with those above them, which are the sums of what is told, and nothing else."""
    found = dict(areas)
    for area, number in areas.items():
        for above in _above(area):
            found[above] = found.get(above, 0) + number
    return found


def _above(area: str) -> Iterable[str]:
    above = parent(area)
    while above is not None:
        yield above
        above = parent(above)


def _counted(
    shop: Workshop, paths: Sequence[Path], catalogue: Catalogue, codes: Sequence[str], periods: range
) -> dict[int, dict[str, dict[str, int]]]:
    found: dict[int, dict[str, dict[str, int]]] = {}
    if not paths or not codes:
        return found
    files = [str(path) for path in paths]
    verdicts(shop, files, catalogue, GUARDED)
    rows = shop.database.execute(
        _COUNTED, [files, first_day(periods.start), first_day(periods.stop), DAYS, list(codes), SMALL_CELL]
    ).fetchall()
    for period, code, area, number in rows:
        found.setdefault(period, {}).setdefault(code, {})[area] = number
    return found


_COUNTED = """
SELECT date_diff('day', DATE '0001-01-01', day) // $4 AS period, category, area, count(*) // $6 * $6 AS number
FROM read_parquet($1) AS report
WHERE day >= $2 AND day < $3 AND area IS NOT NULL AND list_contains($5, category) AND EXISTS (
    SELECT 1 FROM verdict
    WHERE verdict.category = report.category AND verdict.status = report.status
    AND verdict.reason IS NOT DISTINCT FROM report.reason
    AND verdict.tier = report.tier)
GROUP BY ALL HAVING count(*) >= $6 ORDER BY ALL
"""
