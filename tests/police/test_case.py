"""`GET /v1/police/reports/{id}`: a case with everything that is known of it, and who has looked."""

from datetime import timedelta
from typing import Any

import pytest
from pynamodb.exceptions import PutError

from chalicelib.domain.report import Status
from chalicelib.domain.steps import STEPS, Actor, allowed
from chalicelib.services.routing import Routing
from chalicelib.store import keys
from tests.http.world import NOON, WARSAW, World
from tests.police.cases import FAR, UNIT, metered, put, report
from tests.police.test_queue import ROW, Hire

CASE = ROW | {
    *("occurred_at", "pattern", "boundaries", "text", "history", "question", "sighted", "suggested", "steps"),
    *("merged_from", "merged_into", "near", "links", "addressees"),
}
EVENT = {
    *("seq", "at", "type", "from", "to", "reason", "by", "answer", "checked", "until", "addressee", "unit_from"),
    *("unit_to", "other", "whose", "text", "note"),
}
WORDS = "kanarek"
EAST = (52.23, 21.6)
"""A point in the area 1434, which another unit than Warsaw's answers for."""


def show(staff: Any, case: str, **headers: str) -> Any:
    return staff.call("GET", f"/v1/police/reports/{case}", **headers)


@pytest.fixture
def filed(world: World) -> dict[str, Any]:
    """A report with words and a pattern."""
    body: dict[str, Any] = (
        world.citizen().file(description=WORDS, pattern={"days": [5, 6], "parts": ["evening", "night"]}).body
    )
    return body


@pytest.mark.parametrize(
    ("unit", "role"),
    [("KSP", "officer"), ("KSP", "coordinator"), ("KSP", "voivodeship"), (None, "national")],
)
def test_V06_every_role_sees_the_same_members_and_nothing_of_the_reporter(
    staff: Hire, filed: dict[str, Any], unit: str | None, role: str
) -> None:
    answer = show(staff(unit, role), filed["id"])
    assert answer.status == 200, answer.text
    assert answer.body.keys() == CASE
    assert {frozenset(event) for event in answer.body["history"]} == {frozenset(EVENT)}
    assert answer.headers["cache-control"] == "no-store"
    assert "10.0.0." not in answer.text
    assert filed["receipt"].replace("-", "") not in answer.text.replace("-", "")
    assert (answer.body["steps"] == []) is (role == "national")


def test_a_case_tells_what_was_reported(staff: Hire, filed: dict[str, Any]) -> None:
    body = show(staff(), filed["id"]).body
    assert body["text"] == WORDS
    assert body["pattern"] == {"days": [5, 6], "parts": ["evening", "night"]}
    assert body["occurred_at"] is None
    assert body["location"] == {"lat": WARSAW[0], "lon": WARSAW[1]}
    assert (body["boundaries"], body["question"], body["merged_from"], body["near"]) == ("exact", None, [], [])
    assert [each["count"] for each in body["sighted"]["pattern"]] == [1, 1, 1, 1]
    assert body["links"] == {"public": None}


def test_the_public_page_is_named_once_there_is_one(world: World, staff: Hire, filed: dict[str, Any]) -> None:
    world.clock.pass_by(hours=2)
    site = world.box.settings.site_url
    assert show(staff(), filed["id"]).body["links"] == {"public": f"{site}/#/map?show={filed['id']}"}


@pytest.mark.parametrize("status", Status)
def test_the_steps_offered_are_those_of_the_table_that_are_the_unit_s(
    world: World, staff: Hire, status: Status
) -> None:
    is_open = status in {step.source for step in STEPS} - {Status.UNCONFIRMED, Status.ELIMINATED}
    put([report(world, 1, status=status.value, resolved=None if is_open else keys.instant(NOON))])
    wanted = [step for step in allowed(status) if Actor.POLICE in step.actors and step.target is not Status.MERGED]
    offered = show(staff(UNIT), "case0001").body["steps"]
    assert [(step["to"], step["reasons"]) for step in offered] == [(step.target, list(step.reasons)) for step in wanted]
    needs = {step["to"]: step["needs"] for step in offered}
    assert needs.get("unconfirmed", ["checked"]) == ["checked"]
    assert needs.get("passed_on", ["addressee"]) == ["addressee"]
    assert not any(needs.get(other) for other in ("verifying", "confirmed", "joke", "eliminated"))


def test_history_has_words_for_the_reporter_and_notes_for_the_police(
    world: World, staff: Hire, filed: dict[str, Any]
) -> None:
    world.step(filed["id"], "verifying", "taken_up", public="Jedziemy.", note="Patrol 2.")
    world.casework.ask(filed["id"], "Kiedy?", 2)
    event = show(staff(), filed["id"]).body["history"][1]
    assert (event["from"], event["to"], event["by"]) == ("new", "verifying", "police")
    assert (event["text"], event["note"]) == ("Jedziemy.", "Patrol 2.")


def test_history_names_the_units_of_a_transfer_and_of_a_place_that_is_another_s(
    world: World, staff: Hire, filed: dict[str, Any]
) -> None:
    nation, units = staff(None, "national"), world.box.units
    routing = Routing(world.box.instance, world.clock())
    routing.transfer(filed["id"], FAR, 1)
    routing.transfer(filed["id"], "KSP", 2)
    routing.correct(filed["id"], *EAST, 3, lambda: world.box.places)
    filing, *moves = show(nation, filed["id"]).body["history"]
    assert (filing["unit_from"], filing["unit_to"]) == (None, None)
    east = units.unit_for("1434", NOON.date()).code
    assert [(move["type"], move["unit_from"]["code"], move["unit_to"]["code"]) for move in moves] == [
        ("transfer", "KSP", FAR),
        ("transfer", FAR, "KSP"),
        ("location", "KSP", east),
    ]
    far = units[FAR]
    assert moves[0]["unit_to"] == {"code": FAR, "name": far.name, "short": far.short}


def test_a_place_within_the_unit_names_none(world: World, staff: Hire, filed: dict[str, Any]) -> None:
    routing = Routing(world.box.instance, world.clock())
    routing.correct(filed["id"], WARSAW[0] + 0.01, WARSAW[1], 1, lambda: world.box.places)
    newest = show(staff(), filed["id"]).body["history"][-1]
    assert (newest["type"], newest["unit_from"], newest["unit_to"]) == ("location", None, None)


def test_a_question_stands_with_its_answer(world: World, staff: Hire, filed: dict[str, Any]) -> None:
    world.casework.ask(filed["id"], "Kiedy?", 1)
    open_question = {"text": "Kiedy?", "asked_at": keys.instant(NOON), "answer": None, "answered_at": None}
    asked = show(staff(), filed["id"]).body
    assert asked["question"]["text"] == "Kiedy?"
    assert asked["question"].keys() == open_question.keys()
    assert (asked["asked"], asked["answered"], asked["question"]["answer"]) == (True, False, None)
    said = {"answer": "text", "text": "Wieczorem"}
    world.stranger().call("POST", "/v1/receipt/answers", said, Receipt=filed["receipt"])
    answered = show(staff(), filed["id"]).body
    assert (answered["answered"], answered["question"]["answer"]) == (True, "Wieczorem")


def test_a_merger_is_seen_from_both_sides(world: World, staff: Hire, filed: dict[str, Any]) -> None:
    other = world.citizen().file(category="vandalism").body
    world.casework.merge(other["id"], filed["id"], 1)
    assert show(staff(), filed["id"]).body["merged_from"] == [other["id"]]
    assert show(staff(), other["id"]).body["merged_into"] == filed["id"]
    assert show(staff(), filed["id"]).body["sources"] == 2


def test_open_cases_of_the_same_kind_and_unit_nearby_are_named_nearest_first(world: World, staff: Hire) -> None:
    def at(metres: float) -> dict[str, Any]:
        return {"lat6": round((WARSAW[0] + metres / 111_195) * 1_000_000)}

    put(
        [
            report(world, 1),
            report(world, 2, **at(40)),
            report(world, 3, **at(20)),
            report(world, 4, **at(900)),
            report(world, 5, **at(10), category="speeding"),
            report(world, 6, **at(10), unit=FAR),
            report(world, 7, **at(10), status="joke", resolved=keys.instant(NOON)),
        ]
    )
    near = show(staff(UNIT), "case0001").body["near"]
    assert [(each["id"], each["distance_m"], each["status"]) for each in near] == [
        ("case0003", 20, "new"),
        ("case0002", 40, "new"),
    ]


def test_windows_are_suggested_with_a_reason_in_the_officer_s_language(staff: Hire, filed: dict[str, Any]) -> None:
    polish, english = (
        show(staff(), filed["id"], Accept_Language=language).body["suggested"] for language in ("pl", "en-GB")
    )
    # Taken up it must be by Saturday noon: Friday's evening and night are the likeliest before that.
    assert [(each["day"], each["part"]) for each in polish[:2]] == [("2026-06-12", "evening"), ("2026-06-12", "night")]
    assert polish[0]["why"] == "Wskazania tej pory tygodnia: 1 z 4."
    assert english[0]["why"] == "Named for this time of the week: 1 of 4."


def test_what_was_checked_stands_in_the_case_and_in_public(world: World, staff: Hire, filed: dict[str, Any]) -> None:
    world.step(filed["id"], "verifying", "taken_up")
    looked = world.windows(filed["id"])
    world.step(filed["id"], "unconfirmed", "not_present")
    told = [{"day": day.isoformat(), "part": part.value} for day, part in looked]
    body = show(staff(), filed["id"]).body
    assert body["checked"] == body["history"][-1]["checked"] == told
    assert body["suggested"] == []
    public = world.stranger().call("GET", f"/v1/reports/{filed['id']}").body
    receipt = world.stranger().call("GET", "/v1/receipt", Receipt=filed["receipt"]).body
    assert public["checked"] == receipt["history"][-1]["checked"] == told
    world.clock.pass_by(hours=2)
    request = world.stranger().call("GET", f"/open311/v2/requests/{filed['id']}.json", Accept_Language="pl").body[0]
    assert request["status_notes"] == (
        "W czasie sprawdzenia tego nie było. "
        "Sprawdzono: śr. 10 czerwca, rano (6–12); śr. 10 czerwca, po południu (12–18)."
    )


def test_after_one_look_everybody_is_told_that_there_will_be_another(
    world: World, staff: Hire, filed: dict[str, Any]
) -> None:
    case = filed["id"]
    world.step(case, "verifying", "taken_up")
    world.casework.take_step(case, Status.UNCONFIRMED, "not_present", Actor.POLICE, 2, looked=world.windows(case)[1:])
    body = show(staff(), case).body
    assert (body["status"], body["due"]["kind"], len(body["checked"])) == ("verifying", "recheck", 1)
    assert body["suggested"]
    assert all(each["part"] != "afternoon" or each["day"] in {"2026-06-13", "2026-06-14"} for each in body["suggested"])
    public = world.stranger().call("GET", f"/v1/reports/{case}").body
    assert public["recheck_day"] == "2026-06-17"
    receipt = world.stranger().call("GET", "/v1/receipt", Receipt=filed["receipt"]).body
    assert receipt["history"][-1]["until"] == body["due"]["at"]
    request = world.stranger().call("GET", f"/open311/v2/requests/{case}.json", Accept_Language="en").body[0]
    assert request["status_notes"].endswith("We will check once more.")


@pytest.mark.parametrize("address", ["{}", "{}/card", "{}/photos/1"])
def test_a_foreign_case_looks_as_if_it_did_not_exist(staff: Hire, filed: dict[str, Any], address: str) -> None:
    target = f"/v1/police/reports/{address}"
    foreign = staff(FAR).call("GET", target.format(filed["id"]))
    unknown = staff(FAR).call("GET", target.format("nothing"))
    assert (foreign.status, foreign.text) == (unknown.status, unknown.text)
    assert foreign.status == 404


def test_whoever_reads_words_is_noted_first(world: World, staff: Hire, filed: dict[str, Any]) -> None:
    assert WORDS in show(staff(), filed["id"]).text
    (note,) = world.items("main", "A#")
    assert note["deed"]["S"] == "case"
    assert note["report"]["S"] == filed["id"]


def test_a_case_without_words_is_shown_without_a_note(world: World, staff: Hire) -> None:
    bare = world.citizen().file().body
    assert show(staff(), bare["id"]).status == 200
    assert world.items("main", "A#") == []


@pytest.mark.parametrize("address", ["{}", "{}/card"])
def test_where_the_note_cannot_be_written_nothing_is_given(
    monkeypatch: pytest.MonkeyPatch, staff: Hire, filed: dict[str, Any], address: str
) -> None:
    def down(*_: object, **__: object) -> None:
        raise PutError("down")

    monkeypatch.setattr("chalicelib.store.audit.AuditItem.save", down)
    answer = staff().call("GET", f"/v1/police/reports/{address.format(filed['id'])}")
    assert answer.status == 503
    assert WORDS not in answer.text


def test_a_case_costs_its_own_items_and_a_look_around(world: World, staff: Hire, filed: dict[str, Any]) -> None:
    officer = staff()
    with metered() as used:
        show(officer, filed["id"])
    # The case by a consistent query, four months of two cells around it, and the note.
    assert used == {"Query": 5.0, "PutItem": 1.0}
    put(report(world, number, NOON + timedelta(hours=number), category="speeding") for number in range(40))
    with metered() as more:
        show(officer, filed["id"])
    assert more == used
