"""What the unit hears of a reporter's deeds, what live publishing shows of them, and what a step costs."""

import json
import urllib.request
from datetime import timedelta
from gzip import decompress
from typing import Any

import pytest

from chalicelib.domain.report import Status
from chalicelib.events import bulletins, publish, relay
from chalicelib.store import keys, models
from chalicelib.store.unit_items import UnitItem
from tests.alerts.world import hooked
from tests.http.world import World
from tests.receipt.cases import Held, held, held_at

MAILBOX = "warszawa@police.example"
WORDS = "kanarek w studni"


@pytest.fixture
def unit(world: World) -> World:
    """A unit with an address, and the garrison's topic."""
    UnitItem(keys.unit("KSP"), keys.META, code="KSP", addresses=[MAILBOX]).save()
    relay.alerts.cache_clear()
    return world


def mails(world: World, case: Held) -> list[dict[str, Any]]:
    address = f"{world.stack.access.endpoint}/_ministack/ses/messages"
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - the emulator on loopback
        accounts = json.load(answer)["messages"]
    return [mail for mails in accounts.values() for mail in mails if case.id in json.dumps(mail)]


def deliver(world: World, case: Held) -> list[dict[str, Any]]:
    """Hand the newest alert of a case to the relay, let the quarter come round, and return the mails about it."""
    waiting = sorted(
        (item for item in world.items("main", "O#") if item["id"]["S"] == case.id), key=lambda item: item["SK"]["S"]
    )
    record = {"eventName": "INSERT", "dynamodb": {"Keys": waiting[-1], "SequenceNumber": "1"}}
    assert relay.handle({"Records": [record]}, world.box) == {"batchItemFailures": []}
    assert [item for item in world.items("main", "O#") if item["id"]["S"] == case.id] == []
    bulletins.handle({}, world.box)
    return mails(world, case)


def subject(mail: dict[str, Any]) -> str:
    return str(mail["Subject"])


def test_an_answer_is_told_after_the_report_itself_and_without_its_words(unit: World) -> None:
    case = held(unit, description=WORDS)
    (accepted,) = deliver(unit, case)
    case.ask()
    case.say("text", "zimorodek")
    answered = deliver(unit, case)[-1]
    assert "przyjąć do" in subject(accepted)
    assert subject(answered).startswith("[KSP] Odpowiedź: ")
    assert "Odpowiedź jest w sprawie." in str(answered)
    assert not any(secret in str([accepted, answered]) for secret in ("kanarek", "zimorodek", case.receipt))


def test_a_reopened_case_is_told_with_the_reason_and_its_new_deadline(unit: World) -> None:
    case = held_at(unit, Status.ELIMINATED)
    deliver(unit, case)
    unit.clock.pass_by(days=3)
    case.say("still_there")
    reopened = deliver(unit, case)[-1]
    assert subject(reopened).startswith("[KSP] Otwarte ponownie: ")
    assert "sprawdzić do sob. 20.06, 12:03" in subject(reopened)
    assert "Osoba zgłaszająca pisze, że to nadal trwa." in str(reopened)


def test_that_it_is_gone_is_told(unit: World) -> None:
    case = held_at(unit, Status.ELIMINATED)
    deliver(unit, case)
    unit.clock.pass_by(days=30)
    case.say("gone")
    assert "zagrożenia już nie ma" in str(deliver(unit, case)[-1])


def test_a_report_taken_back_before_its_alert_was_out_asks_nobody_to_hurry(unit: World) -> None:
    case = held(unit)
    case.withdraw()
    (withdrawn,) = deliver(unit, case)
    assert "przyjąć do" not in subject(withdrawn)
    assert subject(withdrawn).startswith("[KSP] Wycofane: ")
    assert "Nie trzeba już nic robić." in str(withdrawn)


def test_a_report_merged_before_its_alert_was_out_says_so(unit: World) -> None:
    case, other = held(unit), held(unit)
    unit.casework.merge(case.id, other.id, 1)
    (accepted,) = deliver(unit, case)
    assert "przyjąć do" not in subject(accepted)
    assert "Stan teraz" in str(accepted)


def test_a_step_is_on_the_map_with_the_next_publication(world: World) -> None:
    case = held(world)
    world.clock.pass_by(hours=2)
    case.go("verifying")
    publish.handle({}, world.box)
    assert _published(world)[case.id] == "verifying"
    case.go("unconfirmed")
    publish.handle({}, world.box)
    assert _published(world)[case.id] == "unconfirmed"
    world.clock.pass_by(days=2)
    case.say("still_there")
    publish.handle({}, world.box)
    assert _published(world)[case.id] == "verifying"


def _published(world: World) -> dict[str, str]:
    s3, bucket = world.stack.client("s3"), world.stack.names["SITE_BUCKET"]
    manifest = json.loads(s3.get_object(Bucket=bucket, Key="data/manifest.json")["Body"].read())
    found = {}
    for parent in manifest["points_parents"]:
        tile = json.loads(_plain(s3.get_object(Bucket=bucket, Key=manifest["points"].format(parent=parent)[1:])))
        found.update(dict(zip(tile["id"], tile["status"], strict=True)))
    return found


def _plain(answer: dict[str, Any]) -> bytes:
    body: bytes = answer["Body"].read()
    return decompress(body) if answer.get("ContentEncoding") == "gzip" else body


def test_what_a_step_costs(world: World) -> None:
    """The units that the store itself counts: an officer's step, a reporter's with its alert, reading a receipt."""
    case = held(world)
    used: dict[str, float] = {}

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        counted = parsed["ConsumedCapacity"]
        units = counted if isinstance(counted, list) else [counted]
        used[model.name] = used.get(model.name, 0) + sum(each["CapacityUnits"] for each in units)

    client = models.connection().client
    with hooked(client, "provide-client-params.dynamodb", ask), hooked(client, "after-call.dynamodb", note):
        case.go("verifying")
        step_costs = used.pop("TransactWriteItems")
        case.look()
        look_costs = used.pop("Query")
    assert (step_costs, look_costs) == (8, 1)


def test_the_clock_of_the_map_is_not_the_reporter_s(world: World) -> None:
    """A step that is written late in the evening belongs to the local day on which it was taken."""
    case = held(world)
    world.clock.now += timedelta(hours=12, minutes=30)
    case.go("verifying")
    (event,) = [item for item in case.items() if item["SK"]["S"] == "E#000002"]
    assert event["G1PK"]["S"].startswith("D#2026-06-11#")
