"""Where to look for what is around a point: the cells and months of the index by place."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import datetime

import h3

from chalicelib.domain.location import OVERHANG, cell_at, metres
from chalicelib.store import keys

_UNEVEN = 0.1
"""Cells side by side differ in size by less than this share."""


def cells(lat: float, lon: float, radius_m: float) -> list[str]:
    """Return the index cells that can hold a report whose public place is within the radius."""
    around = h3.latlng_to_cell(lat, lon, keys.PLACE_RESOLUTION)
    return [str(cell) for cell in h3.grid_disk(around, 2) if _nearest(cell, lat, lon) <= radius_m]


def cells_of_exact(lat: float, lon: float, radius_m: float) -> list[str]:
    """Return the index cells that can hold a report whose exact place is within the radius: mostly one.

    A report is indexed under the ancestor of its finest cell, whose outline is not that of the finest cells in it.
    So the finest cells around are asked for their ancestor: some hundreds for 500 m.
    """
    centre = cell_at(lat, lon)
    shortest, longest = _corner(centre, min) * (1 - _UNEVEN), _corner(centre, max) * (1 + _UNEVEN)
    # Two points whose cells are k + 1 steps apart are at least 1.5 · edge · (k + 1) - 2 · edge from each other.
    finest = h3.grid_disk(centre, math.ceil((radius_m / shortest + 2) / 1.5))
    found = {keys.place(str(cell)) for cell in finest}
    if len(found) > 1:
        reach = radius_m + longest
        found = {keys.place(str(cell)) for cell in finest if metres(lat, lon, *h3.cell_to_latlng(cell)) <= reach}
    return sorted(found)


def months(oldest: datetime, newest: datetime) -> list[str]:
    """Return the months ``yyyy-mm`` (UTC) from one instant to another, oldest first."""
    first, last = keys.instant(oldest)[:7], keys.instant(newest)[:7]
    found = [first]
    while found[-1] < last:
        year, month = int(found[-1][:4]), int(found[-1][5:])
        found.append(f"{year + month // 12:04d}-{month % 12 + 1:02d}")
    return found


def _nearest(cell: str, lat: float, lon: float) -> float:
    """Return a lower bound of the distance from a point to any public place under a cell, in metres.

    A public place is the centre of a cell below this one, and those reach out of it by `OVERHANG`.
    """
    return metres(lat, lon, *h3.cell_to_latlng(cell)) - _corner(cell, max) * OVERHANG


def _corner(cell: str, which: Callable[[Iterable[float]], float]) -> float:
    """Return the distance from a cell's centre to its farthest (`max`) or nearest (`min`) corner, in metres."""
    centre = h3.cell_to_latlng(cell)
    return which(metres(*centre, *corner) for corner in h3.cell_to_boundary(cell))
