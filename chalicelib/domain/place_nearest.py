"""Approximate routing, for an instance that has no register of boundaries yet: the known places around decide.

Distances are kilometres on a sphere of 111.32 km a degree, longitudes shrunk by the cosine of the latitude, which is
right to one in a thousand over the few kilometres that matter.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from math import cos, hypot, radians, sqrt

from h3.api import basic_int as h3

from chalicelib.domain.errors import OutsideCountry
from chalicelib.domain.place_pack import Boundaries, Located, PackReader
from chalicelib.domain.place_polygon import decode

KM_PER_DEGREE = 111.32
PLACE_UNIT = 100_000
"""Coordinates of places are whole multiples of 1/100,000 of a degree (1 m), as GeoNames gives them."""
WINDOW_KM = 30
"""Places farther north or east than this have no vote: no city reaches half as far."""
VOTERS = 6
"""How many of the nearest places vote. With the power and the softening below, and with the share of a city's radius
that the builder takes, these did best of those tried on random points against the register of 2021."""
POWER = 4
SOFTENING_KM = 0.3
DOORSTEP_KM = 1.0
"""Nearer than this, a place outdoes the reach of any city: no village is routed to its neighbour."""
ABOVE_ALL = 1e6
COARSE = 6
"""Resolution of the cells that are given to one area each: about 36 km²."""
MARGIN = 0.3
"""Degrees beyond the outermost places in which the country may still be."""


_Voter = tuple[float, int, float]
"""A place seen from the point: squared distance less squared reach, area, true distance in km."""


class NearestPlaces:
    """Places with their areas; a city's place reaches as far as the city is large.

    Sections: ``lat``, ``lon`` (by rising latitude, in `PLACE_UNIT`), ``area``, ``reach`` (metres), ``outline``. The
    squared reach is taken off the squared distance, as in a power diagram, so that the suburb's village next to the
    border of a large city does not win the city's outer streets.
    """

    KIND = "nearest"

    def __init__(self, reader: PackReader) -> None:
        self._located = reader.located()
        self._lat = reader.numbers("lat", "i")
        self._lon = reader.numbers("lon", "i")
        self._area = reader.numbers("area", "H")
        self._reach = reader.numbers("reach", "H")
        self._outline = decode(reader.section("outline"))
        self._scale = 1 << reader.header["bits"]
        self._buffer_km = reader.header["buffer_m"] / 1000

    @property
    def boundaries(self) -> Boundaries:
        """Always approximate."""
        return "approximate"

    @property
    def areas(self) -> Sequence[Located]:
        """Every area of the pack."""
        return self._located

    def cells(self) -> Iterator[tuple[int, Located | None]]:
        """Yield the cells of `COARSE` whose centres lie in an area, each with that area for all of it.

        Nothing here is exact to a few kilometres anyway.
        """
        lats, lons = ([edge / PLACE_UNIT for edge in (min(row), max(row))] for row in (self._lat, self._lon))
        south, north, west, east = lats[0] - MARGIN, lats[1] + MARGIN, lons[0] - MARGIN, lons[1] + MARGIN
        frame = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        for cell in sorted(h3.geo_to_cells({"type": "Polygon", "coordinates": [frame]}, COARSE)):
            try:
                yield cell, self.locate(*h3.cell_to_latlng(cell))
            except OutsideCountry:
                continue

    def locate(self, lat: float, lon: float) -> Located:
        """Return the area for which the nearest places vote.

        Inside is what the outline or its buffer holds, and what lies within the buffer's width of a known place: a
        coarse outline leaves out spits and harbours.

        Raises:
            OutsideCountry: the point is none of these, or no place is known within `WINDOW_KM` of it.
        """
        nearest = self._nearest(lat, lon)
        near_a_place = any(km <= self._buffer_km for _, _, km in nearest)
        if not nearest or not (near_a_place or self._in_outline(lat, lon)):
            raise OutsideCountry
        return self._located[_elect(nearest)]

    def _nearest(self, lat: float, lon: float) -> list[_Voter]:
        """Return the voters, nearest first by power."""
        window = WINDOW_KM / KM_PER_DEGREE
        begin, end = (bisect_left(self._lat, round(edge * PLACE_UNIT)) for edge in (lat - window, lat + window))
        x, y = lon * PLACE_UNIT, lat * PLACE_UNIT
        km_y = KM_PER_DEGREE / PLACE_UNIT
        km_x = km_y * cos(radians(lat))
        found = []
        for i in range(begin, end):
            across = (self._lon[i] - x) * km_x
            if -WINDOW_KM < across < WINDOW_KM:
                km = hypot(across, (self._lat[i] - y) * km_y)
                power = km * km - (self._reach[i] / 1000) ** 2 if km > DOORSTEP_KM else km - ABOVE_ALL
                found.append((power, self._area[i], km))
        return nsmallest(VOTERS, found)

    def _in_outline(self, lat: float, lon: float) -> bool:
        x, y = round(lon * self._scale), round(lat * self._scale)
        if self._outline.contains(x, y):
            return True
        buffer = round(self._buffer_km / KM_PER_DEGREE * self._scale)
        km_y = KM_PER_DEGREE / self._scale
        km_x = km_y * cos(radians(lat))
        return any(
            distance_of_origin((x0 - x) * km_x, (y0 - y) * km_y, (x1 - x) * km_x, (y1 - y) * km_y) <= self._buffer_km
            for x0, y0, x1, y1 in self._outline.segments_between(y - buffer, y + buffer)
        )


def _elect(voters: list[_Voter]) -> int:
    """Return the area that wins: of a city whose reach holds the point, else by votes; ties go to the lower number."""
    power, area, _ = voters[0]
    if power <= 0:
        return area
    votes: dict[int, float] = {}
    for power, area, _ in voters:
        votes[area] = votes.get(area, 0.0) + (sqrt(power) + SOFTENING_KM) ** -POWER
    return min(votes, key=lambda area: (-votes[area], area))


def distance_of_origin(x0: float, y0: float, x1: float, y1: float) -> float:
    """Return the distance of the origin from a segment of some length."""
    dx, dy = x1 - x0, y1 - y0
    along = min(max(-(x0 * dx + y0 * dy) / (dx * dx + dy * dy), 0.0), 1.0)
    return hypot(x0 + along * dx, y0 + along * dy)
