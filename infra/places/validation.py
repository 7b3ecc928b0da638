"""Faults of boundaries: rings that enclose nothing, areas that nobody answers for, gaps and overlaps between areas."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import cos, isfinite, radians

from chalicelib.domain.place_polygon import Point, Polygon, build_polygon
from infra.places.areas import Area, BoundariesRefused, Ring
from infra.places.compiler import on_grid

BITS = 30
"""Grid of 0.1 mm on which borders count as the same."""
KM_PER_UNIT = 111.32 / (1 << BITS + 1)
Edge = tuple[Point, Point]


@dataclass(frozen=True)
class Fabric:
    """How the areas fit together: outlines of the whole, what lies between the areas, and pairs that overlap."""

    outlines: int
    gaps: int
    gap_km2: float
    overlaps: tuple[tuple[str, str], ...]


def close_rings(areas: Iterable[Area]) -> list[Area]:
    """Close rings whose last vertex is missing, as some programs leave them."""
    return [
        Area(area.code, [ring if ring[:1] == ring[-1:] else [*ring, ring[0]] for ring in area.rings]) for area in areas
    ]


def check_rings(areas: Iterable[Area]) -> None:
    """Refuse areas without a ring, and rings of no extent.

    Raises:
        BoundariesRefused: with the codes of the areas.
    """
    bad = [area.code for area in areas if not area.rings or not all(map(_encloses, area.rings))]
    if bad:
        listed = ", ".join(bad[:5]) + (" …" if len(bad) > 5 else "")
        raise BoundariesRefused(f"{len(bad)} areas have a ring that encloses nothing: {listed}.")


def _encloses(ring: Ring) -> bool:
    return all(isfinite(x) and isfinite(y) for x, y in ring) and _double_area(on_grid(ring, BITS)) != 0


def _double_area(ring: Iterable[Point]) -> int:
    """Twice the signed area, positive where the ring runs anticlockwise."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))


def fabric(areas: Iterable[Area]) -> Fabric:
    """Find what the areas leave out and what they cover twice.

    Every ring is turned so that its area lies to the left. Borders that two areas share then cancel, and what is left
    are closed lines: anticlockwise around the whole, clockwise around a gap. Areas overlap where such a border of one
    runs inside another.
    """
    # Twice as fine, so that the middle of an edge is on the grid too.
    turned = {area.code: list(_turned([on_grid(ring, BITS + 1) for ring in area.rings])) for area in areas}
    left: dict[Edge, list[str]] = {}
    for code, rings in turned.items():
        for edge in (edge for ring in rings for edge in pairwise(ring)):
            if left.get(edge[::-1]):
                left[edge[::-1]].pop()
            else:
                left.setdefault(edge, []).append(code)
    sizes = [(loop, _double_area(loop)) for loop in _loops(edge for edge, codes in left.items() for _ in codes)]
    gaps = [loop for loop, size in sizes if size < 0]
    overlaps = _overlaps(turned, left) | {pair for codes in left.values() for pair in combinations(sorted(codes), 2)}
    return Fabric(len(sizes) - len(gaps), len(gaps), _km2(gaps), tuple(sorted(overlaps)))


def _overlaps(turned: dict[str, list[list[Point]]], left: dict[Edge, list[str]]) -> set[tuple[str, str]]:
    """Return the pairs of which one has the middle of an unshared edge of the other strictly inside."""
    boxes = []
    for code, rings in turned.items():
        polygon = build_polygon(rings)
        boxes.append((code, polygon, min(polygon.x), max(polygon.x)))
    found = set()
    for (a, b), owners in left.items():
        x, y = (a[0] + b[0]) // 2, (a[1] + b[1]) // 2
        for code, polygon, west, east in boxes if owners else ():
            inside = west < x < east and code not in owners and polygon.contains(x, y)
            if inside and not polygon.touches(x, y):
                found |= {(min(code, owner), max(code, owner)) for owner in owners}
    return found


def _turned(rings: list[list[Point]]) -> Iterator[list[Point]]:
    """Yield the rings with the inside to their left: anticlockwise where an even number of the others holds them."""
    polygons = [build_polygon([ring]) for ring in rings]
    for ring, own in zip(rings, polygons, strict=True):
        depth = sum(_holds(polygon, ring) for polygon in polygons if polygon is not own)
        yield ring if (_double_area(ring) > 0) == (depth % 2 == 0) else ring[::-1]


def _holds(polygon: Polygon, ring: list[Point]) -> bool:
    """Tell whether the ring lies in the polygon: the first of its vertices that is not on the border decides."""
    for x, y in ring:
        if not polygon.touches(x, y):
            return polygon.contains(x, y)
    return False


def _loops(edges: Iterable[Edge]) -> Iterator[list[Point]]:
    """Join edges end to end; as many edges lead into every vertex as out of it, so each walk ends where it began."""
    out: dict[Point, list[Point]] = {}
    for a, b in edges:
        out.setdefault(a, []).append(b)
    for start in sorted(out):
        while out[start]:
            loop = [start]
            while len(loop) == 1 or loop[-1] != start:
                loop.append(out[loop[-1]].pop())
            yield loop


def _km2(loops: Iterable[list[Point]]) -> float:
    return sum(
        abs(_double_area(loop)) / 2 * KM_PER_UNIT**2 * cos(radians(loop[0][1] / (1 << BITS + 1))) for loop in loops
    )
