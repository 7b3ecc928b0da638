"""Exact routing against the register's polygons."""

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from chalicelib.domain.errors import OutsideCountry
from chalicelib.domain.place import Located, Places
from infra.places.areas import Area
from tests.places.conftest import area_or_none
from tests.places.oracle import area_of
from tests.places.regions import Regions

MICRO = 1e-6
AROUND = 4
"""Vertex-near points lie this many millionths of a degree (0.1 m) away at most, on either axis."""


@pytest.fixture(scope="module")
def regions(register_file: Path) -> Regions:
    return Regions(register_file)


def corners(areas: dict[str, Area]) -> Iterator[tuple[float, float]]:
    """Yield every vertex and the middle of every edge, as (lat, lon)."""
    for area in areas.values():
        for ring in area.rings:
            for (ax, ay), (bx, by) in pairwise(ring):
                yield ay, ax
                yield (ay + by) / 2, (ax + bx) / 2


def disagreements(
    exact: Places, areas: dict[str, Area], regions: Regions, points: list[tuple[float, float]]
) -> list[tuple[float, float, str | None, list[str]]]:
    """Return the points whose area is not the only one that holds them; fractions decide on borders."""
    locate = area_or_none(exact)
    wrong = []
    for (lat, lon), codes in zip(points, regions.touching(points), strict=True):
        found = locate(lat, lon)
        wanted = codes[0] if len(codes) == 1 else area_of(areas, codes, lat, lon)
        if found != wanted:
            wrong.append((lat, lon, found, codes))
    return wrong


def test_ten_thousand_points_in_poland_agree_with_the_polygons(
    exact: Places, powiats: dict[str, Area], regions: Regions
) -> None:
    points = regions.random_points(seed=20260101, count=10_000)
    assert disagreements(exact, powiats, regions, points) == []


def test_points_around_every_vertex_and_edge_agree_with_the_polygons(
    exact: Places, powiats: dict[str, Area], regions: Regions
) -> None:
    chance = random.Random(7)
    points = [
        (lat + chance.randint(-AROUND, AROUND) * MICRO, lon + chance.randint(-AROUND, AROUND) * MICRO)
        for lat, lon in corners(powiats)
    ]
    assert len(points) > 50_000
    assert disagreements(exact, powiats, regions, points) == []


def test_vertices_themselves_belong_to_exactly_one_area_by_the_border_rule(
    exact: Places, powiats: dict[str, Area], regions: Regions
) -> None:
    points = random.Random(8).sample(sorted(set(corners(powiats))), 1_000)
    locate = area_or_none(exact)
    codes = regions.touching(points)
    several = [point for point, found in zip(points, codes, strict=True) if len(found) > 1]
    assert len(several) > 300, "the sample must hold true borders"
    for (lat, lon), found in zip(points, codes, strict=True):
        # Middles of edges are rounded, so that shapely may see them beside the border: then one code is all.
        if found:
            assert locate(lat, lon) == area_of(powiats, found, lat, lon), (lat, lon)


def test_G01_point_inside_a_polygon_gives_its_area_and_parent(exact: Places) -> None:
    assert exact.locate(53.1776, 22.0731) == Located("2062", "20", None)  # Łomża, the market square


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(52.52, 13.405), (49.1, 20.05), (55.2, 18.0), (0.0, 0.0), (-53.2, -22.0), (90.0, 0.0), (52.0, 180.0)],
    ids=["Berlin", "Tatras beyond the ridge", "Baltic", "null island", "antipodes", "pole", "date line"],
)
def test_G01_point_outside_every_polygon_is_outside_the_country(exact: Places, lat: float, lon: float) -> None:
    with pytest.raises(OutsideCountry):
        exact.locate(lat, lon)


@pytest.mark.parametrize(
    ("name", "lat", "lon", "area"),
    [
        ("Hel", 54.60384, 18.80351, "2211"),
        ("Jastarnia", 54.6983, 18.6773, "2211"),
        ("Kuźnica on the Hel peninsula", 54.7355, 18.5794, "2211"),
        ("Kuźnica in Podlaskie", 53.51094, 23.64953, "2011"),
        ("Słubice", 52.35088, 14.56065, "0805"),
        ("Rewal", 54.0812, 15.01471, "3205"),
        ("a city within the powiat that surrounds it", 53.1776, 22.0731, "2062"),
    ],
)
def test_town_at_the_edge_is_routed_exactly(exact: Places, name: str, lat: float, lon: float, area: str) -> None:
    assert exact.locate(lat, lon).area == area, name


def test_exact_pack_says_so(exact: Places) -> None:
    assert exact.boundaries == "exact"
