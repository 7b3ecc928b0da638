"""Answering and taking back by receipt: what is possible when, twice over, and two at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.report import Status
from tests.http.gateway import Answer
from tests.http.world import World, errors
from tests.receipt.cases import Held, held, held_at
from tests.store.faults import faults, lost_after


def eliminated(world: World, days: int = 0) -> Held:
    """A case that was closed as removed so many days ago."""
    case = held_at(world, Status.ELIMINATED)
    world.clock.pass_by(days=days)
    return case


def asked(world: World) -> Held:
    """A case in which the police have asked."""
    case = held(world)
    case.ask()
    return case


def refused(answer: Answer, code: str, status: str, may: list[str]) -> None:
    assert (answer.status, answer.body["code"]) == (409, code)
    assert (answer.body["case_status"], answer.body["may"]) == (status, may)


def census(world: World) -> list[dict[str, Any]]:
    return sorted(world.items("main"), key=lambda item: (item["PK"]["S"], item["SK"]["S"]))


def test_a_mistake_is_taken_back_while_nobody_has_taken_it_up(world: World) -> None:
    case = held(world)
    answer = case.withdraw()
    assert (answer.status, answer.body["status"], answer.body["reason"]) == (200, "withdrawn", "taken_back")
    assert (answer.body["may"], answer.body["history"][-1]["by"]) == ([], "reporter")
    assert world.stranger().call("GET", f"/v1/reports/{case.id}").status == 404


@pytest.mark.parametrize("status", [status for status in Status if status not in {"new", "withdrawn"}])
def test_what_is_in_the_police_s_hands_cannot_be_taken_back(world: World, status: Status) -> None:
    case = held_at(world, status)
    before = census(world)
    may = ["still_there"] if status in {"unconfirmed", "eliminated"} else []
    refused(case.withdraw(), "too_late", status, may)
    assert census(world) == before


def test_an_answer_in_words_is_cleaned_kept_beside_the_event_and_told_to_the_unit(world: World) -> None:
    case = asked(world)
    answer = case.say("text", "  Po lewej,\u200b  za mostem ")
    assert (answer.status, answer.body["history"][-1]["text"]) == (200, "Po lewej, za mostem")
    (kept,) = [item for item in case.items() if item["t"]["S"] == "text" and item["by"]["S"] == "reporter"]
    assert (kept["SK"]["S"], kept["text"]["S"]) == ("T#000003", "Po lewej, za mostem")
    assert "mostem" not in str([item for item in world.items("main") if item["t"]["S"] != "text"])
    alerts = [item["kind"]["S"] for item in case.items() if item["t"]["S"] == "outbox"]
    assert sorted(alerts) == ["accepted", "answered"]


def test_that_it_is_gone_is_noted_and_not_asked_again(world: World) -> None:
    case = eliminated(world, days=28)
    answer = case.say("gone")
    assert (answer.status, answer.body["status"], answer.body["question"]) == (200, "eliminated", None)
    last = answer.body["history"][-1]
    assert (last["type"], last["answer"], last["text"]) == ("answer", "gone", None)
    assert answer.body["may"] == ["still_there"]


@pytest.mark.parametrize(("status", "days"), [(Status.UNCONFIRMED, 7), (Status.ELIMINATED, 56)])
def test_S04_still_there_opens_the_case_again_for_as_long_as_the_table_says(
    world: World, status: Status, days: int
) -> None:
    case = held_at(world, status)
    world.clock.now = datetime.fromisoformat("2026-06-10T23:59:59+02:00") + timedelta(days=days)
    answer = case.say("still_there")
    assert (answer.status, answer.body["status"], answer.body["reason"]) == (200, "verifying", "still_there")
    late = held_at(world, status, category="vandalism")
    closed = world.current(late.id).resolved
    world.clock.now = datetime.fromisoformat(str(closed)) + timedelta(days=days + 1, hours=2)
    refused(late.say("still_there"), "too_late", status, [])


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        *(("gone", status, "no_question") for status in Status),
        *(("text", status, "no_question") for status in Status),
        *(("still_there", status, "no_question") for status in Status if status not in {"unconfirmed", "eliminated"}),
    ],
)
def test_an_answer_that_nobody_asked_for_changes_nothing(world: World, answer: str, status: Status, code: str) -> None:
    case = held_at(world, status)
    before = census(world)
    said = case.say(answer, "Słowa" if answer == "text" else None)
    refused(said, code, status, said.body["may"])
    assert census(world) == before


def test_a_question_lapses_with_the_case_and_lives_again_with_it(world: World) -> None:
    case = asked(world)
    case.go("verifying", "unconfirmed")
    refused(case.say("text", "Po lewej"), "too_late", "unconfirmed", ["still_there"])
    case.say("still_there")
    assert case.say("text", "Po lewej").status == 200


@pytest.mark.parametrize(
    ("body", "faults_"),
    [
        ({}, {("answer", "missing")}),
        ({"answer": "maybe"}, {("answer", "unknown_value")}),
        ({"answer": 1}, {("answer", "unknown_value")}),
        ({"answer": "text"}, {("text", "missing")}),
        ({"answer": "text", "text": " \u200b "}, {("text", "missing")}),
        ({"answer": "text", "text": "x" * 501}, {("text", "too_long")}),
        ({"answer": "text", "text": "a\x07b"}, {("text", "control_character")}),
        ({"answer": "text", "text": 7}, {("text", "wrong_type")}),
        ({"answer": "gone", "text": "x"}, {("text", "not_wanted")}),
        ({"answer": "still_there", "text": ""}, {("text", "not_wanted")}),
        ({"answer": "gone", "receipt": "x"}, {("receipt", "unknown_field")}),
    ],
)
def test_every_fault_of_an_answer_is_named(world: World, body: dict[str, Any], faults_: set[tuple[str, str]]) -> None:
    case = asked(world)
    before = census(world)
    answer = world.stranger().call("POST", "/v1/receipt/answers", body, Receipt=case.receipt)
    assert (answer.status, errors(answer)) == (422, faults_)
    wrong = world.stranger().call("POST", "/v1/receipt/answers", body, Receipt="0000")
    assert errors(wrong) == {("Receipt", "mistyped"), *faults_}
    assert census(world) == before


def test_a_sound_body_does_not_help_a_mistyped_receipt(world: World) -> None:
    answer = world.stranger().call("POST", "/v1/receipt/answers", {"answer": "gone"}, Receipt="0000")
    assert errors(answer) == {("Receipt", "mistyped")}


@pytest.mark.parametrize("deed", ["withdraw", "text", "gone", "still_there"])
def test_S12_doing_it_again_changes_nothing_and_answers_the_same(world: World, deed: str) -> None:
    case = held(world) if deed == "withdraw" else asked(world) if deed == "text" else eliminated(world, 30)

    def do() -> Answer:
        return case.withdraw() if deed == "withdraw" else case.say(deed, "Po lewej" if deed == "text" else None)

    first = do()
    assert first.status == 200
    before = census(world)
    world.clock.pass_by(minutes=5)
    again = do()
    assert (again.status, again.text) == (200, first.text)
    assert census(world) == before


def test_other_words_do_not_take_the_place_of_an_answer(world: World) -> None:
    case = asked(world)
    case.say("text", "Po lewej")
    refused(case.say("text", "Po prawej"), "already_answered", "new", ["withdraw"])
    assert case.look().body["history"][-1]["text"] == "Po lewej"


def test_still_there_repeated_after_the_police_went_on_is_the_old_one(world: World) -> None:
    case = eliminated(world)
    case.say("still_there")
    case.go("confirmed")
    before = census(world)
    assert case.say("still_there").body["status"] == "confirmed"
    assert census(world) == before
    case.go("eliminated")
    assert case.say("still_there").body["status"] == "verifying", "closed again, said again"


def test_after_a_new_removal_the_map_asks_again(world: World) -> None:
    case = eliminated(world, days=28)
    case.say("gone")
    case.say("still_there")
    case.go("confirmed", "eliminated")
    world.clock.pass_by(days=28)
    assert case.look().body["may"] == ["gone", "still_there"]


def test_an_officer_s_reopening_is_not_the_reporter_s(world: World) -> None:
    case = eliminated(world)
    world.step(case.id, "verifying", "check_again")
    refused(case.say("still_there"), "no_question", "verifying", [])


def test_an_answer_lost_on_the_way_is_found_by_the_next_try(world: World) -> None:
    case = held(world)
    with faults(lost_after, lost_after, lost_after):
        assert case.withdraw().status == 503
    assert case.withdraw().body["status"] == "withdrawn"
    assert [event["type"] for event in case.look().body["history"]] == ["accepted", "status"]


@pytest.mark.parametrize(
    ("status", "text", "fault"),
    [
        ("new", " ", ("text", "missing")),
        ("new", "x" * 501, ("text", "too_long")),
        ("eliminated", "Gdzie?", ("text", "closed")),
    ],
)
def test_a_question_must_be_a_question_in_an_open_case(
    world: World, status: str, text: str, fault: tuple[str, str]
) -> None:
    case = held_at(world, Status(status))
    with pytest.raises(Invalid) as refusal:
        case.ask(text)
    assert [(each.field, each.code) for each in refusal.value.faults] == [fault]


def test_the_police_ask_once(world: World) -> None:
    case = asked(world)
    with pytest.raises(Invalid) as refusal:
        case.ask("A kiedy?")
    (fault,) = refusal.value.faults
    assert (fault.field, fault.code, fault.params) == ("text", "too_many", {"limit": 1})


@pytest.mark.parametrize("gone", [Status.MERGED, Status.WITHDRAWN, Status.JOKE])
def test_D06_a_merger_needs_a_case_that_lasts(world: World, gone: Status) -> None:
    case, other = held(world, category="vandalism"), held_at(world, gone)
    for target in (case.id, other.id, "0" * 21):
        with pytest.raises(Invalid) as refusal:
            world.casework.merge(case.id, target, 1)
        assert [(each.field, each.code) for each in refusal.value.faults] == [("into", "not_mergeable")]
    assert world.current(case.id).version == 1


def test_D06_each_of_two_merged_cases_names_the_other(world: World) -> None:
    case, other = held(world), held(world)
    assert world.casework.merge(case.id, other.id, 1).into == other.id
    names = {item["id"]["S"]: item["other"]["S"] for item in world.items("main") if "other" in item}
    assert names == {case.id: other.id, other.id: case.id}
