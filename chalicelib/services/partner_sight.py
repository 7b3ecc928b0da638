"""Where a case is, as far as an institution may know.

It has to find an ordinary thing, so it gets the exact place. What could point at a vulnerable person it gets no more
exactly than everybody does, and of what has no public place none: there the officer's note to the institution says what
it must know, by a decision about that one case.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.location import cell_at, public_location


@dataclass(frozen=True, slots=True)
class Place:
    """A place in degrees; `precision_m` is how far off it may be, 0 for an exact one."""

    lat: float
    lon: float
    precision_m: int


def place(lat: float, lon: float, sensitivity: Sensitivity) -> Place | None:
    """Return the place that an institution is given of an exact one in degrees, None where it is given none."""
    if sensitivity is Sensitivity.ORDINARY:
        return Place(lat, lon, 0)
    shown = public_location(cell_at(lat, lon), sensitivity)
    return None if shown is None else Place(shown.lat, shown.lon, shown.precision_m)
