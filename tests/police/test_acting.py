"""What officers do over the interface: each deed with its audit, once, for cases in sight, with every fault named."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.domain.report import Status
from chalicelib.http.routes import ROUTES
from tests.http.gateway import Answer
from tests.http.world import NOON, World, errors
from tests.police.officers import Staff
from tests.receipt.cases import Held, held, held_at

Hire = Callable[..., Staff]

LOOKED = [{"day": "2026-06-10", "part": "morning"}, {"day": "2026-06-10", "part": "afternoon"}]
ACTS: dict[str, tuple[Status, dict[str, Any]]] = {
    "status": (Status.NEW, {"to": "verifying", "reason": "taken_up"}),
    "transfer": (Status.NEW, {"unit": "KMP-RADOM", "reason": "other_area"}),
    "location": (Status.NEW, {"lat": 52.24, "lon": 21.0}),
    "question": (Status.NEW, {"text": "Od strony ulicy?"}),
    "pause": (Status.VERIFYING, {"reason": "weather", "until": "2026-06-20"}),
}
"""Deeds at one case that need no other, by their route: a status in which each is possible, and its body."""


def do(who: Staff, case: Held, act: str, body: dict[str, Any] | None = None, **headers: str) -> Answer:
    """Do something with a case at its present version, unless the body names another."""
    version = case.world.current(case.id).version
    return who.call("POST", f"/v1/police/reports/{case.id}/{act}", {"version": version, **(body or {})}, **headers)


def audit(world: World) -> list[tuple[str, str, str, str]]:
    """Who did what to which report, in the role of whom."""
    noted = [item for item in world.items("main", "A#") if item["deed"]["S"] not in {"read", "case", "card", "photo"}]
    return [tuple(item[name]["S"] for name in ("who", "role", "deed", "report")) for item in noted]


def cases(world: World) -> list[dict[str, Any]]:
    """Everything but the audit."""
    return [item for item in world.items("main") if not item["PK"]["S"].startswith("A#")]


@pytest.fixture
def officer(staff: Hire) -> Staff:
    """An officer of Warsaw's unit."""
    return staff()


def test_a_step_answers_with_the_whole_case_and_leaves_its_audit(world: World, officer: Staff) -> None:
    case = held(world)
    answer = do(officer, case, "status", {"to": "verifying", "reason": "taken_up", "note": "Patrol 7"})
    assert (answer.status, answer.body["status"], answer.body["version"]) == (200, "verifying", 2)
    newest = answer.body["history"][-1]
    assert (newest["type"], newest["reason"], newest["note"], newest["by"]) == (
        *("status", "taken_up", "Patrol 7", "police"),
    )
    assert audit(world) == [("subject-officer-KSP", "officer", "step", case.id)]
    assert "subject-officer" not in str([item for item in case.items() if item["PK"]["S"].startswith("R#")])


@pytest.mark.parametrize("act", ACTS)
def test_every_deed_is_done_and_noted_in_one_transaction(world: World, officer: Staff, act: str) -> None:
    status, body = ACTS[act]
    case = held_at(world, status)
    before = world.current(case.id).version
    assert do(officer, case, act, body).status == 200
    assert world.current(case.id).version == before + 1
    assert [noted[3] for noted in audit(world)] == [case.id]


def test_a_deed_s_entry_is_that_of_the_look_too_and_a_repetition_has_its_own(world: World, officer: Staff) -> None:
    case, key = held(world, description="kanarek"), str(uuid4())
    body = {"to": "verifying", "reason": "taken_up", "version": 1}
    for deeds in (["step"], ["case", "step"]):
        answer = do(officer, case, "status", body, Idempotency_Key=key)
        assert (answer.status, answer.body["text"]) == (200, "kanarek")
        assert sorted(item["deed"]["S"] for item in world.items("main", "A#")) == deeds


@pytest.mark.parametrize("act", ACTS)
def test_S06_a_stale_version_is_a_conflict_with_the_case_as_it_stands(world: World, officer: Staff, act: str) -> None:
    status, body = ACTS[act]
    case = held_at(world, status)
    case.world.step(case.id, *(("verifying", "taken_up") if status is Status.NEW else ("joke", "joke")))
    before, now = world.items("main"), world.current(case.id)
    answer = do(officer, case, act, {**body, "version": now.version - 1})
    assert (answer.status, answer.body["code"]) == (409, "conflict")
    assert answer.body["current"] == {"status": now.status, "reason": now.reason, "version": now.version}
    assert world.items("main") == before


@pytest.mark.parametrize("act", ACTS)
def test_a_deed_that_is_sent_again_under_its_key_is_done_once(world: World, officer: Staff, act: str) -> None:
    status, body = ACTS[act]
    case, key = held_at(world, status), str(uuid4())
    sent = {**body, "version": world.current(case.id).version}
    first = do(officer, case, act, sent, Idempotency_Key=key)
    before = cases(world)
    again = do(officer, case, act, sent, Idempotency_Key=key)
    assert (first.status, again.status) == (200, 200)
    assert (again.body["version"], cases(world)) == (first.body["version"], before)
    other = do(officer, case, act, sent, Idempotency_Key=str(uuid4()))
    assert other.status in {404, 409}, "another key is another deed"


def test_the_same_key_with_another_body_is_another_deed(world: World, officer: Staff) -> None:
    case, key = held(world), str(uuid4())
    do(officer, case, "status", {"to": "verifying", "reason": "taken_up", "version": 1}, Idempotency_Key=key)
    answer = do(officer, case, "status", {"to": "joke", "reason": "joke", "version": 1}, Idempotency_Key=key)
    assert answer.status == 409


def test_the_same_key_at_another_case_is_another_deed(world: World, officer: Staff) -> None:
    case, other, key = held(world), held(world), str(uuid4())
    merger = {"into": other.id, "version": 1}
    assert do(officer, case, "merge", merger, Idempotency_Key=key).status == 200
    # Both cases hold an event of that merger, under its key.
    assert do(officer, other, "merge", merger, Idempotency_Key=key).status == 409


def test_a_key_of_one_officer_is_not_anothers(world: World, staff: Hire) -> None:
    case, key, body = held(world), str(uuid4()), {"to": "verifying", "reason": "taken_up", "version": 1}
    assert do(staff(), case, "status", body, Idempotency_Key=key).status == 200
    assert do(staff(role="coordinator"), case, "status", body, Idempotency_Key=key).status == 409


@pytest.mark.parametrize("act", [*ACTS, "merge", "resume"])
def test_Q02_a_foreign_units_case_is_not_there_and_nothing_changes(world: World, staff: Hire, act: str) -> None:
    case, before = held(world), None
    body = {**ACTS.get(act, (None, {"into": held(world).id} if act == "merge" else {}))[1]}
    before = world.items("main")
    foreign, unknown = staff("KMP-RADOM"), Held(world, "0" * 21, "")
    answer = do(foreign, case, act, body)
    path = f"/v1/police/reports/{unknown.id}/{act}"
    nowhere = foreign.call("POST", path, {"version": 1, **body})
    assert (answer.status, answer.body) == (nowhere.status, nowhere.body) == (404, nowhere.body)
    assert world.items("main") == before


def test_a_case_that_was_handed_over_tells_where_it_went(world: World, officer: Staff, staff: Hire) -> None:
    case = held(world)
    answer = do(officer, case, "transfer", ACTS["transfer"][1])
    assert (answer.status, answer.body["unit"]["code"], answer.body["version"]) == (200, "KMP-RADOM", 2)
    assert set(answer.body) == {"id", "version", "status", "unit"}
    assert do(officer, case, "status", {"to": "verifying", "reason": "taken_up"}).status == 404
    assert do(staff("KMP-RADOM"), case, "status", {"to": "verifying", "reason": "taken_up"}).status == 200


def test_the_national_desk_moves_cases_and_decides_none(world: World, staff: Hire) -> None:
    case, national = held(world), staff(None, "national")
    assert do(national, case, "status", ACTS["status"][1]).status == 403
    assert do(national, case, "transfer", ACTS["transfer"][1]).status == 200


def test_without_a_login_nothing_is_done(world: World) -> None:
    case = held(world)
    before = world.items("main")
    for path in (path for path, methods in ROUTES.items() if path.startswith("/v1/police/reports/{id}/")):
        if "POST" in ROUTES[path]:
            answer = Staff(None).call("POST", path.replace("{id}", case.id), {"version": 1})
            assert (answer.status, answer.body["code"]) == (401, "unauthorized")
    assert world.items("main") == before


def test_not_present_is_checked_twice_over_the_interface(world: World, officer: Staff) -> None:
    case = held_at(world, Status.VERIFYING)
    verdict = {"to": "unconfirmed", "reason": "not_present"}
    assert errors(do(officer, case, "status", verdict)) == {("checked", "missing")}
    first = do(officer, case, "status", {**verdict, "checked": LOOKED[:1]})
    assert (first.status, first.body["status"], first.body["due"]["kind"]) == (200, "verifying", "recheck")
    assert first.body["checked"] == LOOKED[:1]
    second = do(officer, case, "status", {**verdict, "checked": LOOKED[1:]})
    assert (second.body["status"], second.body["reason"], second.body["checked"]) == (
        *("unconfirmed", "not_present", LOOKED),
    )


def test_a_case_is_passed_on_to_a_body_that_is_named(world: World, officer: Staff) -> None:
    case = held_at(world, Status.CONFIRMED)
    step = {"to": "passed_on", "reason": "other_body"}
    assert errors(do(officer, case, "status", step)) == {("addressee", "missing")}
    body = {"name": "Zarząd Dróg", "contact": "tel. 19115"}
    answer = do(officer, case, "status", {**step, "addressee": body})
    assert (answer.status, answer.body["status"]) == (200, "passed_on")
    assert answer.body["history"][-1]["addressee"]["name"] == "Zarząd Dróg"
    receipt = case.look().body["history"][-1]
    assert receipt["addressee"] == "Zarząd Dróg"
    assert "19115" not in case.look().text


def test_a_case_is_merged_into_one_in_sight(world: World, officer: Staff) -> None:
    case, into, foreign = held(world), held(world), held(world)
    do(officer, foreign, "transfer", ACTS["transfer"][1])
    assert errors(do(officer, case, "merge", {"into": foreign.id})) == {("into", "not_mergeable")}
    answer = do(officer, case, "merge", {"into": into.id})
    assert (answer.status, answer.body["status"], answer.body["merged_into"]) == (200, "merged", into.id)


def test_a_clock_stands_and_goes_on(world: World, officer: Staff) -> None:
    case = held_at(world, Status.VERIFYING)
    paused = do(officer, case, "pause", ACTS["pause"][1])
    assert (paused.status, paused.body["due"]["paused"]) == (200, True)
    resumed = do(officer, case, "resume")
    assert (resumed.status, resumed.body["due"]["paused"]) == (200, False)


@pytest.mark.parametrize(
    ("act", "body", "expected"),
    [
        ("status", {"to": "nowhere", "reason": "joke"}, {("to", "unknown_value")}),
        ("status", {"to": "joke"}, {("reason", "missing")}),
        ("status", {"to": "eliminated", "reason": "gone"}, {("to", "step_not_allowed")}),
        ("status", {"to": "merged", "reason": "same_case"}, {("to", "step_not_allowed")}),
        ("status", {"to": "joke", "reason": "gone"}, {("reason", "reason_not_allowed")}),
        ("status", {"to": "joke", "reason": "joke", "note": "x" * 501}, {("note", "too_long")}),
        (
            "status",
            {"to": "joke", "reason": "joke", "checked": [{"day": "2026-13-01", "part": "noon"}], "extra": 1},
            {("day", "wrong_type"), ("checked.0.part", "unknown_value"), ("extra", "unknown_field")},
        ),
        ("status", {"to": "joke", "reason": "joke", "version": "1"}, {("version", "wrong_type")}),
        ("status", {"to": "joke", "reason": "joke", "version": 0}, {("version", "out_of_range")}),
        ("status", {"to": "joke", "reason": "joke", "addressee": {"name": "G"}}, {("addressee", "not_wanted")}),
        (
            "status",
            {"to": "joke", "reason": "joke", "addressee": {"name": "G", "partner": "g"}},
            {("addressee.name", "exclusive")},
        ),
        ("status", {"to": "joke", "reason": "joke", "addressee": {"contact": "x"}}, {("addressee.name", "missing")}),
        ("status", {"to": "joke", "reason": "joke", "addressee": {"name": " "}}, {("addressee.name", "empty")}),
        (
            "status",
            {"to": "joke", "reason": "joke", "addressee": {"partner": "nobody"}},
            {("addressee.partner", "unknown_value")},
        ),
        (
            "status",
            {"to": "joke", "reason": "joke", "addressee": {"name": "x" * 101, "contact": "\u202e"}},
            {("addressee.name", "too_long"), ("addressee.contact", "control_character")},
        ),
        ("transfer", {"unit": "NOWHERE"}, {("unit", "unknown_unit")}),
        ("transfer", {"unit": "KSP"}, {("unit", "same_unit")}),
        ("location", {"lat": 91, "lon": 21}, {("lat", "out_of_range")}),
        ("question", {"text": " "}, {("text", "missing")}),
        ("merge", {"into": "short"}, {("into", "mistyped")}),
        ("pause", {"reason": "lazy", "until": "tomorrow"}, {("reason", "unknown_value"), ("day", "wrong_type")}),
        ("pause", {"reason": "weather", "until": "20260620"}, {("day", "wrong_type")}),
        ("resume", {}, {("version", "not_wanted")}),
    ],
)
def test_bad_bodies_are_told_so_and_change_nothing(
    world: World, officer: Staff, act: str, body: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    case = held(world)
    before = world.items("main")
    answer = do(officer, case, act, body)
    assert (answer.status, errors(answer)) == (422, expected)
    assert world.items("main") == before


def test_a_place_outside_the_country_is_told_so(world: World, officer: Staff) -> None:
    case = held(world)
    answer = do(officer, case, "location", {"lat": 55.5, "lon": 18.0})
    assert (answer.status, answer.body["code"]) == (422, "outside_country")


def test_a_key_that_is_none_is_refused(world: World, officer: Staff) -> None:
    case = held(world)
    answer = do(officer, case, "status", ACTS["status"][1], Idempotency_Key="again")
    assert errors(answer) == {("Idempotency-Key", "not_a_uuid")}
    assert world.current(case.id).version == 1


def test_the_reporter_reads_transfers_second_looks_and_pauses(world: World, officer: Staff, staff: Hire) -> None:
    case = held(world)
    do(officer, case, "transfer", ACTS["transfer"][1])
    radom = staff("KMP-RADOM")
    do(radom, case, "status", {"to": "verifying", "reason": "taken_up"})
    do(radom, case, "status", {"to": "unconfirmed", "reason": "not_present", "checked": LOOKED[:1]})
    do(radom, case, "pause", ACTS["pause"][1])
    told = case.look().body
    assert [entry["type"] for entry in told["history"]] == ["accepted", "transfer", "status", "recheck", "pause"]
    moved, looked, paused = told["history"][1], told["history"][3], told["history"][4]
    units = world.box.units
    assert (moved["unit_from"]["code"], moved["unit_to"]["code"]) == ("KSP", "KMP-RADOM")
    assert moved["unit_to"]["name"] == units["KMP-RADOM"].name
    assert (looked["checked"], looked["until"] is not None) == (LOOKED[:1], True)
    assert paused["reason"] == "pause_weather"
    assert told["unit"]["code"] == "KMP-RADOM"
    assert NOON.year == 2026
