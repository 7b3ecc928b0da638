"""`GET /v1/police/reports`: the lists of an officer's units."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.store import keys
from tests.http.world import NOON, WARSAW, World, errors
from tests.police.cases import FAR, NEIGHBOUR, UNIT, closed, put, report
from tests.police.officers import Staff

QUEUE = "/v1/police/reports"
ROW = {
    *("id", "version", "category", "priority", "status", "reason", "tier", "unit", "area", "area_name", "created_at"),
    *("due", "location", "sources", "photos", "has_text", "place", "asked", "answered", "checked"),
}

Hire = Callable[..., Staff]


def ids(answer: Any) -> list[str]:
    assert answer.status == 200, answer.text
    return [row["id"] for row in answer.body["reports"]]


def test_V06_a_row_has_what_an_officer_chooses_by_and_no_word_of_the_reporter_s(world: World, staff: Hire) -> None:
    filed = world.citizen().file(description="kanarek", occurred_at="2026-06-10T08:00:00+02:00").body
    answer = staff(filed["unit"]["code"]).call("GET", QUEUE)
    (row,) = answer.body["reports"]
    assert row.keys() == ROW
    assert answer.body.keys() == {"reports", "cursor", "now"}
    assert "kanarek" not in answer.text
    assert row == {
        **{name: row[name] for name in ("id", "unit", "area")},
        **dict.fromkeys(("reason", "area_name", "place")),
        **dict.fromkeys(("asked", "answered"), False),
        "version": 1,
        "category": "illegal_dump",
        "priority": 3,
        "status": "new",
        "tier": 1,
        "created_at": keys.instant(NOON),
        "due": {"kind": "take_up", "at": filed["due"]["take_up"], "overdue": False, "paused": False},
        "location": {"lat": WARSAW[0], "lon": WARSAW[1]},
        "sources": 1,
        "photos": 0,
        "has_text": True,
        "checked": [],
    }
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("unit", "role", "seen"),
    [
        (UNIT, "officer", ["case0001"]),
        ("KSP", "officer", ["case0001", "case0002"]),
        ("KSP", "voivodeship", ["case0001", "case0002"]),
        (None, "national", ["case0001", "case0002", "case0003"]),
        ("KPP-PIASECZNO", "coordinator", []),
    ],
)
def test_each_sees_the_cases_of_the_own_unit_and_of_those_below(
    world: World, staff: Hire, unit: str | None, role: str, seen: list[str]
) -> None:
    put(report(world, number, unit=unit) for number, unit in enumerate([UNIT, NEIGHBOUR, FAR], start=1))
    assert ids(staff(unit, role).call("GET", QUEUE)) == seen


def test_one_of_the_units_can_be_asked_for_with_those_below_it(world: World, staff: Hire) -> None:
    put(report(world, number, unit=unit) for number, unit in enumerate([UNIT, NEIGHBOUR, FAR], start=1))
    nation = staff(None, "national")
    assert ids(nation.call("GET", f"{QUEUE}?unit=KSP")) == ["case0001", "case0002"]
    assert ids(nation.call("GET", f"{QUEUE}?unit={FAR}")) == ["case0003"]


@pytest.mark.parametrize("unit", [FAR, "nowhere"])
def test_a_foreign_unit_is_refused_like_one_that_is_not_there(staff: Hire, unit: str) -> None:
    answer = staff(NEIGHBOUR).call("GET", f"{QUEUE}?unit={unit}")
    assert (answer.status, errors(answer)) == (422, {("unit", "unknown_value")})
    assert FAR not in answer.text.replace(unit, "")


def test_pages_follow_one_another_by_the_cursor(world: World, staff: Hire) -> None:
    put(report(world, number, NOON + timedelta(hours=number)) for number in range(5))
    officer, walked = staff(UNIT), list[list[str]]()
    cursor: str | None = ""
    while cursor is not None:
        answer = officer.call("GET", f"{QUEUE}?limit=2{cursor and f'&cursor={cursor}'}")
        walked.append(ids(answer))
        cursor = answer.body["cursor"]
    assert walked == [["case0000", "case0001"], ["case0002", "case0003"], ["case0004"]]


def test_overdue_cases_come_first_and_can_be_asked_for_alone(world: World, staff: Hire) -> None:
    put([report(world, 1, NOON + timedelta(hours=1)), report(world, 2, NOON - timedelta(hours=1))])
    officer = staff(UNIT)
    answer = officer.call("GET", QUEUE)
    assert [(row["id"], row["due"]["overdue"]) for row in answer.body["reports"]] == [
        ("case0002", True),
        ("case0001", False),
    ]
    assert ids(officer.call("GET", f"{QUEUE}?overdue=true")) == ["case0002"]


def test_the_closed_ones_are_those_of_today_or_of_the_day_asked_for(world: World, staff: Hire) -> None:
    put([closed(world, 1, NOON), closed(world, 2, NOON - timedelta(days=1)), report(world, 3)])
    officer = staff(UNIT)
    assert ids(officer.call("GET", f"{QUEUE}?closed=true")) == ["case0001"]
    assert ids(officer.call("GET", f"{QUEUE}?closed=true&day=2026-06-09&status=joke")) == ["case0002"]
    (row,) = officer.call("GET", f"{QUEUE}?closed=true").body["reports"]
    assert row["due"] == {"kind": "none", "at": None, "overdue": False, "paused": False}


def test_what_is_due_follows_the_case(world: World, staff: Hire) -> None:
    filed = world.citizen().file().body
    case = filed["id"]

    def due() -> dict[str, Any]:
        # A login does not last as long as a case does.
        (row,) = staff(filed["unit"]["code"]).call("GET", QUEUE).body["reports"]
        found: dict[str, Any] = row["due"]
        return found

    world.step(case, "verifying", "taken_up")
    # A step is never told as of the same moment as the one before it.
    verify = keys.instant(NOON + timedelta(days=7, milliseconds=1))
    assert due() == {"kind": "verify", "at": verify, "overdue": False, "paused": False}
    world.clock.pass_by(days=8)
    assert due() == {"kind": "verify", "at": verify, "overdue": True, "paused": False}
    world.step(case, "confirmed", "seen_at_check")
    assert due() == {"kind": "none", "at": None, "overdue": False, "paused": False}


def test_sightings_count_as_sources(world: World, staff: Hire) -> None:
    filed = world.citizen().file().body
    for _ in range(2):
        seen = world.citizen().call(
            "POST",
            f"/v1/reports/{filed['id']}/corroborations",
            {},
            Idempotency_Key="3f0c8f6e-2f43-4a53-9d0c-0f6f6d6c1a2b",
        )
        assert seen.status == 201
    (row,) = staff(filed["unit"]["code"]).call("GET", QUEUE).body["reports"]
    assert row["sources"] == 3


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("status=joke", {("status", "unknown_value")}),
        ("status=new&day=2026-06-10", {("status", "unknown_value")}),
        ("category=none&priority=4&tier=x", {(name, "unknown_value") for name in ("category", "priority", "tier")}),
        ("overdue=yes&closed=1", {("overdue", "unknown_value"), ("closed", "unknown_value")}),
        ("overdue=true&day=2026-06-10", {("overdue", "exclusive")}),
        ("day=20260610", {("day", "wrong_type")}),
        ("day=2026-02-30", {("day", "wrong_type")}),
        ("limit=0&x=1", {("limit", "out_of_range"), ("x", "unknown_field")}),
        ("limit=101", {("limit", "out_of_range")}),
        ("limit=1.5", {("limit", "wrong_type")}),
        ("cursor=x", {("cursor", "mistyped")}),
        ("status=new&status=new", {("status", "repeated")}),
    ],
)
def test_every_fault_of_a_question_is_named(staff: Hire, query: str, faults: set[tuple[str, str]]) -> None:
    answer = staff().call("GET", f"{QUEUE}?{query}")
    assert (answer.status, errors(answer)) == (422, faults)
