"""Exact routing: a table of H3 cells, and polygons where a border runs through a cell.

A res-7 cell (about 5 km²) that no border touches answers by itself. A border cell names the areas whose borders touch
it, in the order of their codes, and the exact test of `place_polygon` decides. The outermost border itself is inside:
a point on it belongs to the first of the areas that touch it there.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from h3.api import basic_int as h3

from chalicelib.domain.errors import OutsideCountry
from chalicelib.domain.place_pack import Boundaries, Located, PackReader
from chalicelib.domain.place_polygon import Polygon, decode

RESOLUTION = 7


class PolygonPlaces:
    """Areas with their polygons.

    Sections: ``cells`` (sorted H3 indexes), ``values`` (for each cell the number of its area, or, from the number of
    areas upwards, of its entry in the header's ``candidates``), ``polygon/<number>``. The header's ``bits`` gives the
    grid: coordinates are whole multiples of 2^-bits degrees. With 49 bits every double of 8 degrees and more (up to
    180) is a whole number, so that input in degrees loses nothing.
    """

    KIND = "polygons"

    def __init__(self, reader: PackReader) -> None:
        self._reader = reader
        self._located = reader.located()
        self._cells = reader.numbers("cells", "Q")
        self._values = reader.numbers("values", "H")
        self._candidates: list[list[int]] = reader.header["candidates"]
        self._scale = 1 << reader.header["bits"]
        self._decoded: dict[int, Polygon] = {}

    @property
    def boundaries(self) -> Boundaries:
        """As the pack says: polygons of a coarse outline may call themselves approximate."""
        return self._reader.boundaries

    @property
    def areas(self) -> Sequence[Located]:
        """Every area of the pack."""
        return self._located

    def cells(self) -> Iterator[tuple[int, Located | None]]:
        """Yield the cells of `RESOLUTION` that touch the areas, ascending, each with the area that holds all of it."""
        for cell, value in zip(self._cells, self._values, strict=True):
            yield cell, self._located[value] if value < len(self._located) else None

    def locate(self, lat: float, lon: float) -> Located:
        """Return the area of the point; a point on a border has exactly one, see `place_polygon`.

        Raises:
            OutsideCountry: the point is in no area.
        """
        cell = h3.latlng_to_cell(lat, lon, RESOLUTION)
        at = bisect_left(self._cells, cell)
        if at == len(self._cells) or self._cells[at] != cell:
            raise OutsideCountry
        value = self._values[at]
        if value < len(self._located):
            return self._located[value]
        x, y = round(lon * self._scale), round(lat * self._scale)
        candidates = self._candidates[value - len(self._located)]
        for area in candidates:
            if self._polygon(area).contains(x, y):
                return self._located[area]
        for area in candidates:
            if self._polygon(area).touches(x, y):
                return self._located[area]
        raise OutsideCountry

    def _polygon(self, area: int) -> Polygon:
        if area not in self._decoded:
            self._decoded[area] = decode(self._reader.section(f"polygon/{area}"))
        return self._decoded[area]
