"""The transaction that accepts a report, under faults and against each of its conditions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from chalicelib.services.intake import Submission
from chalicelib.store import accept as acceptance
from chalicelib.store import keys
from chalicelib.store.models import EventItem, ReportItem
from tests.http.world import World
from tests.store.faults import (
    Fault,
    cancelled,
    conflict,
    faults,
    forbidden,
    lost_after,
    lost_before,
    running,
    throttled,
)

KEY = "3f0c8f6e-2f43-4a53-9d0c-0f6f6d6c1a2b"
NOTHING = {"report": 0, "event": 0, "outbox": 0, "quota": 0}
ONE = dict.fromkeys(NOTHING, 1)

busy = cancelled("None", "None", "ThrottlingError", "None")
full = cancelled("ProvisionedThroughputExceeded", "None", "None", "None")
torn = cancelled("ConditionalCheckFailed", "TransactionConflict", "None", "None")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits are noted, not waited."""
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    return waits


@pytest.mark.parametrize(
    "planned",
    [
        *([throttled], [throttled] * 2, [conflict], [conflict] * 4, [busy] * 4, [full] * 4, [running] * 2, [torn]),
        *([lost_before], [lost_before] * 2, [lost_after], [lost_after] * 2, [lost_after, throttled, conflict]),
    ],
)
def test_a_passing_fault_is_ridden_out(world: World, planned: list[Fault]) -> None:
    citizen = world.citizen()
    with faults(*planned) as left:
        answer = citizen.file(KEY)
    assert left == []
    assert answer.status == 201
    assert world.census() == ONE


@pytest.mark.parametrize(
    "planned",
    [[throttled] * 3, [conflict] * 5, [busy] * 5, [running] * 3, [lost_before] * 3, [forbidden], [torn] * 5],
)
def test_a_lasting_fault_is_503_and_leaves_nothing(world: World, planned: list[Fault]) -> None:
    citizen = world.citizen()
    with faults(*planned) as left:
        answer = citizen.file(KEY)
    assert left == [], "no more tries than planned"
    assert (answer.status, answer.body["code"], answer.headers["retry-after"]) == (503, "unavailable", "5")
    assert world.census() == NOTHING
    assert citizen.file(KEY).status == 201, "and the device is free"


def test_an_answer_lost_for_good_is_found_by_the_next_try(world: World) -> None:
    citizen = world.citizen()
    with faults(lost_after, lost_after, lost_after):
        assert citizen.file(KEY).status == 503
    assert world.census() == ONE
    again = citizen.file(KEY)
    assert again.status == 200
    assert citizen.file(KEY).text == again.text
    assert citizen.file().status == 429
    assert world.census() == ONE


def test_waits_are_random_and_grow(world: World, no_waiting: list[float]) -> None:
    citizen = world.citizen()
    with faults(*[conflict] * 4):
        citizen.file(KEY)
    assert len(no_waiting) == 4
    ceilings = [acceptance.FIRST_WAIT * 2**attempt for attempt in range(4)]
    assert all(0 <= wait <= ceiling for wait, ceiling in zip(no_waiting, ceilings, strict=True))
    assert len(set(no_waiting)) == 4


@pytest.mark.parametrize("operation", ["GetItem", "PutItem"])
def test_a_store_that_cannot_be_asked_is_503(world: World, operation: str) -> None:
    citizen = world.citizen()
    world.stack.clear()
    vars(world.box._resources).pop("salts", None)
    with faults(*[throttled] * 3, operation=operation) as left:
        answer = citizen.file(KEY)
    assert left == []
    assert (answer.status, answer.body["code"]) == (503, "unavailable")
    assert world.census() == NOTHING


class Meanwhile:
    """Does something of another request between the look at the slot and the transaction of this one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch

    def __call__(self, deed: Callable[[], Any]) -> None:
        write = acceptance._write

        def overtaken(*arguments: Any) -> None:
            self._patch.setattr(acceptance, "_write", write)
            deed()
            write(*arguments)

        self._patch.setattr(acceptance, "_write", overtaken)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """See `Meanwhile`."""
    return Meanwhile(monkeypatch)


def test_DEVICE_IS_FREE_stops_another_report_of_the_device(world: World, meanwhile: Meanwhile) -> None:
    citizen = world.citizen()
    meanwhile(lambda: citizen.file(str(uuid4())))
    answer = citizen.file(KEY)
    assert (answer.status, answer.body["code"]) == (429, "quota_used")
    assert world.census() == ONE


def test_a_retry_that_overtakes_its_first_try_gets_the_same_answer(world: World, meanwhile: Meanwhile) -> None:
    citizen = world.citizen()
    overtaker: list[str] = []
    meanwhile(lambda: overtaker.append(citizen.file(KEY).text))
    answer = citizen.file(KEY)
    assert (answer.status, [answer.text]) == (200, overtaker)
    assert world.census() == ONE


def test_CASE_IS_NEW_stops_a_case_whose_report_has_been_deleted(world: World, meanwhile: Meanwhile) -> None:
    """In another window and on another day, so that neither the slot nor the mark of the device stops it."""
    citizen = world.citizen()
    first: list[str] = []

    def long_before() -> None:
        world.clock.pass_by(days=-40)
        answer = citizen.file(KEY)
        ReportItem.get(keys.report(answer.body["id"]), keys.REPORT).delete()
        first.append(answer.text)
        world.clock.pass_by(days=40)

    meanwhile(long_before)
    assert [citizen.file(KEY).text] == first
    assert world.census() == {"report": 0, "event": 1, "outbox": 1, "quota": 1}


def test_a_case_whose_report_has_been_deleted_is_found_before_anything_is_written(world: World) -> None:
    citizen = world.citizen()
    first = citizen.file(KEY)
    ReportItem.get(keys.report(first.body["id"]), keys.REPORT).delete()
    world.clock.pass_by(days=1)
    assert citizen.file(KEY).text == first.text
    assert world.census() == {"report": 0, "event": 1, "outbox": 1, "quota": 1}


def test_REPORT_IS_NEW_stops_a_report_from_being_overwritten(world: World) -> None:
    """In another window, so that the mark of the device does not stop it."""
    citizen = world.citizen()
    first = citizen.file(KEY)
    EventItem.get(keys.report(first.body["id"]), keys.event(1)).delete()
    world.clock.pass_by(days=40)
    assert citizen.file(KEY, category="vandalism").status == 503
    assert ReportItem.get(keys.report(first.body["id"]), keys.REPORT).category == "illegal_dump"
    assert world.census() == {"report": 1, "event": 0, "outbox": 1, "quota": 1}


def test_the_four_items_hold_what_was_filed(world: World) -> None:
    citizen = world.citizen()
    filed = citizen.file(KEY, lat=52.229676, lon=21.012229, description=" Sterta  opon ").body
    report = ReportItem.get(keys.report(filed["id"]), keys.REPORT)
    assert (report.lat6, report.lon6, report.text) == (52_229_676, 21_012_229, "Sterta opon")
    assert (report.g1pk, report.g1sk) == (f"C#{keys.place(report.cell)}#2026-06", f"{report.created}#{filed['id']}")
    assert (report.g2pk, report.g2sk) == ("U#KSP#O", f"{filed['due']['take_up']}#{filed['id']}")
    assert (report.day, report.v, report.kv, report.origin, report.boundaries) == ("2026-06-10", 1, 1, "web", "exact")
    event = EventItem.get(keys.report(filed["id"]), keys.event(1))
    shard = keys.shard(filed["id"])
    assert (event.g1pk, event.g1sk) == (f"D#2026-06-10#{shard}", f"{report.created}#{filed['id']}#1")
    assert (event.cell, event.area, event.unit, event.tier) == (report.cell, "1465", "KSP", 1)
    (alert,) = world.items("main", "O#")
    assert alert["PK"]["S"] == f"O#{shard}"
    assert alert["garrison"]["S"] == "KSP"


def test_only_the_report_holds_words_and_the_exact_place(world: World) -> None:
    world.citizen().file(KEY, lat=52.229676, lon=21.012229, description="kanarek")
    others = [item for item in world.items("main") + world.items("quota") if item.get("t") != {"S": "report"}]
    assert len(others) == 8, "event, alert, slot, pseudonym, network, deed, and the salts of day and window"
    assert not any(secret in str(others) for secret in ("kanarek", "52229676", "52.229676", "21012229"))


def test_the_quota_table_cannot_be_joined_with_the_reports(world: World) -> None:
    citizen = world.citizen()
    filed = citizen.file(KEY).body
    (slot,) = world.items("quota", "Q#")
    for trace in (KEY, str(citizen.token).split(".")[1], filed["id"], filed["receipt"].replace("-", "")):
        assert trace not in str(slot)


def test_a_device_of_an_old_key_keeps_its_receipts(world: World) -> None:
    ring = world.box.secrets.keyring
    device = ring.verify(str(world.citizen().token))
    rotated = type(ring)({**ring.device, 2: b"new"}, {**ring.receipt, 2: ring.receipt[1]}, ring.imports, 2, ring.seals)
    before, after = (Submission.of(each, device, UUID(KEY)) for each in (ring, rotated))
    assert (before.receipt, before.report_id) == (after.receipt, after.report_id)
    assert rotated.mint(bytes(16)).key_version == 2


def test_another_body_under_a_used_key_gets_the_first_report_and_overwrites_nothing(world: World) -> None:
    citizen = world.citizen()
    first = citizen.file(KEY, category="speeding")
    before = world.items("main")
    again = citizen.file(KEY, category="illegal_parking", lat=52.4, lon=21.6)
    assert (again.status, again.text) == (200, citizen.file(KEY, category="speeding").text)
    assert again.body["id"] == first.body["id"]
    assert world.items("main") == before
