"""Where a report may be said to be: exact for the police, the centre of a cell for everyone else.

A cell is an H3 index (Uber's hexagonal grid) as its usual hexadecimal string.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import h3

from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.visibility import Shown, finest

EXACT_RESOLUTION = 11
"""Cells of about 29 m edge: a place is recognised, a window is not."""

COARSE_RESOLUTION = 8
"""Cells of about 530 m edge, for reports that could point at a vulnerable person."""

MICRO = 1_000_000
"""Coordinates are kept as whole millionths of a degree (about 0.1 m)."""

OVERHANG = 1.06
"""Descendants of a hexagon overhang its sides: their centres lie within (√3/√7) / (1 - 1/√7) = 1.053
of its radius, the sum of the steps from each centre to a child's, all in one direction."""

RESOLUTIONS = {Shown.EXACT: EXACT_RESOLUTION, Shown.COARSE: COARSE_RESOLUTION}
"""The cell that the public sees, by what the table of visibility shows; nothing else has a public place."""


@dataclass(frozen=True, slots=True)
class PublicLocation:
    """A place at public precision.

    The centre of `cell` in degrees (5 decimals).
    """

    lat: float
    lon: float
    cell: str

    @property
    def precision_m(self) -> int:
        """The distance in whole metres that the true place is at most away."""
        centre = h3.cell_to_latlng(self.cell)
        radius = max(h3.great_circle_distance(centre, corner, unit="m") for corner in h3.cell_to_boundary(self.cell))
        return math.ceil(float(radius) * OVERHANG)


def micro(degrees: float) -> int:
    """Return degrees as whole millionths."""
    return round(degrees * MICRO)


def degrees(micros: int) -> float:
    """Return whole millionths as degrees."""
    return micros / MICRO


def kept(coordinate: float) -> float:
    """Return degrees as they come back from the store: routing and cells are reckoned from these."""
    return degrees(micro(coordinate))


def cell_at(lat: float, lon: float) -> str:
    """Return the cell of the finest public resolution that holds a point."""
    return str(h3.latlng_to_cell(lat, lon, EXACT_RESOLUTION))


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance of two points, on a sphere of the Earth's mean radius."""
    return float(h3.great_circle_distance((lat, lon), (other_lat, other_lon), unit="m"))


def centre(cell: str) -> tuple[int, int]:
    """Return the centre of a cell in whole millionths of a degree."""
    lat, lon = h3.cell_to_latlng(cell)
    return micro(lat), micro(lon)


def public_location(cell: str, sensitivity: Sensitivity) -> PublicLocation | None:
    """Return what the public may know of a place, or None for a hidden one.

    `cell` is of the finest public resolution. Only the cell enters, never the point, so nothing
    finer can leak.
    """
    resolution = RESOLUTIONS.get(finest(sensitivity))
    if resolution is None:
        return None
    shown = str(h3.cell_to_parent(cell, resolution))
    lat, lon = h3.cell_to_latlng(shown)
    return PublicLocation(round(lat, 5), round(lon, 5), shown)
