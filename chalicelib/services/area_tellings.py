"""What is told of guarded categories by area and closed period, each number kept as it was told.

Hidden ones are in no cell: a powiat is told in steps of five. Vulnerable ones are reckoned from what is told of cells
and from nothing else: borders cut through cells, and whatever were counted anew, even in steps, would be a second
equation for whoever subtracts (ADR 29).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeAlias

import h3
import numpy as np

from chalicelib.domain.areas import COUNTRY, parent
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.visibility import SMALL_CELL, Shown
from chalicelib.hotspots.periods import DAYS, closed, first_day
from chalicelib.hotspots.region import Region
from chalicelib.services import tellings
from chalicelib.services.cells import counts, verdicts
from chalicelib.services.files import compact
from chalicelib.services.state import Workshop
from chalicelib.store.objects import Objects

KEY = "state/told_areas.json"
_HIDDEN = frozenset({Shown.AGGREGATE})

Told: TypeAlias = Mapping[int, Mapping[str, Mapping[str, int]]]
"""Period → category → area of any level → reports; what is not here is not told."""


def tell(
    shop: Workshop, work: Objects, paths: Sequence[Path], catalogue: Catalogue, day: date, land: Region | None
) -> Told:
    """Return all that is told by areas, what is told of cells included; `land` says which cells lie in which powiat."""
    secret = hidden(shop, work, paths, catalogue, day)
    open_ones = tellings.guarded(tellings.read(work)[0], catalogue)
    found: dict[int, dict[str, Mapping[str, int]]] = {}
    for period in sorted({*secret, *open_ones}):
        row: dict[str, Mapping[str, int]] = {code: sums(areas) for code, areas in secret.get(period, {}).items()}
        for code, cells in open_ones.get(period, {}).items():
            row[code] = {**sums(powiats(cells, land)), COUNTRY: cells[tellings.COUNTRY]}
        found[period] = row
    return found


def powiats(cells: Mapping[str, int], land: Region | None) -> dict[str, int]:
    """Lay what is told of cells to the powiats at their centres, each report by the finest cell that tells it."""
    if land is None:
        return {}
    own = {cell: number for cell, number in cells.items() if cell != tellings.COUNTRY}
    for cell in list(own):
        above = h3.cell_to_parent(cell, h3.get_resolution(cell) - 1)
        if above in own:
            own[above] -= cells[cell]
    res, found = h3.get_resolution(f"{int(land.cells[0]):x}"), Counter[str]()
    for cell, number in own.items():
        finer = h3.get_resolution(cell) <= res
        at = h3.cell_to_center_child(cell, res) if finer else h3.cell_to_parent(cell, res)
        (row,) = land.rows(np.array([int(at, 16)], dtype=np.uint64))
        if number and row >= 0:
            found[land.names[land.groups[row]]] += number
    return dict(found)


def hidden(shop: Workshop, work: Objects, paths: Sequence[Path], catalogue: Catalogue, day: date) -> Told:
    """Return all that is told of hidden categories by powiat, and keep what is told for the first time.

    Once something of a category is told of a period, it is told for ever as it was then. Categories that are not
    hidden any more are left out.

    Raises:
        PointerMoved: another run was faster; nothing was published.
    """
    pointer = work.read_pointer(KEY)
    known = {} if pointer is None else {int(period): row for period, row in json.loads(pointer.body).items()}
    codes = sorted(row.code for row in catalogue.categories.values() if counts(row) in _HIDDEN)
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
    verdicts(shop, files, catalogue, _HIDDEN)
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
