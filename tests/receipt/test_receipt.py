"""What a receipt opens, for how long, and what it never shows."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.receipt import ReceiptKey, derive
from chalicelib.domain.report import Status
from chalicelib.services import receipts
from chalicelib.store import keys, step
from chalicelib.store.models import ReportItem
from chalicelib.store.proving import chained
from tests.http.world import NOON, World, errors
from tests.receipt.cases import held, held_at


def test_a_receipt_opens_the_whole_history(world: World) -> None:
    filed = world.citizen().file(category="drug_use", description="kanarek").body
    answer = world.stranger().call("GET", "/v1/receipt", Receipt=filed["receipt"])
    assert answer.status == 200
    assert answer.body["history"] == [
        {
            "at": "2026-06-10T10:00:00.123Z",
            "type": "accepted",
            "from": None,
            "to": "new",
            "reason": None,
            **dict.fromkeys(("by", "answer", "text", "until", "addressee", "unit_from", "unit_to")),
            "checked": [],
            "hash": chained(filed["id"]).links[0].chain,
        }
    ]
    same = ("id", "category", "status", "tier", "unit", "created_at", "due", "links", "location")
    assert {name: answer.body[name] for name in same} == {name: filed[name] for name in same}
    assert answer.body["public"] is False
    assert "kanarek" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_case_without_deadlines_has_none_to_show(world: World) -> None:
    filed = world.citizen().file().body
    item = ReportItem.get(keys.report(filed["id"]), keys.REPORT)
    item.update([ReportItem.due_take_up.remove(), ReportItem.due_verify.remove()])
    assert "due" not in world.stranger().call("GET", "/v1/receipt", Receipt=filed["receipt"]).body


def test_a_receipt_is_read_as_people_write_it(world: World) -> None:
    filed = world.citizen().file().body
    spelt = filed["receipt"].lower().replace("-", " ").replace("0", "o")
    assert world.stranger().call("GET", "/v1/receipt", Receipt=spelt).body["id"] == filed["id"]


@pytest.mark.parametrize(
    ("receipt", "code"), [(None, "missing"), ("", "mistyped"), ("0000-0000", "mistyped"), ("ü" * 24, "mistyped")]
)
def test_a_mistyped_receipt_is_told_so(world: World, receipt: str | None, code: str) -> None:
    headers = {} if receipt is None else {"Receipt": receipt}
    answer = world.stranger().call("GET", "/v1/receipt", **headers)
    assert (answer.status, errors(answer)) == (422, {("Receipt", code)})


def test_one_wrong_character_of_a_receipt_is_noticed(world: World) -> None:
    receipt = world.citizen().file().body["receipt"]
    wrong = receipt[:-1] + ("0" if receipt[-1] != "0" else "1")
    assert errors(world.stranger().call("GET", "/v1/receipt", Receipt=wrong)) == {("Receipt", "mistyped")}


def test_a_receipt_of_another_map_opens_nothing(world: World) -> None:
    for version in (1, 9):
        foreign = derive(ReceiptKey(version, b"k1", b"k2"), "device", UUID(int=7))
        assert world.stranger().call("GET", "/v1/receipt", Receipt=foreign.shown).status == 404


def test_the_reporter_sees_every_step_its_reason_and_what_the_police_say_but_never_their_notes(world: World) -> None:
    case = held(world, description="kanarek")
    case.go("verifying")
    case.ask("Która lampa?")
    case.say("text", "Trzecia")
    world.step(case.id, "joke", "mistake", public="Ta lampa świeci.", note="Patrol 7 był")
    answer = case.look()
    told = [
        (row["type"], row["from"], row["to"], row["reason"], row["by"], row["answer"], row["text"])
        for row in answer.body["history"]
    ]
    assert told == [
        ("accepted", None, "new", None, None, None, None),
        ("status", "new", "verifying", "taken_up", "police", None, None),
        ("question", None, "verifying", None, "police", None, "Która lampa?"),
        ("answer", None, "verifying", None, "reporter", "text", "Trzecia"),
        ("status", "verifying", "joke", "mistake", "police", None, "Ta lampa świeci."),
    ]
    assert not any(word in answer.text for word in ("Patrol", "kanarek"))
    assert (answer.body["status"], answer.body["reason"], answer.body["may"]) == ("joke", "mistake", [])


@pytest.mark.parametrize("status", Status)
def test_the_receipt_says_what_may_be_done_now(world: World, status: Status) -> None:
    expected = {"new": ["withdraw"], "unconfirmed": ["still_there"], "eliminated": ["still_there"]}
    body = held_at(world, status).look().body
    assert (body["status"], body["may"], body["question"]) == (status, expected.get(status, []), None)


def test_the_open_question_is_there_until_it_is_answered(world: World) -> None:
    case = held(world)
    case.ask("Po której stronie?")
    body = case.look().body
    asked = {"kind": "police", "text": "Po której stronie?", "asked_at": "2026-06-10T10:00:00.124Z", "until": None}
    assert (body["question"], body["may"]) == (asked, ["withdraw", "answer"])
    after = case.say("text", "Po lewej").body
    assert (after["question"], after["may"]) == (None, ["withdraw"])


def test_four_weeks_after_a_removal_the_map_asks_whether_it_is_gone(world: World) -> None:
    case = held_at(world, Status.ELIMINATED)
    world.clock.now = datetime.fromisoformat("2026-07-07T23:59:59+02:00")
    assert case.look().body["question"] is None
    world.clock.now = datetime.fromisoformat("2026-07-08T00:00:00+02:00")
    body = case.look().body
    question = {
        "kind": "gone",
        "text": None,
        "asked_at": "2026-07-07T22:00:00.000Z",
        "until": "2026-08-05T22:00:00.000Z",
    }
    assert (body["question"], body["may"]) == (question, ["gone", "still_there"])


def test_a_merged_report_shows_its_own_history_and_then_the_other_s(world: World) -> None:
    other, case = held_at(world, Status.CONFIRMED), held(world)
    world.clock.pass_by(hours=1)
    world.casework.merge(case.id, other.id, 1)
    assert case.look().body["merged"]["history"] == []
    world.clock.pass_by(days=2)
    other.go("eliminated")
    body = case.look().body
    assert (body["status"], body["reason"], [row["to"] for row in body["history"]]) == (
        "merged",
        "same_case",
        ["new", "merged"],
    )
    assert body["merged"] == {
        "status": "eliminated",
        "reason": "gone",
        "unit": body["unit"],
        "history": [{"day": "2026-06-12", "to": "eliminated", "reason": "gone"}],
        "public": f"{world.box.settings.site_url}/#/map?show={other.id}",
    }


def test_a_merged_report_tells_nothing_of_when_the_other_was_filed_or_of_its_words(world: World) -> None:
    other = held(world, category="drug_use", description="wilga")
    world.clock.pass_by(hours=3)
    case = held(world)
    other.ask("Kiedy?")
    other.say("text", "zimorodek")
    world.casework.merge(case.id, other.id, 1)
    text = case.look().text
    assert case.look().body["merged"]["public"] is None
    assert not any(secret in text for secret in (other.id, "wilga", "zimorodek", "T10:00", "Kiedy"))
    joined = other.look().body["history"][-1]
    assert (joined["type"], joined["by"], joined["from"], joined["to"]) == ("sighting_merged", "police", None, "new")
    assert case.id not in other.look().text


def test_a_report_merged_twice_over_leads_to_the_last_case(world: World) -> None:
    last, middle, first = (held(world) for _ in range(3))
    world.casework.merge(first.id, middle.id, 1)
    world.casework.merge(middle.id, last.id, 2)
    last.go("verifying")
    assert first.look().body["merged"]["status"] == "verifying"
    assert [row["to"] for row in first.look().body["merged"]["history"]] == ["verifying"]


def test_a_merged_case_whose_other_is_gone_still_shows_its_own_history(world: World) -> None:
    other, case = held(world), held(world)
    world.casework.merge(case.id, other.id, 1)
    ReportItem.get(keys.report(other.id), keys.REPORT).delete()
    assert (case.look().status, case.look().body["merged"]) == (200, None)


def test_S12_a_receipt_opens_its_case_for_twelve_months_and_then_nothing(world: World) -> None:
    case = held(world)
    assert case.look().body["expires_at"] == "2027-06-10T22:00:00.000Z"
    world.clock.now = datetime.fromisoformat("2027-06-10T23:59:59+02:00")
    assert case.look().status == 200
    world.clock.now += timedelta(seconds=1)
    for answer in (case.look(), case.withdraw(), case.say("gone")):
        assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert world.clock.now > NOON


def test_mergers_are_followed_so_far_and_no_further(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "LONGEST_CHAIN", 1)
    last, middle, first = (held(world) for _ in range(3))
    world.casework.merge(first.id, middle.id, 1)
    world.casework.merge(middle.id, last.id, 2)
    assert first.look().body["merged"]["status"] == "merged"


def test_a_case_that_goes_while_it_is_merged_is_not_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case, other = held(world), held(world)
    plain = step.current

    def late(report: str) -> step.Current | None:
        found = plain(report)
        if report == other.id:
            ReportItem.get(keys.report(case.id), keys.REPORT).delete()
        return found

    monkeypatch.setattr(step, "current", late)
    with pytest.raises(NotFound):
        world.casework.merge(case.id, other.id, 1)
    monkeypatch.undo()
    assert world.current(other.id).version == 1
