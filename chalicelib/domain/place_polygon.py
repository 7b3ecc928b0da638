"""One area's outline on an integer grid, and the exact test whether a point is inside.

The border rule, which follows from counting the edges strictly east of the point and from taking an edge's lower end
but not its upper one: **a point on a border belongs to the area east of it, and on a border that runs exactly
east-west to the area north of it.** Adjoining areas share the very same edges, the arithmetic is exact, and so every
point belongs to exactly one of them. Holes and parts need no care: parity counts them right. A point that lies exactly
on the outermost border, with nothing to its east or north, is still on the border of some area: `touches` finds it.

No area may cross the 180th meridian or hold a pole.
"""

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

Point = tuple[int, int]
"""Longitude, latitude in units of the grid."""

_COUNTS = struct.Struct("<qqqqII")
EDGES_PER_BAND = 4
MOST_BANDS = 4096


@dataclass(frozen=True, slots=True)
class Polygon:
    """Rings of vertices, their edges bucketed by bands of latitude of equal height.

    `x`, `y` are the rings one after another, each with its first vertex repeated at its end; edge `i` goes from vertex
    `i` to `i + 1`. The edges of band `b` are `edges[starts[b]:starts[b + 1]]`.
    """

    x: "array[int]"
    y: "array[int]"
    south: int
    north: int
    starts: "array[int]"
    edges: "array[int]"

    def contains(self, x: int, y: int) -> bool:
        """Tell whether the point is inside, by the border rule of this module."""
        if not self.south <= y < self.north:
            return False
        xs, ys, starts = self.x, self.y, self.starts
        band = self.band(y)
        inside = False
        for edge in self.edges[starts[band] : starts[band + 1]]:
            y0, y1 = ys[edge], ys[edge + 1]
            if (y0 <= y) != (y1 <= y):
                x0 = xs[edge]
                # Sign of (longitude of the edge at this latitude - x) x (y1 - y0).
                side = (xs[edge + 1] - x0) * (y - y0) - (x - x0) * (y1 - y0)
                if side > 0 if y1 > y0 else side < 0:
                    inside = not inside
        return inside

    def touches(self, x: int, y: int) -> bool:
        """Tell whether the point lies exactly on one of the edges."""
        return self.south <= y <= self.north and any(
            (x1 - x0) * (y - y0) == (x - x0) * (y1 - y0)
            and min(x0, x1) <= x <= max(x0, x1)
            and min(y0, y1) <= y <= max(y0, y1)
            for x0, y0, x1, y1 in self.segments_between(y, y)
        )

    def band(self, y: int) -> int:
        """Number of the band that holds a latitude between `south` and `north`."""
        bands = len(self.starts) - 1
        return min((y - self.south) * bands // (self.north - self.south), bands - 1)

    def segments_between(self, south: int, north: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield `x0, y0, x1, y1` of the edges in the bands that touch these latitudes; some come twice."""
        first, last = (self.band(min(max(y, self.south), self.north)) for y in (south, north))
        for edge in self.edges[self.starts[first] : self.starts[last + 1]]:
            yield self.x[edge], self.y[edge], self.x[edge + 1], self.y[edge + 1]


def build_polygon(rings: Iterable[Sequence[Point]]) -> Polygon:
    """Bucket the edges of closed rings (first vertex = last vertex); not all of one latitude."""
    x, y = array("q"), array("q")
    spans: list[tuple[int, int, int]] = []
    for ring in rings:
        first = len(y)
        x.extend(point[0] for point in ring)
        y.extend(point[1] for point in ring)
        for edge, (a, b) in enumerate(pairwise(ring), first):
            spans.append((edge, min(a[1], b[1]), max(a[1], b[1])))
    south, north = min(y), max(y)
    bands: list[list[int]] = [[] for _ in range(min(max(len(spans) // EDGES_PER_BAND, 1), MOST_BANDS))]
    for edge, low, high in spans:
        begin, end = (min((value - south) * len(bands) // (north - south), len(bands) - 1) for value in (low, high))
        for band in bands[begin : end + 1]:
            band.append(edge)
    starts = array("I", accumulate((len(band) for band in bands), initial=0))
    return Polygon(x, y, south, north, starts, array("I", (edge for band in bands for edge in band)))


def encode(polygon: Polygon) -> bytes:
    """Serialise: counts, then vertices as differences (they compress well), then the bands."""
    head = _COUNTS.pack(polygon.x[0], polygon.y[0], polygon.south, polygon.north, len(polygon.x), len(polygon.starts))
    differences = (array("q", (b - a for a, b in pairwise(axis))) for axis in (polygon.x, polygon.y))
    return b"".join(
        [head, *(axis.tobytes() for axis in differences), polygon.starts.tobytes(), polygon.edges.tobytes()]
    )


def decode(data: bytes) -> Polygon:
    """Read what `encode` wrote."""
    x0, y0, south, north, vertices, starts = _COUNTS.unpack_from(data)
    view = memoryview(data)[_COUNTS.size :]
    axis = (vertices - 1) * 8

    def numbers(typecode: str, part: memoryview) -> "array[int]":
        found = array(typecode)
        found.frombytes(part)
        return found

    x, y = (
        array("q", accumulate(numbers("q", part), initial=first))
        for first, part in ((x0, view[:axis]), (y0, view[axis : 2 * axis]))
    )
    view = view[2 * axis :]
    return Polygon(x, y, south, north, numbers("I", view[: starts * 4]), numbers("I", view[starts * 4 :]))
