"""The importer of the register: every form of file gives the same routing; what is wrong is said plainly."""

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.place import load_pack
from chalicelib.domain.units import Units
from infra.commands.boundaries import expectation
from infra.places import compiler
from infra.places.areas import Area
from infra.places.compiler import COMPACT_BITS, LOSSLESS_BITS
from infra.places.register import Expectation
from tests.places.conftest import ROOT, area_or_none
from tests.places.files import geojson, projected, write_shapefile, zipped, zipped_shapefile
from tests.places.importing import BOUNDS, METRE, PAIR, imported, routes, square
from tests.places.regions import Regions


@pytest.fixture(scope="module")
def poland() -> Expectation:
    return expectation(ROOT / "instances" / "pl", date(2026, 1, 1))


# --- forms of the same file ---


@pytest.mark.parametrize(
    "data",
    [
        geojson(PAIR),
        geojson(PAIR, "JPT_KOD_JE", name="a name"),
        b"\xef\xbb\xbf" + geojson(PAIR),
        geojson(PAIR, crs="urn:ogc:def:crs:OGC:1.3:CRS84"),
        geojson(PAIR, crs="urn:ogc:def:crs:EPSG::4258"),
        geojson(projected(PAIR), crs="urn:ogc:def:crs:EPSG::2180"),
        geojson(projected(PAIR), crs="EPSG:2180"),
        geojson(projected(PAIR)),
        geojson(projected(PAIR, 2178), crs="urn:ogc:def:crs:EPSG:9.1:2178"),
    ],
    ids=["degrees", "PRG field", "BOM", "CRS84", "ETRS 89", "URN 2180", "EPSG 2180", "unnamed metres", "zone 7"],
)
def test_geojson_of_any_reference_system_is_routed(data: bytes) -> None:
    assert routes(imported(data)) == ("0201", "0202", None)


@pytest.mark.parametrize("epsg", [2180, 4326, None])
def test_shapefile_is_routed(tmp_path: Path, epsg: int | None) -> None:
    path = write_shapefile(tmp_path, PAIR if epsg == 4326 else projected(PAIR), epsg)
    done = imported(path.read_bytes(), path)
    assert routes(done) == ("0201", "0202", None)
    assert done.field == "JPT_KOD_JE"


def test_zipped_shapefile_in_a_folder_is_routed(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path, projected(PAIR))
    assert routes(imported(zipped(zipped_shapefile(path, "PRG/")), Path("prg.zip"))) == ("0201", "0202", None)


def test_of_several_shapefiles_in_a_zip_the_powiats_are_taken(tmp_path: Path) -> None:
    powiats = write_shapefile(tmp_path, projected(PAIR), name="A02_Granice_powiatow")
    other = write_shapefile(tmp_path, projected([square("02", 19.0)]), name="A01_Granice_wojewodztw")
    data = zipped({**zipped_shapefile(powiats), **zipped_shapefile(other)})
    assert routes(imported(data, Path("prg.zip"))) == ("0201", "0202", None)


def test_layer_of_a_zip_can_be_named(tmp_path: Path) -> None:
    files = [write_shapefile(tmp_path, projected(PAIR), name=name) for name in ("old", "new")]
    data = zipped(zipped_shapefile(files[0]) | zipped_shapefile(files[1]))
    assert routes(imported(data, Path("prg.zip"), layer="new")) == ("0201", "0202", None)


def test_shapefile_with_capital_suffixes_is_read(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path, projected(PAIR))
    for part in tmp_path.glob("powiaty.*"):
        part.rename(part.with_suffix(part.suffix.upper()))
    path = path.with_suffix(".SHP")
    assert routes(imported(path.read_bytes(), path)) == ("0201", "0202", None)


def test_register_in_metres_gives_the_polygons_to_a_centimetre(
    tmp_path: Path, powiats: dict[str, Area], register_file: Path, poland: Expectation
) -> None:
    path = write_shapefile(tmp_path, projected(powiats.values(), decimals=2))
    done = imported(path.read_bytes(), path, poland)
    assert (done.areas, done.fabric.outlines, done.fabric.gaps, done.fabric.overlaps) == (380, 1, 0, ())
    locate, regions = area_or_none(load_pack(done.compiled.pack)), Regions(register_file)
    points = regions.random_points(seed=5, count=2_000)
    assert [locate(lat, lon) for lat, lon in points] == [codes[0] for codes in regions.touching(points)]
    vertices = sorted({vertex for area in powiats.values() for ring in area.rings for vertex in ring})
    beside = [(lat + METRE, lon - METRE) for lon, lat in random.Random(6).sample(vertices, 2_000)]
    clear = [
        (point, codes[0])
        for point, codes in zip(beside, regions.touching(beside), strict=True)
        if len(codes) == 1 and regions.distance_to_border(codes[0], *point) > METRE / 100
    ]
    assert len(clear) > 1_500
    assert [locate(lat, lon) for (lat, lon), _ in clear] == [code for _, code in clear]


# --- levels and grids ---


def test_file_of_gminas_routes_to_powiats_and_knows_the_gmina() -> None:
    areas = [square("0201011", 19.0), square("0201022", 19.1), square("0202033", 19.2)]
    done = imported(geojson(areas))
    place = load_pack(done.compiled.pack).locate(52.05, 19.15)
    assert (place.area, place.parent_area, place.gmina) == ("0201", "02", "0201022")
    assert (done.areas, done.gminas) == (2, 3)


def test_unit_that_answers_for_a_district_is_found_when_the_boundaries_know_it() -> None:
    document = json.loads((ROOT / "instances" / "pl" / "units.json").read_text("utf-8"))
    units, day = Units.from_document(document), date(2026, 1, 1)
    expected = Expectation(BOUNDS, None, frozenset({"1465"}))
    by_district = imported(geojson([square("1465108", 21.0), square("1465058", 21.1)]), expected=expected)
    by_powiat = imported(geojson([square("1465", 21.0)]), expected=expected)
    found = [load_pack(done.compiled.pack).locate(52.05, 21.05) for done in (by_district, by_powiat)]
    assert [place.area for place in found] == ["1465", "1465"]
    assert [units.unit_for(place.finest, day).code for place in found] == ["KRP-WARSZAWA-1", "KSP"]


def test_large_register_is_kept_on_the_compact_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    assert imported(geojson(PAIR)).compiled.bits == LOSSLESS_BITS
    monkeypatch.setattr(compiler, "LOSSLESS_VERTICES", 9)
    done = imported(geojson(PAIR))
    assert done.compiled.bits == COMPACT_BITS
    assert routes(done) == ("0201", "0202", None)


def test_vertices_that_the_grid_joins_do_no_harm() -> None:
    area = square("0201", 19.0)
    ring = [point for vertex in area.rings[0] for point in (vertex, (vertex[0] + 1e-17, vertex[1]))][:-1]
    assert routes(imported(geojson([Area("0201", [ring]), PAIR[1]]))) == ("0201", "0202", None)


def test_open_rings_are_closed() -> None:
    areas = [Area(area.code, [ring[:-1] for ring in area.rings]) for area in PAIR]
    assert routes(imported(geojson(areas))) == ("0201", "0202", None)


def test_same_file_gives_the_same_bytes(powiats: dict[str, Area], poland: Expectation) -> None:
    some = [powiats[code] for code in sorted(powiats)[:20]]
    packs = {
        imported(geojson(order), expected=poland, allow_missing=True).compiled.pack for order in (some, some[::-1])
    }
    assert len(packs) == 1


# --- codes ---


@pytest.mark.parametrize(
    ("field", "codes"),
    [("terc", (201, 202)), ("TERYT", ("0201", "0202")), ("teryt", (" 0201", "0202 ")), ("strange", ("0201", "0202"))],
    ids=["numbers without the leading zero", "capitals", "spaces", "unknown name, fitting values"],
)
def test_code_is_found(field: str, codes: tuple[Any, Any]) -> None:
    document = json.loads(geojson(PAIR))
    for feature, code in zip(document["features"], codes, strict=True):
        feature["properties"] = {"name": "a name", "version": 7, field: code}
    assert routes(imported(json.dumps(document).encode())) == ("0201", "0202", None)


def test_code_field_can_be_named() -> None:
    assert routes(imported(geojson(PAIR, "a", b="0199"), field="a")) == ("0201", "0202", None)


# --- what is reported ---


HOLE = square("", 19.05, 52.05, 0.01).rings[0]


@pytest.mark.parametrize(
    ("areas", "outlines", "gaps", "overlaps"),
    [
        (PAIR, 1, 0, ()),
        ([PAIR[0], square("0202", 19.2)], 2, 0, ()),
        ([Area("0201", [*PAIR[0].rings, HOLE]), PAIR[1]], 1, 1, ()),
        ([Area("0201", [*PAIR[0].rings, HOLE]), Area("0202", [HOLE])], 1, 0, ()),
        ([Area("0201", [PAIR[0].rings[0][::-1]]), PAIR[1]], 1, 0, ()),
        ([PAIR[0], square("0202", 19.09)], 2, 0, (("0201", "0202"),)),
        ([PAIR[0], square("0202", 19.0)], 2, 0, (("0201", "0202"),)),
        ([PAIR[0], Area("0202", [HOLE])], 2, 0, (("0201", "0202"),)),
    ],
    ids=[
        "whole",
        "two islands",
        "gap",
        "enclave fills the hole",
        "either direction",
        "strip",
        "twice",
        "one in another",
    ],
)
def test_gaps_and_overlaps_are_found(
    areas: list[Area], outlines: int, gaps: int, overlaps: tuple[tuple[str, str], ...]
) -> None:
    found = imported(geojson(areas)).fabric
    assert (found.outlines, found.gaps, found.overlaps) == (outlines, gaps, overlaps)


def test_point_deep_in_a_gap_is_outside() -> None:
    gap = square("", 19.02, 52.02, 0.06).rings[0]  # several whole cells
    assert routes(imported(geojson([Area("0201", [*PAIR[0].rings, gap]), PAIR[1]]))) == (None, "0202", None)


def test_size_of_a_gap_is_in_square_kilometres() -> None:
    found = imported(geojson([Area("0201", [*PAIR[0].rings, HOLE]), PAIR[1]])).fabric
    assert found.gap_km2 == pytest.approx(0.762, rel=0.01)  # 1.113 km by 0.685 km


def test_point_in_an_overlap_goes_to_the_lower_code() -> None:
    done = imported(geojson([square("0202", 19.09), PAIR[0]]))
    assert area_or_none(load_pack(done.compiled.pack))(52.05, 19.095) == "0201"


def test_area_that_no_unit_knows_is_told() -> None:
    assert imported(geojson([*PAIR, square("0299", 19.2)])).unknown == ("0299",)


def test_missing_area_is_told_where_it_is_meant() -> None:
    assert imported(geojson(PAIR[:1]), allow_missing=True).missing == ("0202",)


def test_summary_is_json_and_says_what_came_in() -> None:
    told = json.loads(json.dumps(imported(geojson(projected(PAIR), "JPT_KOD_JE", crs="EPSG:2180")).summary()))
    assert (told["areas"], told["field"], told["reference_system"]) == (2, "JPT_KOD_JE", "ETRF2000-PL / CS92")
    assert (told["vertices"], told["gaps"], told["missing"]) == (10, 0, [])


# --- what the instance expects ---


def test_poland_expects_its_380_powiats(poland: Expectation) -> None:
    assert len(poland.codes) == 380
    assert {"0201", "1465", "3263"} <= poland.codes
    assert poland.usual_crs == "EPSG:2180"


def test_city_of_one_unit_expects_its_only_area() -> None:
    expected = expectation(ROOT / "instances" / "vancouver", date(2026, 1, 1))
    data = (ROOT / "instances" / "vancouver" / "outline.geojson").read_bytes()
    done = imported(data, expected=expected)
    assert load_pack(done.compiled.pack).locate(49.2827, -123.1207).area == "vancouver"
