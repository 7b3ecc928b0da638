"""Two square areas side by side, and the importer of the register at work on files of them."""

from pathlib import Path
from typing import Any

from chalicelib.domain.place import load_pack
from infra.places.areas import Area
from infra.places.register import Expectation, Imported, Wishes, import_register, read_source
from tests.places.conftest import area_or_none

BOUNDS = (14.0, 49.0, 24.2, 54.9)
METRE = 1e-5


def square(code: str, lon: float, lat: float = 52.0, side: float = 0.1) -> Area:
    ring = [(lon, lat), (lon + side, lat), (lon + side, lat + side), (lon, lat + side), (lon, lat)]
    return Area(code, [ring])


PAIR = [square("0201", 19.0), square("0202", 19.1)]
EXPECTED = Expectation(BOUNDS, "EPSG:2180", frozenset({"0201", "0202"}))


def imported(data: bytes, path: Path = Path("x.geojson"), expected: Expectation = EXPECTED, **wishes: Any) -> Imported:
    return import_register(read_source(path, data, wishes.get("layer")), path.name, Wishes(**wishes), expected)


def routes(done: Imported) -> tuple[str | None, str | None, str | None]:
    locate = area_or_none(load_pack(done.compiled.pack))
    return locate(52.05, 19.05), locate(52.05, 19.15), locate(52.05, 19.25)
