"""Which H3 cells a border touches, and which lie wholly inside one area.

Touching is decided against hexagons grown by 2 % (about 25 m at resolution 7): more than the difference between H3's
great-circle edges and straight ones in degrees (0.1 m) and any rounding. A cell that is called inner is inner.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from math import ceil, cos, hypot, radians

from h3.api import basic_int as h3

from chalicelib.domain.place_polygons import RESOLUTION
from infra.places.areas import Area, Vertex

STEP_DEGREES = 0.006
"""Longest stretch between two probes along an edge: below the inradius of a cell, in latitude and longitude alike."""
GROWN = 1.02
SHRUNK = 0.96


@lru_cache(maxsize=1 << 16)
def _hexagon(cell: int) -> tuple[Vertex, float, list[tuple[Vertex, float]], list[Vertex]]:
    """Return the centre, the stretch of longitudes, the outward normals with their reach, and the corners."""
    lat, lon = h3.cell_to_latlng(cell)
    stretch = cos(radians(lat))
    corners = [((x - lon) * stretch, y - lat) for y, x in h3.cell_to_boundary(cell)]
    sides = []
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        nx, ny = by - ay, ax - bx
        sides.append(((nx, ny), nx * ax + ny * ay))
    return (lon, lat), stretch, sides, corners


def _local(cell: int, point: Vertex) -> Vertex:
    (lon, lat), stretch, _, _ = _hexagon(cell)
    return (point[0] - lon) * stretch, point[1] - lat


def _deep_inside(cell: int, point: Vertex) -> bool:
    """Tell whether the point lies in the cell shrunk about its centre."""
    x, y = _local(cell, point)
    return all(nx * x + ny * y < reach * SHRUNK for (nx, ny), reach in _hexagon(cell)[2])


def _touches(cell: int, a: Vertex, b: Vertex) -> bool:
    """Separating axes of a segment and the grown hexagon."""
    _, _, sides, corners = _hexagon(cell)
    (ax, ay), (bx, by) = _local(cell, a), _local(cell, b)
    if any(min(nx * ax + ny * ay, nx * bx + ny * by) > reach * GROWN for (nx, ny), reach in sides):
        return False
    nx, ny = by - ay, ax - bx
    offsets = [nx * x * GROWN + ny * y * GROWN - (nx * ax + ny * ay) for x, y in corners]
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
