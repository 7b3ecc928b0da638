"""Steps of a case against the table: who may take which, what each writes, and what a refusal leaves."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, Invalid, NotFound, Unavailable
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN, STEPS, Actor, Reason, Step
from chalicelib.services.casebook import Words
from chalicelib.store import keys, step
from chalicelib.store.models import EventItem, MainItem, ReportItem
from chalicelib.store.step import AlsoRefused
from tests.http.world import NOON, World
from tests.receipt.cases import WAYS, held, held_at
from tests.store.faults import cancelled, conflict, faults, lost_after, lost_before, throttled

TAKEN = [
    (row, actor, reason)
    for row in STEPS
    for actor in sorted(row.actors)
    for reason in row.reasons
    if row.target is not Status.MERGED
]


def report(case: str) -> ReportItem:
    return ReportItem.get(keys.report(case), keys.REPORT, consistent_read=True)


def events(case: str) -> list[EventItem]:
    found = MainItem.query(keys.report(case), MainItem.sk.startswith("E#"), consistent_read=True)
    return [item for item in found if isinstance(item, EventItem)]


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits are not waited."""
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.mark.parametrize(("row", "actor", "reason"), TAKEN, ids=lambda value: getattr(value, "value", None))
def test_S01_every_step_of_the_table_is_taken_for_its_actor(
    world: World, row: Step, actor: Actor, reason: Reason
) -> None:
    case = held_at(world, row.source)
    before = world.current(case.id)
    world.clock.pass_by(hours=1)
    after = world.step(case.id, row.target, reason, actor)
    assert (after.status, after.reason, after.version) == (row.target, reason, before.version + 1)
    assert after == world.current(case.id)
    newest = events(case.id)[-1]
    assert (newest.seq, newest.type, newest.from_status, newest.status) == (
        after.version,
        "status",
        row.source,
        row.target,
    )
    assert (newest.reason, newest.by, newest.at) == (reason, actor, keys.instant(world.clock.now))


@pytest.mark.parametrize("source", Status)
def test_S01_every_other_step_is_refused_and_changes_nothing(world: World, source: Status) -> None:
    allowed = {(row.target, actor): row.reasons for row in STEPS if row.source is source for actor in row.actors}
    case = held_at(world, source)
    before, version, refused = world.items("main"), world.current(case.id).version, 0
    # One reason that is right for somebody and none at all; the domain's own test has every reason.
    for target, actor, reason in product(Status, Actor, [WAYS[Status.VERIFYING][0][1], None]):
        fits = (target, actor) in allowed and target is not Status.MERGED
        if fits and reason in allowed[target, actor]:
            continue
        with pytest.raises(Invalid) as refusal:
            world.casework.take_step(case.id, target, reason, actor, version)
        assert [fault.field for fault in refusal.value.faults] == ["reason" if fits else "to"]
        refused += 1
    assert refused >= 53
    assert world.items("main") == before


@pytest.mark.parametrize("status", Status)
def test_S03_a_case_is_either_open_in_its_queue_or_closed_in_its_day(world: World, status: Status) -> None:
    case = held_at(world, status)
    item = report(case.id)
    open_now = status in OPEN
    assert item.g2pk == ("U#KSP#O" if open_now else "Z#2026-06-10")
    assert (item.resolved is None, item.closed) == ((True, None) if open_now else (False, "2026-06-10"))
    listed = ReportItem.gsi2.query(str(item.g2pk))
    assert [each.id for each in listed if isinstance(each, ReportItem) and each.id == case.id] == [case.id]
    if not open_now:
        assert item.g2sk == f"{item.resolved}#{case.id}"


def test_the_queue_follows_what_is_due_next(world: World) -> None:
    case = held(world)
    assert report(case.id).g2sk == f"{keys.instant(NOON + timedelta(days=3))}#{case.id}"
    world.clock.pass_by(days=1)
    case.go("verifying")
    verify = keys.instant(world.clock.now + timedelta(days=7))
    assert (report(case.id).due_verify, report(case.id).g2sk) == (verify, f"{verify}#{case.id}")
    case.go("confirmed")
    assert report(case.id).g2sk == f"{keys.NO_DUE}#{case.id}", "nothing is due of a confirmed case"


def test_S04_reopening_puts_a_case_back_into_its_queue_with_new_days(world: World) -> None:
    case = held_at(world, Status.ELIMINATED)
    world.clock.pass_by(days=20)
    world.step(case.id, "verifying", "still_there", "reporter")
    item, verify = report(case.id), keys.instant(world.clock.now + timedelta(days=7))
    assert (item.status, item.resolved, item.closed) == ("verifying", None, None)
    assert (item.g2pk, item.g2sk, item.due_verify) == ("U#KSP#O", f"{verify}#{case.id}", verify)


def test_the_day_of_closing_is_the_local_one(world: World) -> None:
    case = held(world)
    world.clock.now = datetime.fromisoformat("2026-06-11T00:30:00+02:00")
    case.go("joke")
    assert (report(case.id).closed, events(case.id)[-1].g1pk) == ("2026-06-11", f"D#2026-06-11#{keys.shard(case.id)}")


def test_S06_a_step_on_a_stale_version_is_a_conflict_that_tells_the_case_as_it_is(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    before = world.items("main")
    with pytest.raises(Conflict) as refusal:
        world.step(case.id, "joke", "joke", version=1)
    assert refusal.value.extras == {"current": {"status": "verifying", "reason": "taken_up", "version": 2}}
    assert world.items("main") == before


def test_S08_every_step_leaves_a_row_with_who_when_from_to_and_why(world: World) -> None:
    case = held_at(world, Status.ELIMINATED)
    rows = [(event.seq, event.by, event.from_status, event.status, event.reason) for event in events(case.id)]
    assert rows == [
        (1, None, None, "new", None),
        (2, "police", "new", "verifying", "taken_up"),
        (3, "police", "verifying", "confirmed", "known_to_police"),
        (4, "police", "confirmed", "eliminated", "gone"),
    ]
    times = [event.at for event in events(case.id)]
    assert times == [keys.instant(NOON + timedelta(minutes=minute)) for minute in range(4)]


def test_a_clock_that_runs_behind_gives_no_event_an_earlier_time(world: World) -> None:
    case = held(world)
    world.clock.pass_by(seconds=-30)
    world.step(case.id, "verifying", "taken_up")
    world.step(case.id, "joke", "joke")
    assert [event.at[-5:] for event in events(case.id)] == [".123Z"[-5:], ".124Z"[-5:], ".125Z"[-5:]]


def test_words_stand_beside_the_event_and_can_be_erased(world: World) -> None:
    case = held(world)
    world.step(case.id, "joke", "mistake", public="Lampa świeci", note="Patrol 7")
    texts = [item for item in case.items() if item["t"]["S"] == "text"]
    assert [(item["SK"]["S"], item["text"]["S"], item["note"]["S"], item["by"]["S"]) for item in texts] == [
        ("T#000002", "Lampa świeci", "Patrol 7", "police")
    ]
    others = [item for item in world.items("main") if item["t"]["S"] != "text"]
    assert not any(word in str(others) for word in ("Lampa", "Patrol"))


def test_what_officers_write_is_cleaned_and_every_fault_is_named() -> None:
    assert Words.of(" a  b ", " ") == Words("a b", None)
    with pytest.raises(Invalid) as refusal:
        Words.of("\x00", "x" * 501)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [
        ("public_note", "control_character"),
        ("note", "too_long"),
    ]


@pytest.mark.parametrize(
    ("to", "reason", "actor", "source", "kinds"),
    [
        ("withdrawn", "taken_back", "reporter", Status.NEW, ["accepted", "withdrawn"]),
        ("verifying", "still_there", "reporter", Status.UNCONFIRMED, ["accepted", "reopened"]),
        ("verifying", "corroborated", "system", Status.ELIMINATED, ["accepted", "reopened"]),
        ("verifying", "check_again", "police", Status.ELIMINATED, ["accepted"]),
        ("verifying", "taken_up", "police", Status.NEW, ["accepted"]),
    ],
)
def test_the_unit_is_told_of_what_it_has_not_done_itself(
    world: World, to: str, reason: str, actor: str, source: Status, kinds: list[str]
) -> None:
    case = held_at(world, source)
    world.step(case.id, to, reason, actor)
    alerts = sorted((item for item in case.items() if item["t"]["S"] == "outbox"), key=lambda item: item["SK"]["S"])
    assert [item["kind"]["S"] for item in alerts] == kinds
    newest = world.current(case.id).version
    assert [int(item["seq"]["N"]) for item in alerts] == [1, newest][: len(kinds)]
    assert {(item["unit"]["S"], item["garrison"]["S"]) for item in alerts} == {("KSP", "KSP")}


def test_a_case_that_is_not_there_takes_no_step(world: World) -> None:
    with pytest.raises(NotFound):
        world.casework.take_step("0" * 21, Status.VERIFYING, "taken_up", Actor.POLICE, 1)


def test_a_case_that_goes_away_meanwhile_takes_no_step(world: World) -> None:
    case = held(world)
    seen = world.current(case.id)
    report(case.id).delete()
    with pytest.raises(step.Stale):
        step.take([step.Change(seen, next(iter([events(case.id)[0]])))])
    assert [item["t"]["S"] for item in case.items() if item["t"]["S"] == "report"] == []


def test_history_is_never_written_over(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    # As after a restore of the report from before its second event.
    report(case.id).update([ReportItem.v.set(1), ReportItem.status.set("new")])
    with pytest.raises(AlsoRefused):
        world.step(case.id, "joke", "joke")
    assert [event.status for event in events(case.id)] == ["new", "verifying"]


def test_a_further_write_joins_the_transaction_or_stops_it(world: World) -> None:
    case, other = held(world), held(world)
    extra = EventItem(keys.report(other.id), "E#000009", id=other.id, seq=9, type="x", at="", status="new")

    def also(transaction: Any) -> None:
        transaction.save(extra, EventItem.pk.does_not_exist())

    world.casework.take_step(case.id, Status.VERIFYING, "taken_up", Actor.POLICE, 1, also=also)
    assert [event.seq for event in events(other.id)] == [1, 9]
    with pytest.raises(AlsoRefused):
        world.casework.take_step(case.id, Status.JOKE, "joke", Actor.POLICE, 2, also=also)
    assert world.current(case.id).version == 2


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("planned", [[conflict], [throttled, conflict], [lost_before], [lost_after], [conflict] * 4])
def test_a_passing_fault_is_ridden_out(world: World, planned: list[Any]) -> None:
    case = held(world)
    with faults(*planned) as left:
        case.go("verifying")
    assert left == []
    assert [event.status for event in events(case.id)] == ["new", "verifying"]


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("planned", [[throttled] * 3, [conflict] * 5, [cancelled("ValidationError", "None")]])
def test_a_lasting_fault_is_unavailable_and_leaves_nothing(world: World, planned: list[Any]) -> None:
    case = held(world)
    before = world.items("main")
    with faults(*planned) as left, pytest.raises(Unavailable):
        case.go("verifying")
    assert left == []
    assert world.items("main") == before
