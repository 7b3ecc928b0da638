"""Health, catalogue, rules and units."""

import pytest

from chalicelib.domain.rules import rules
from infra.places.areas import Area
from infra.places.compiler import compile_areas
from tests.http.world import SEA, WARSAW, World, publish_pack


def test_H01_health_says_which_build_answers(world: World) -> None:
    answer = world.stranger().call("GET", "/v1/health")
    assert answer.status == 200
    assert answer.body == {"status": "ok", "build": "unknown", "version": "0.0.0", "boundaries": "exact"}
    assert answer.headers["cache-control"] == "no-store"


def test_the_catalogue_names_every_category_in_three_languages(world: World) -> None:
    answer = world.stranger().call("GET", "/v1/catalogue")
    known = world.box.instance.catalogue
    assert [category["code"] for category in answer.body["categories"]] == list(known.categories)
    assert all(category["names"].keys() == {"pl", "en", "uk"} for category in answer.body["categories"])
    assert {category["group"] for category in answer.body["categories"]} <= {
        group["code"] for group in answer.body["groups"]
    }
    assert answer.headers["cache-control"] == "public, max-age=300"


def test_the_rules_are_the_tables_of_the_code(world: World) -> None:
    answer = world.stranger().call("GET", "/v1/rules")
    assert answer.body == rules(world.box.instance)


def test_G01_a_point_belongs_to_the_unit_of_its_powiat(world: World) -> None:
    lat, lon = WARSAW
    answer = world.stranger().call("GET", f"/v1/units/locate?lat={lat}&lon={lon}")
    unit = world.box.instance.units.unit_for("1465", world.clock().date())
    assert answer.body["unit"] == {"code": unit.code, "name": unit.name}
    assert answer.body["teryt"] == {"wojewodztwo": "14", "powiat": "1465"}
    assert answer.body["boundaries"] == "exact"


def test_a_unit_names_the_one_above_it(world: World) -> None:
    answer = world.stranger().call("GET", "/v1/units/locate?lat=52.3&lon=22.0")
    units = world.box.instance.units
    parent = units[answer.body["unit"]["code"]].parent
    assert parent is not None
    assert answer.body["parent"] == {"code": parent, "name": units[parent].name}


def test_a_garrison_has_nobody_above_it(world: World) -> None:
    answer = world.stranger().call("GET", f"/v1/units/locate?lat={WARSAW[0]}&lon={WARSAW[1]}")
    assert answer.body["unit"]["code"] == "KSP"
    assert answer.body["parent"] is None


def test_boundaries_that_know_gminas_name_them_within_a_minute_of_their_import(world: World) -> None:
    target = "/v1/units/locate?lat=51.5&lon=19.5"
    assert world.stranger().call("GET", target).status == 422
    corners = [(19.0, 51.0), (20.0, 51.0), (20.0, 52.0), (19.0, 52.0), (19.0, 51.0)]
    publish_pack(world.stack, compile_areas([Area("1061029", [corners])]).pack)
    world.clock.pass_by(minutes=1)
    answer = world.stranger().call("GET", target)
    assert answer.body["teryt"] == {"wojewodztwo": "10", "powiat": "1061", "gmina": "1061029"}


@pytest.mark.parametrize("point", [SEA, (0, 0), (-90, 180), (90, -180)])
def test_R16_a_point_of_no_area_is_outside(world: World, point: tuple[float, float]) -> None:
    answer = world.stranger().call("GET", f"/v1/units/locate?lat={point[0]}&lon={point[1]}")
    assert (answer.status, answer.body["code"]) == (422, "outside_country")
