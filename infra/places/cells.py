"""Which H3 cells a border touches, and which lie wholly inside one area.

Touching is decided against hexagons grown by 2 % (about 25 m at resolution 7): more than the difference between H3's
great-circle edges and straight ones in degrees (0.1 m) and any rounding. A cell that is called inner is inner.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from math import ceil, cos, hypot, radians
from typing import NamedTuple

from h3.api import basic_int as h3

from chalicelib.domain.place_nearest import distance_of_origin
from chalicelib.domain.place_polygons import RESOLUTION
from infra.places.areas import Area, Vertex

STEP_DEGREES = 0.006
"""Longest stretch between two probes along an edge: below the inradius of a cell, in latitude and longitude alike."""
GROWN = 1.02
SHRUNK = 0.96


class Hexagon(NamedTuple):
    """A cell on the plane around its centre, x shrunk like longitudes at its latitude."""

    lon: float
    lat: float
    shrink: float
    corners: list[Vertex]
    sides: list[tuple[float, float, float]]
    """Outward normals of length one, and the distance of the side."""
    inner: float
    """Radius of the largest circle in it."""
    outer: float
    """Radius of the smallest circle around it."""

    def local(self, point: Vertex) -> Vertex:
        """Move a point onto the plane."""
        return (point[0] - self.lon) * self.shrink, point[1] - self.lat


@lru_cache(maxsize=1 << 16)
def _hexagon(cell: int) -> Hexagon:
    lat, lon = h3.cell_to_latlng(cell)
    shrink = cos(radians(lat))
    corners = [((x - lon) * shrink, y - lat) for y, x in h3.cell_to_boundary(cell)]
    sides = []
    for (ax, ay), (bx, by) in pairwise([*corners, corners[0]]):
        length = hypot(bx - ax, by - ay)
        nx, ny = (by - ay) / length, (ax - bx) / length
        sides.append((nx, ny, nx * ax + ny * ay))
    inner, outer = min(reach for _, _, reach in sides), max(hypot(x, y) for x, y in corners)
    return Hexagon(lon, lat, shrink, corners, sides, inner, outer)


def _deep_inside(cell: int, point: Vertex) -> bool:
    """Tell whether the point lies in the cell shrunk about its centre."""
    hexagon = _hexagon(cell)
    x, y = hexagon.local(point)
    return all(nx * x + ny * y < reach * SHRUNK for nx, ny, reach in hexagon.sides)


def _touches(cell: int, a: Vertex, b: Vertex) -> bool:
    """Tell whether a segment meets the grown hexagon: by its circles where they decide, else by separating axes."""
    hexagon = _hexagon(cell)
    (ax, ay), (bx, by) = hexagon.local(a), hexagon.local(b)
    distance = distance_of_origin(ax, ay, bx, by)
    if distance > hexagon.outer * GROWN:
        return False
    if distance < hexagon.inner:
        return True
    if any(min(nx * ax + ny * ay, nx * bx + ny * by) > reach * GROWN for nx, ny, reach in hexagon.sides):
        return False
    nx, ny = by - ay, ax - bx
    offsets = [(nx * x + ny * y) * GROWN - (nx * ax + ny * ay) for x, y in hexagon.corners]
    return min(offsets) <= 0 <= max(offsets)


def cells_on(a: Vertex, b: Vertex) -> set[int]:
    """Return every cell that the edge touches, and perhaps some that it misses by a few metres."""
    cell = h3.latlng_to_cell(a[1], a[0], RESOLUTION)
    if _deep_inside(cell, a) and _deep_inside(cell, b):
        return {cell}
    steps = max(ceil(hypot(b[0] - a[0], b[1] - a[1]) / STEP_DEGREES), 1)
    probes = ((a[0] + (b[0] - a[0]) * i / steps, a[1] + (b[1] - a[1]) * i / steps) for i in range(steps + 1))
    near = {h3.latlng_to_cell(lat, lon, RESOLUTION) for lon, lat in probes}
    around = {other for one in near for other in h3.grid_disk(one, 1)}
    return {one for one in around if _touches(one, a, b)}


def _edges(areas: Iterable[Area]) -> dict[tuple[Vertex, Vertex], list[int]]:
    """Return each undirected edge with the numbers of the areas that it bounds."""
    owners: dict[tuple[Vertex, Vertex], list[int]] = {}
    for number, area in enumerate(areas):
        for ring in area.rings:
            for a, b in pairwise(ring):
                if a != b:
                    owners.setdefault((a, b) if a < b else (b, a), []).append(number)
    return owners


def border_cells(areas: list[Area]) -> dict[int, list[int]]:
    """Return the border cells, each with the sorted numbers of the areas whose borders touch it."""
    touched: dict[int, set[int]] = {}
    for (a, b), owners in _edges(areas).items():
        for cell in cells_on(a, b):
            touched.setdefault(cell, set()).update(owners)
    return {cell: sorted(numbers) for cell, numbers in touched.items()}


def inner_cells(area: Area, border: dict[int, list[int]]) -> Iterator[int]:
    """Yield the cells that lie wholly in the area.

    H3 fills a polygon with the cells whose centres are inside, in floating point; of the cells that no border
    touches, that is all or nothing, and their centres are far from every edge. Parity of the rings' fills stands for
    holes and parts, whatever their order in the file.
    """
    inside: set[int] = set()
    for ring in area.rings:
        inside ^= set(h3.geo_to_cells({"type": "Polygon", "coordinates": [ring]}, RESOLUTION))
    return (cell for cell in inside if cell not in border)
