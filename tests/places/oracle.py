"""An oracle for point-in-area that shares no code and no method with the project.

The border rule says that a point on a border belongs to what lies east of it, and on a level border north of it. That
is the area which holds the point after a step to the east too small to cross anything, and a still smaller one north.
Fractions make such steps exact; each edge is then crossed properly or not at all.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from infra.places.areas import Area, Ring

EAST = Fraction(1, 2**300)
NORTH = Fraction(1, 2**900)


def holds(rings: Sequence[Ring], lat: float, lon: float) -> bool:
    """Tell whether the point, moved by the two steps, is inside by the winding of a ray to the south."""
    x, y = Fraction(lon) + EAST, Fraction(lat) + NORTH
    crossings = 0
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            x0, y0, x1, y1 = Fraction(ax), Fraction(ay), Fraction(bx), Fraction(by)
            if (x0 < x) != (x1 < x):
                crossings += y0 + (x - x0) / (x1 - x0) * (y1 - y0) < y
    return crossings % 2 == 1


def on_edge(rings: Sequence[Ring], lat: float, lon: float) -> bool:
    """Tell whether the point is exactly on a ring."""
    x, y = Fraction(lon), Fraction(lat)
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            if min(ax, bx) <= lon <= max(ax, bx) and min(ay, by) <= lat <= max(ay, by):
                x0, y0, x1, y1 = Fraction(ax), Fraction(ay), Fraction(bx), Fraction(by)
                if (x1 - x0) * (y - y0) == (x - x0) * (y1 - y0):
                    return True
    return False


def area_of(areas: Mapping[str, Area], candidates: Sequence[str], lat: float, lon: float) -> str | None:
    """Return the code of the one candidate that holds the point, else the first that the point touches, else None."""
    inside = [code for code in candidates if holds(areas[code].rings, lat, lon)]
    assert len(inside) <= 1, f"{inside} overlap at {lat} {lon}"
    touching = [code for code in sorted(candidates) if on_edge(areas[code].rings, lat, lon)]
    return next(iter(inside or touching), None)
