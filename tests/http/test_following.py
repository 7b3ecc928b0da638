"""Who sees what of a report, by id, by place and by receipt."""

from typing import Any

import h3
import pytest
from botocore.session import Session

from chalicelib.store import models
from tests.http.world import NOON, WARSAW, World

PUBLIC_MEMBERS = {
    *("id", "category", "status", "reason", "unit", "area", "created_day", "occurred_day", "part"),
    *("days", "parts", "resolved_day", "location", "sources", "pattern", "checked", "recheck_day", "addressee"),
}


def test_V03_an_ordinary_report_has_a_page_at_once(world: World) -> None:
    filed = world.citizen().file(description="only for the police").body
    answer = world.stranger().call("GET", f"/v1/reports/{filed['id']}")
    assert answer.status == 200
    assert answer.body.keys() == PUBLIC_MEMBERS
    assert answer.body["location"] == filed["location"]
    assert answer.body["created_day"] == "2026-06-10"
    assert answer.headers["cache-control"] == "public, max-age=60"


def test_V03_the_public_place_is_a_cell_and_not_the_point(world: World) -> None:
    lat, lon = 52.229676, 21.012229
    filed = world.citizen().file(lat=lat, lon=lon).body
    shown = world.stranger().call("GET", f"/v1/reports/{filed['id']}").body["location"]
    assert shown["cell"] == h3.latlng_to_cell(lat, lon, 11)
    assert (shown["lat"], shown["lon"]) != (lat, lon)
    assert h3.great_circle_distance((lat, lon), (shown["lat"], shown["lon"]), unit="m") <= shown["precision_m"] <= 60


@pytest.mark.parametrize(
    ("times", "seen"),
    [
        ({}, {"occurred_day": None, "part": None, "days": [], "parts": []}),
        ({"occurred_at": "2026-06-10T03:00:00+02:00"}, {"occurred_day": "2026-06-10", "part": "night"}),
        ({"occurred_at": "2026-06-09T13:00:00+02:00"}, {"occurred_day": "2026-06-09", "part": "afternoon"}),
        (
            {"pattern": {"days": [6, 5], "parts": ["night", "evening"]}},
            {"days": [5, 6], "parts": ["evening", "night"], "part": None},
        ),
    ],
)
def test_the_public_sees_days_and_parts_of_days(world: World, times: dict[str, Any], seen: dict[str, Any]) -> None:
    filed = world.citizen().file(**times).body
    shown = world.stranger().call("GET", f"/v1/reports/{filed['id']}").body
    assert {name: shown[name] for name in seen} == seen


@pytest.mark.parametrize("unknown", ["0" * 21, "x", "%2e%2e", "a%2Fb", "%00", "ą", "R%23"])
def test_V02_what_is_not_there_is_not_found(world: World, unknown: str) -> None:
    answer = world.stranger().call("GET", f"/v1/reports/{unknown}")
    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_V02_a_hidden_report_looks_as_if_it_were_not_there(world: World) -> None:
    citizen = world.citizen()
    filed = citizen.file(category="drug_use").body
    assert filed["location"] is None
    assert filed["links"]["public"] is None
    hidden = world.stranger().call("GET", f"/v1/reports/{filed['id']}")
    nothing = world.stranger().call("GET", f"/v1/reports/{'0' * 21}")
    assert (hidden.status, hidden.text, hidden.headers) == (404, nothing.text, nothing.headers)


def test_a_vulnerable_report_is_public_the_next_day_and_coarse(world: World) -> None:
    filed = world.citizen().file(category="homeless_person").body
    assert h3.get_resolution(filed["location"]["cell"]) == 8
    assert world.stranger().call("GET", f"/v1/reports/{filed['id']}").status == 404
    world.clock.pass_by(hours=12)
    shown = world.stranger().call("GET", f"/v1/reports/{filed['id']}")
    assert shown.body["location"] == filed["location"]


def test_a_category_that_needs_confirmation_is_not_public_before(world: World) -> None:
    filed = world.citizen().file(category="dangerous_venue", description="głośno").body
    world.clock.pass_by(days=2)
    assert world.stranger().call("GET", f"/v1/reports/{filed['id']}").status == 404


def near(world: World, *, radius: int = 500, category: str = "", lat: float = WARSAW[0], lon: float = WARSAW[1]) -> Any:
    query = f"lat={lat}&lon={lon}&radius_m={radius}" + (f"&category={category}" if category else "")
    answer = world.stranger().call("GET", f"/v1/reports?{query}")
    assert answer.status == 200, answer.text
    return answer.body["reports"]


def test_a_list_waits_for_the_publication_time(world: World) -> None:
    filed = world.citizen().file().body
    assert near(world) == []
    world.clock.now = NOON.replace(hour=10, minute=59)
    assert near(world) == []
    world.clock.now = NOON.replace(hour=11, minute=0)
    assert [report["id"] for report in near(world)] == [filed["id"]]


def test_a_list_names_the_nearest_first_in_true_metres(world: World) -> None:
    filed = {metres: world.citizen().file(lat=WARSAW[0] + metres / 111_195).body["id"] for metres in (1500, 40, 700)}
    world.clock.pass_by(hours=2)
    found = near(world, radius=1600)
    assert [report["id"] for report in found] == [filed[40], filed[700], filed[1500]]
    for report, metres in zip(found, sorted(filed), strict=True):
        place = (report["location"]["lat"], report["location"]["lon"])
        assert report["distance_m"] == pytest.approx(h3.great_circle_distance(WARSAW, place, unit="m"), abs=0.1)
        assert report["distance_m"] == pytest.approx(metres, abs=30)
    assert [report["id"] for report in near(world, radius=800)] == [filed[40], filed[700]]


def test_a_list_is_measured_to_the_public_place(world: World) -> None:
    world.citizen().file(lat=52.229676, lon=21.012229)
    world.clock.pass_by(hours=2)
    (report,) = near(world, lat=52.229676, lon=21.012229)
    assert report["distance_m"] > 0, "an exact distance would give the exact place away"


@pytest.mark.parametrize("offset", [(0.0, 0.0), (0.012, 0.0), (-0.012, 0.02), (0.0, -0.027), (0.017, 0.003)])
def test_a_list_finds_across_the_borders_of_index_cells(world: World, offset: tuple[float, float]) -> None:
    lat, lon = WARSAW[0] + offset[0], WARSAW[1] + offset[1]
    filed = world.citizen().file(lat=lat, lon=lon).body
    world.clock.pass_by(hours=2)
    assert [report["id"] for report in near(world, radius=2000)] == [filed["id"]]


def test_a_list_finds_a_coarse_place_within_the_radius(world: World) -> None:
    filed = world.citizen().file(category="begging").body
    world.clock.pass_by(days=1)
    place = filed["location"]
    assert [report["id"] for report in near(world, radius=1, lat=place["lat"], lon=place["lon"])] == [filed["id"]]


def test_a_list_keeps_to_a_category(world: World) -> None:
    world.citizen().file(category="vandalism")
    filed = world.citizen().file().body
    world.clock.pass_by(hours=2)
    assert [report["id"] for report in near(world, category="illegal_dump")] == [filed["id"]]


def test_a_list_goes_back_ninety_days_over_months(world: World) -> None:
    filed = world.citizen().file().body
    world.clock.pass_by(days=89)
    assert [report["id"] for report in near(world)] == [filed["id"]]
    world.clock.pass_by(days=2)
    assert near(world) == []


def test_a_list_holds_fifty_at_most(world: World) -> None:
    for _ in range(53):
        world.citizen().file()
    world.clock.pass_by(hours=2)
    assert len(near(world)) == 50


def test_a_search_of_a_fresh_process_makes_one_client(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    create = Session.create_client

    def counted(self: Session, *arguments: Any, **named: Any) -> Any:
        made.append(arguments[0])
        return create(self, *arguments, **named)

    models.bind(world.box.settings.main_table, world.box.settings.quota_table)
    monkeypatch.setattr(Session, "create_client", counted)
    near(world, radius=2000)
    assert made.count("dynamodb") == 1


def test_a_list_never_holds_a_hidden_report(world: World) -> None:
    world.citizen().file(category="animal_cruelty")
    world.clock.pass_by(days=2)
    assert near(world) == []
