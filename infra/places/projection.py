"""Coordinates of any reference system → WGS 84 degrees."""

from collections.abc import Sequence
from dataclasses import replace

import pyproj
from pyproj.exceptions import CRSError

from infra.places.areas import BoundariesRefused, Ring
from infra.places.reading import Record, Source

DEGREES = 4326
AS_GOOD_AS_DEGREES = {4326, 4258}
"""WGS 84, and ETRS 89, from which it differs by less than a metre in Europe."""
MARGIN = 0.5
"""How far, in degrees, a country's waters may reach beyond the bounds that its map shows."""
Bounds = tuple[float, float, float, float]


def in_degrees(source: Source, told: str | None, usual: str | None, bounds: Bounds) -> tuple[list[Record], str]:
    """Convert all rings; gives the records and the name of the system that they were in.

    `told` is the system that the user named, which outdoes the file; `usual` is what metres without a name mean in
    this instance; `bounds` are west, south, east, north.

    Raises:
        BoundariesRefused: the system is unknown, or the areas do not lie in the instance's bounds.
    """
    crs = _system(source, told, usual)
    records = source.records
    # Degrees are passed on untouched, so that not even a last bit changes.
    if crs.to_epsg() not in AS_GOOD_AS_DEGREES:
        transformer = pyproj.Transformer.from_crs(crs, DEGREES, always_xy=True)
        records = [replace(record, rings=_converted(record.rings, transformer)) for record in records]
    _check_bounds(records, bounds, crs.name)
    return records, crs.name


def _system(source: Source, told: str | None, usual: str | None) -> pyproj.CRS:
    name = told or source.crs or _guess(source.records, usual)
    try:
        return pyproj.CRS.from_user_input(name)
    except CRSError as error:
        raise BoundariesRefused(f"The reference system is not known: {name[:80]}. Name it: CRS=EPSG:2180") from error


def _guess(records: Sequence[Record], usual: str | None) -> str:
    degrees = all(abs(x) <= 180 and abs(y) <= 90 for record in records for ring in record.rings for x, y in ring)
    if degrees:
        return f"EPSG:{DEGREES}"
    if usual is None:
        raise BoundariesRefused("The file does not say its reference system. Name it: CRS=EPSG:…")
    return usual


def _converted(rings: Sequence[Ring], transformer: pyproj.Transformer) -> list[Ring]:
    converted = []
    for ring in rings:
        lon, lat = transformer.transform([x for x, _ in ring], [y for _, y in ring])
        converted.append(list(zip(lon, lat, strict=True)))
    return converted


def _check_bounds(records: Sequence[Record], bounds: Bounds, system: str) -> None:
    west, south, east, north = bounds
    for record in records:
        for ring in record.rings:
            for lon, lat in ring:
                # Written so that a NaN or an infinity, which a failed conversion gives, is refused too.
                if not (west - MARGIN < lon < east + MARGIN and south - MARGIN < lat < north + MARGIN):
                    raise BoundariesRefused(
                        f"Read as {system}, the areas reach to {lon:.4f} E {lat:.4f} N, outside of the instance."
                        " Either it is another country's file, or its axes are swapped, or the reference system is"
                        " another: CRS=EPSG:…"
                    )
