"""The files of what lies in an area, by which the map shows one area alone."""

import json
from datetime import timedelta
from typing import Any

import h3
import pytest
from jsonschema import Draft202012Validator

from chalicelib.services.outlines import FOLDER
from chalicelib.services.stable import schemas
from tests.nightly.powiats import BOXES, EAST, NORTH, SOUTH, say_where_the_country_is
from tests.nightly.world import NOON, WARSAW, Night, days_ago

REGION = "14"


@pytest.fixture
def country(night: Night) -> Night:
    """A night in a country of two powiats of one voivodeship."""
    say_where_the_country_is(night)
    night.file(at=days_ago(2))
    night.run()
    return night


def outline(night: Night, area: str) -> dict[str, Any]:
    return dict(night.document(night.manifest()["outlines"].format(area=area)))


def holds(found: dict[str, Any], lat: float, lon: float) -> bool:
    """Whether a point is in an area, as a reader finds it: its cell or one above it is listed."""
    cell = h3.latlng_to_cell(lat, lon, found["res"])
    return any(h3.cell_to_parent(cell, res) in found["cells"] for res in range(found["res"] + 1))


def test_a_point_is_in_the_area_whose_cell_it_is_in(country: Night) -> None:
    west, east = outline(country, "1465"), outline(country, "1432")
    steps = 24
    near_the_border = 0.02
    told = 0
    for row in range(1, steps):
        for column in range(1, steps):
            lat, lon = SOUTH + (NORTH - SOUTH) * row / steps, 20.7 + 0.6 * column / steps
            if min(abs(lon - edge) for box in BOXES.values() for edge in box) < near_the_border:
                continue
            assert (holds(west, lat, lon), holds(east, lat, lon)) == (lon < EAST, lon > EAST)
            told += 1
    assert told > 400


def test_no_cell_is_in_two_areas_and_all_of_them_are_what_is_above(country: Night) -> None:
    west, east, both = (outline(country, area) for area in ("1465", "1432", REGION))
    cells = [set(h3.uncompact_cells(one["cells"], one["res"])) for one in (west, east, both)]
    assert not cells[0] & cells[1]
    assert cells[0] | cells[1] == cells[2]
    assert len(both["cells"]) < len(cells[2]) / 3


def test_the_list_names_every_file(country: Night) -> None:
    listed = outline(country, "index")["areas"]
    assert [(one["area"], one["level"]) for one in listed] == [
        (REGION, "voivodeship"),
        ("1432", "powiat"),
        ("1465", "powiat"),
    ]
    schema = next(json.loads(file.body) for file in schemas() if file.key.endswith("/outlines.json"))
    Draft202012Validator(schema).validate({"areas": listed})
    for one in listed:
        found = outline(country, one["area"])
        Draft202012Validator(schema).validate(found)
        assert (found["area"], found["name"], found["level"]) == (one["area"], one["name"], one["level"])


def test_the_files_are_written_once_and_go_when_no_build_names_them(country: Night) -> None:
    first = country.objects(FOLDER)
    country.now = NOON + timedelta(days=1)
    country.run()
    assert country.objects(FOLDER) == first
    country.s3.delete_object(Bucket=country.work, Key="places/current.json")
    for day in (2, 3, 4, 5):
        country.now = NOON + timedelta(days=day)
        country.file(at=country.now - timedelta(days=1), place=WARSAW)
        country.run()
    assert "outlines" not in country.manifest()
    assert country.objects(FOLDER) == {}


def test_before_anybody_has_said_where_the_country_is_there_are_none(night: Night) -> None:
    night.file(at=days_ago(2))
    night.run()
    assert "outlines" not in night.manifest()
