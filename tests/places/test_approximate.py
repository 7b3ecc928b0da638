"""Approximate routing, out of the box: how often it is right, and that it refuses no town."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from h3.api import basic_int as h3

from chalicelib.domain.errors import OutsideCountry
from chalicelib.domain.place import Located, Places, load_pack
from chalicelib.services.regions import survey
from infra.places.builtin import builtin_pack
from tests.places.conftest import ROOT, area_or_none
from tests.places.regions import Regions

FLOOR_EVERYWHERE = 0.84
"""Measured: 0.849 of 20,000 points spread over Poland; the nearest place alone: 0.846."""
FLOOR_IN_CITIES = 0.83
"""Measured: 0.846 of 150 points in each of the 66 city powiats; the nearest place alone: 0.692."""
MOST_REFUSED = 0.001


@pytest.fixture(scope="module")
def regions(register_file: Path) -> Regions:
    return Regions(register_file)


def share_right(places: Places, points: Iterable[tuple[float, float]], wanted: Iterable[str]) -> tuple[float, float]:
    """Return which share of the points got the wanted area, and which was refused."""
    locate = area_or_none(places)
    answers = [(locate(lat, lon), code) for (lat, lon), code in zip(points, wanted, strict=True)]
    right = sum(found == code for found, code in answers)
    return right / len(answers), sum(found is None for found, _ in answers) / len(answers)


def test_points_all_over_poland_are_right_as_often_as_measured(approximate: Places, regions: Regions) -> None:
    points = regions.random_points(seed=11, count=10_000)
    right, refused = share_right(approximate, points, (codes[0] for codes in regions.touching(points)))
    assert right >= FLOOR_EVERYWHERE
    assert refused <= MOST_REFUSED


def test_points_inside_city_powiats_are_right_as_often_as_measured(approximate: Places, regions: Regions) -> None:
    cities = [code for code in regions.codes if int(code[2:]) >= 61]
    assert len(cities) == 66
    points = [(point, code) for code in cities for point in regions.random_points_in(code, seed=12, count=100)]
    right, _ = share_right(approximate, (point for point, _ in points), (code for _, code in points))
    assert right >= FLOOR_IN_CITIES


def test_no_town_of_the_gazetteer_is_refused_and_nearly_all_get_their_own_area(
    approximate: Places, polish_places: list[dict[str, str]]
) -> None:
    assert len(polish_places) > 3_000
    right, refused = share_right(
        approximate,
        ((float(place["lat"]), float(place["lng"])) for place in polish_places),
        (place["admin2"] for place in polish_places),
    )
    assert refused == 0
    assert right > 0.998


@pytest.mark.parametrize(
    ("name", "lat", "lon", "area"),
    [
        ("Hel", 54.60384, 18.80351, "2211"),
        ("the tip of the Hel peninsula", 54.5945, 18.8125, "2211"),
        ("Jastarnia", 54.6983, 18.6773, "2211"),
        ("Kuźnica on the Hel peninsula", 54.7355, 18.5794, "2211"),
        ("Kuźnica in Podlaskie", 53.51094, 23.64953, "2011"),
        ("Słubice", 52.35088, 14.56065, "0805"),
        ("Rewal", 54.0812, 15.01471, "3205"),
        ("Świnoujście", 53.91053, 14.24712, "3263"),
        ("Krynica Morska", 54.38045, 19.44415, "2210"),
        ("Cieszyn", 49.74963, 18.63546, "2403"),
        ("Zgorzelec, on the river", 51.1503, 15.0005, "0225"),
        ("Warszawa, Wola", 52.2366, 20.9548, "1465"),
        ("Zawidów, whose code the list lacks", 51.02546, 15.06213, "0225"),
    ],
)
def test_town_is_found_where_the_coarse_outline_is_tight(
    approximate: Places, name: str, lat: float, lon: float, area: str
) -> None:
    assert approximate.locate(lat, lon) == Located(area, area[:2], None), name


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(52.52, 13.405), (54.9, 20.9), (49.05, 20.3), (55.2, 18.0), (50.08, 14.43), (0.0, 0.0), (90.0, 0.0)],
    ids=["Berlin", "Kaliningrad", "Poprad", "Baltic", "Praha", "null island", "pole"],
)
def test_point_well_outside_is_outside_the_country(approximate: Places, lat: float, lon: float) -> None:
    with pytest.raises(OutsideCountry):
        approximate.locate(lat, lon)


@pytest.mark.parametrize(("km", "inside"), [(4.0, True), (9.0, False)])
def test_buffer_of_the_outline_ends_after_five_kilometres(approximate: Places, km: float, *, inside: bool) -> None:
    lat, lon = 54.8341, 18.3055  # the beach of Jastrzębia Góra, on the open sea
    assert (area_or_none(approximate)(lat + km / 111.32, lon) is not None) == inside


def test_pack_says_that_it_is_approximate(approximate: Places) -> None:
    assert approximate.boundaries == "approximate"


def test_bytes_of_the_pack_are_the_same_each_time(approximate_bytes: bytes) -> None:
    assert builtin_pack(ROOT / "instances" / "pl") == approximate_bytes


def test_city_instance_is_exact_within_its_own_outline() -> None:
    places = load_pack(builtin_pack(ROOT / "instances" / "vancouver"))
    assert places.boundaries == "exact"
    assert places.locate(49.2827, -123.1207) == Located("vancouver", None, None)
    with pytest.raises(OutsideCountry):
        places.locate(48.4284, -123.3656)  # Victoria


def test_its_areas_are_powiats_without_gminas(approximate: Places) -> None:
    assert len({area.area for area in approximate.areas}) == 380
    assert {area.gmina for area in approximate.areas} == {None}


def test_a_survey_of_it_gives_each_cell_the_area_of_the_coarse_one_that_holds_it(approximate: Places) -> None:
    region = survey(approximate, 7)
    warsaw = h3.latlng_to_cell(52.2297, 21.0122, 7)
    (row,) = region.rows(np.array([warsaw], dtype=np.uint64)).tolist()
    assert region.names[region.groups[row]] == "1465"
    assert len(region.names) > 370
    # Poland has 312,700 km², a cell of resolution 7 some 5.2.
    assert 55_000 < len(region.cells) < 75_000
