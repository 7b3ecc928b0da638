"""Filing a report: what is accepted, what is answered, and the same answer again."""

from datetime import timedelta
from typing import Any

import pytest

from tests.http.world import NOON, SEA, WARSAW, World, errors

KEY = "3f0c8f6e-2f43-4a53-9d0c-0f6f6d6c1a2b"

ELSEWHERE = WARSAW[0] + 0.01
"""A latitude at which nothing has been reported: there a report repeats none."""


def test_R10_a_sound_report_is_accepted_as_new(world: World) -> None:
    answer = world.citizen().file()
    assert answer.status == 201, answer.text
    assert answer.body["status"] == "new"
    assert answer.body["created_at"] == "2026-06-10T10:00:00.123Z"
    assert answer.body["unit"]["code"] == "KSP"
    assert answer.headers["location"] == f"/v1/reports/{answer.body['id']}"
    assert answer.headers["cache-control"] == "no-store"


def test_an_accepted_report_leaves_one_item_of_each_kind(world: World) -> None:
    world.citizen().file()
    assert world.census() == {"report": 1, "event": 1, "outbox": 1, "quota": 1}


def test_R14_the_same_submission_again_gets_the_same_answer(world: World) -> None:
    citizen = world.citizen()
    first = citizen.file(KEY)
    world.clock.pass_by(minutes=3)
    again = citizen.file(KEY, category="vandalism", description="something else")
    assert (first.status, again.status) == (201, 200)
    assert again.text == first.text
    assert world.census() == {"report": 1, "event": 1, "outbox": 1, "quota": 1}


def test_R14_a_submission_is_known_the_next_day_too(world: World) -> None:
    citizen = world.citizen()
    first = citizen.file(KEY)
    world.clock.pass_by(hours=16)
    again = citizen.file(KEY)
    assert (again.status, again.text) == (200, first.text)
    assert world.census()["report"] == 1
    assert citizen.file(lat=ELSEWHERE).status == 201, "and it has not used the new day"


def test_R14_a_submission_is_known_after_the_device_has_reported_again(world: World) -> None:
    citizen = world.citizen()
    first = citizen.file(KEY)
    world.clock.pass_by(hours=16)
    assert citizen.file(lat=ELSEWHERE).status == 201
    assert citizen.file(KEY).text == first.text


@pytest.mark.parametrize(
    "broken",
    [
        {"category": "nothing_of_the_kind"},
        {"lat": SEA[0], "lon": SEA[1]},
        {"occurred_at": (NOON - timedelta(days=90)).isoformat()},
        {"category": "drowning"},
    ],
)
def test_R14_a_submission_is_known_whatever_its_body_has_become(world: World, broken: dict[str, Any]) -> None:
    citizen = world.citizen()
    first = citizen.file(KEY)
    assert citizen.file(KEY, **broken).text == first.text


def test_a_receipt_belongs_to_one_device(world: World) -> None:
    one, other = world.citizen(), world.citizen()
    assert one.file(KEY).body["receipt"] != other.file(KEY).body["receipt"]
    assert world.census()["report"] == 2


def test_L01_a_second_report_of_the_day_is_refused_until_midnight(world: World) -> None:
    citizen = world.citizen()
    citizen.file()
    answer = citizen.file()
    assert (answer.status, answer.body["code"]) == (429, "quota_used")
    assert answer.body["resets_at"] == "2026-06-10T22:00:00.000Z"
    assert answer.headers["retry-after"] == str(12 * 3600)
    assert world.census() == {"report": 1, "event": 1, "outbox": 1, "quota": 1}


@pytest.mark.parametrize(
    "broken",
    [
        {"category": None},
        {"category": "drowning"},
        {"lat": SEA[0], "lon": SEA[1]},
        {"description": "x" * 501},
    ],
)
def test_L02_a_refused_report_costs_no_quota_and_leaves_nothing(world: World, broken: dict[str, Any]) -> None:
    citizen = world.citizen()
    assert citizen.file(**broken).status == 422
    assert world.census() == {"report": 0, "event": 0, "outbox": 0, "quota": 0}
    assert citizen.file().status == 201


def test_L04_only_filing_counts(world: World) -> None:
    citizen = world.citizen()
    citizen.call("GET", "/v1/catalogue")
    citizen.call("POST", "/v1/challenge", {"idempotency_key": KEY})
    assert citizen.file().status == 201


def test_R16_a_point_outside_the_country_is_refused(world: World) -> None:
    answer = world.citizen().file(lat=SEA[0], lon=SEA[1])
    assert (answer.status, answer.body["code"]) == (422, "outside_country")


def test_R20_a_withdrawn_category_is_refused(world: World) -> None:
    answer = world.citizen().file(category="drowning")
    assert (answer.status, answer.body["code"]) == (422, "category_withdrawn")
    assert answer.body["successors"] == ["dangerous_water"]


def test_R02_an_unknown_category_is_a_fault_of_its_field(world: World) -> None:
    assert errors(world.citizen().file(category="aliens")) == {("category", "unknown_category")}
    assert world.census()["report"] == 0


def test_G09_a_report_is_routed_by_the_place_that_is_kept(world: World) -> None:
    # On the border itself the area to the east answers; 4 cm west of it is kept as the border.
    west, border = world.citizen().file(lon=21.499999), world.citizen().file(lon=21.4999996)
    units = [world.box.units.unit_for(area, NOON.date()).code for area in ("1465", "1434")]
    assert [west.body["unit"]["code"], border.body["unit"]["code"]] == units
