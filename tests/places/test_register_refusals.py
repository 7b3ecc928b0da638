"""The importer of the register refuses what does not fit, and says why and what would help."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import shapefile

from infra.places.areas import Area, BoundariesRefused
from infra.places.register import Expectation
from tests.places.files import geojson, projected, write_shapefile, zipped, zipped_shapefile
from tests.places.importing import BOUNDS, EXPECTED, PAIR, imported, square


def without_dbf(folder: Path) -> tuple[bytes, Path]:
    path = write_shapefile(folder, projected(PAIR))
    path.with_suffix(".dbf").unlink()
    return path.read_bytes(), path


def cut_short(folder: Path) -> tuple[bytes, Path]:
    path = write_shapefile(folder, projected(PAIR))
    path.write_bytes(path.read_bytes()[:60])
    return path.read_bytes(), path


def of_lines(folder: Path) -> tuple[bytes, Path]:
    path = folder / "lines.shp"
    writer: Any = shapefile.Writer(str(path), shapeType=shapefile.POLYLINE)
    with closing(writer):
        writer.field("JPT_KOD_JE", "C", size=7)
        writer.line([[(19.0, 52.0), (19.1, 52.1)]])
        writer.record("0201")
    return path.read_bytes(), path


def without_records(folder: Path) -> tuple[bytes, Path]:
    path = write_shapefile(folder, [])
    return path.read_bytes(), path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (without_dbf, r"lacks its companion \.dbf"),
        (cut_short, "cannot be read as a Shapefile"),
        (of_lines, "holds POLYLINE, not polygons"),
        (without_records, "is empty"),
    ],
)
def test_useless_shapefile_is_refused(tmp_path: Path, make: Callable[[Path], tuple[bytes, Path]], said: str) -> None:
    data, path = make(tmp_path)
    with pytest.raises(BoundariesRefused, match=said):
        imported(data, path)


SWAPPED = [Area(area.code, [[(y, x) for x, y in ring] for ring in area.rings]) for area in PAIR]
LINE = Area("0202", [[(19.1, 52.0), (19.2, 52.1), (19.1, 52.0)]])
ENDLESS = Area("0202", [[(19.1, 52.0), (float("inf"), 52.1), (19.2, 52.1), (19.1, 52.0)]])
LOST = Area("0202", [[(19.1, 52.0), (float("nan"), 52.1), (19.2, 52.1), (19.1, 52.0)]])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no GeoJSON FeatureCollection"),
        (b"\xff\xfe\x00", "no GeoJSON FeatureCollection"),
        (b"[]", "no GeoJSON FeatureCollection"),
        (b'{"features": [{"properties": {}, "geometry": null}]}', "no GeoJSON FeatureCollection"),
        (b'{"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}', "type Point"),
        (b'{"features": []}', "is empty"),
        (geojson(PAIR, "nothing", other="x").replace(b'"0201"', b'"x"'), "No attribute is known"),
        (geojson(PAIR, "a").replace(b'"a": "0201"', b'"a": "0201", "b": "0301"')
         .replace(b'"a": "0202"', b'"a": "0202", "b": "0302"'), "`a`, `b` would all do"),
        (geojson([PAIR[0], square("0201", 19.1)]), "1 codes stand at several areas in `terc`: 0201"),
        (geojson([PAIR[0], square("", 19.1)]), "1 of 2 areas have no code"),
        (geojson(PAIR).replace(b'"0202"', b"null"), "1 of 2 areas have no code"),
        (geojson([square("02", 19.0), square("04", 19.1)]), "Codes such as 02 are not of the level"),
        (geojson(PAIR[:1]), "1 of 2 areas that units answer for are not in the file: 0202"),
        (geojson([PAIR[0], LINE]), "1 areas have a ring that encloses nothing: 0202"),
        (geojson([PAIR[0], Area("0202", [])]), "1 areas have a ring that encloses nothing: 0202"),
        (geojson([PAIR[0], Area("0202", [[]])]), "1 areas have a ring that encloses nothing: 0202"),
        (geojson([PAIR[0], ENDLESS]), "outside of the instance"),
        (geojson([PAIR[0], LOST]), "outside of the instance"),
        (geojson(SWAPPED), "axes are swapped"),
        (geojson([square("0201", -3.0), square("0202", -3.1)]), "another country's file"),
        (geojson(PAIR, crs="EPSG:999999"), "reference system is not known"),
        (zipped({"readme.txt": b"nothing"}), "it holds none"),
    ],
)  # fmt: skip
def test_useless_file_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises(BoundariesRefused, match=said):
        imported(data)


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"field": "absent"}, "no attribute `absent`; there are: terc"),
        ({"crs": "EPSG:0"}, "reference system is not known"),
        ({"crs": "EPSG:32633"}, "Read as WGS 84 / UTM zone 33N"),
    ],
)
def test_wish_that_does_not_fit_is_refused(wishes: dict[str, Any], said: str) -> None:
    with pytest.raises(BoundariesRefused, match=said):
        imported(geojson(PAIR), **wishes)


def test_metres_without_a_name_are_refused_where_the_instance_has_no_usual_system() -> None:
    with pytest.raises(BoundariesRefused, match="does not say its reference system"):
        imported(geojson(projected(PAIR)), expected=Expectation(BOUNDS, None, EXPECTED.codes))


@pytest.mark.parametrize("layer", [None, "third"])
def test_zip_with_several_layers_needs_a_choice(tmp_path: Path, layer: str | None) -> None:
    files = [write_shapefile(tmp_path, projected(PAIR), name=name) for name in ("old", "new")]
    data = zipped(zipped_shapefile(files[0]) | zipped_shapefile(files[1]))
    with pytest.raises(BoundariesRefused, match="it holds: new, old"):
        imported(data, Path("prg.zip"), layer=layer)
