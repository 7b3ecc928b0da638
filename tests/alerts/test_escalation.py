"""Overdue cases: each level hears of each missed deadline once, in one mail."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from pynamodb.expressions.update import Action

from chalicelib.domain.alerting import MAILS_PER_HOUR, level_of
from chalicelib.events import escalation, relay
from chalicelib.services.escalation import Escalation
from chalicelib.store import escalations, keys, turns
from chalicelib.store.models import OutboxItem, ReportItem
from tests.alerts.world import GARRISON, UNIT, World, hooked, record

CHIEF, ABOVE = "komendant@police.example", "bialystok@police.example"


@pytest.fixture
def unit(world: World) -> World:
    """A unit whose chief and garrison have addresses."""
    world.give_settings(UNIT, chief=[CHIEF])
    world.give_address(GARRISON, ABOVE)
    return world


def overdue(world: World, *, hours: float = 1, **changes: Any) -> OutboxItem:
    """A case whose take-up was due some hours ago; its own alert is out."""
    due = keys.instant(world.now - timedelta(hours=hours))
    item = world.report(due_take_up=due, **changes)
    queue(item.id, due)
    item.delete()
    return item


def queue(report: str, due: str) -> None:
    """Put a case at its place in the queue."""
    place: list[Action] = [ReportItem.g2pk.set(keys.open_queue(UNIT)), ReportItem.g2sk.set(keys.at_id(due, report))]
    ReportItem(keys.report(report), keys.REPORT).update(place)


def look(world: World) -> Counter[str]:
    """Let the hour come round for one unit: to look at all four hundred takes seconds."""
    return Escalation(world.container.instance, world.now)._unit(UNIT, lambda: True)


def run(world: World) -> Counter[str]:
    """Let the hour come round, and the alerts that it raised and the next quarter of an hour."""
    summary = look(world)
    world.relay(*_raised(world))
    world.bulletins()
    return summary


def _raised(world: World) -> Iterable[OutboxItem]:
    return [OutboxItem.get(keys.outbox(alert.shard), alert.sort_key) for alert in world.waiting()]


@pytest.mark.parametrize(("late", "level"), [(0, 0), (1, 1), (86_400, 1), (86_401, 2), (259_200, 2), (259_201, 3)])
def test_who_should_have_heard_by_now(late: int, level: int) -> None:
    due = datetime.fromisoformat("2026-11-22T12:00:00+00:00")
    assert level_of(due, due + timedelta(seconds=late)) == level


def test_each_level_hears_once_in_one_mail_that_lists_the_cases(unit: World) -> None:
    cases = [overdue(unit).id, overdue(unit).id]
    assert run(unit)["overdue_unit"] == 2
    (mail,) = unit.mails()
    assert (mail["To"], mail["Subject"]) == ([CHIEF], "[KMP Łomża] Po terminie: 2")
    assert all(case in mail["BodyText"] for case in cases)
    assert run(unit)["overdue_unit"] == 0
    unit.wait(hours=24)
    assert run(unit)["overdue_voivodeship"] == 2
    unit.wait(hours=48)
    assert run(unit)["overdue_national"] == 2
    run(unit)
    assert [mail["To"] for mail in unit.mails()] == [[CHIEF], [ABOVE], ["fallback@police.example"]]


def test_machines_hear_of_it_too_with_an_id_of_its_own(unit: World) -> None:
    case = overdue(unit).id
    run(unit)
    (message,) = unit.messages()
    assert (message["kind"], message["event"]) == ("overdue_unit", f"{case}-1-overdue_unit")


def test_a_unit_without_a_chief_hears_of_it_itself(world: World) -> None:
    overdue(world)
    run(world)
    (mail,) = world.mails()
    assert mail["To"] == ["lomza@police.example"]


def test_whoever_comes_late_is_told_of_the_highest_level_alone(unit: World) -> None:
    overdue(unit, hours=100)
    run(unit)
    run(unit)
    assert [mail["To"] for mail in unit.mails()] == [["fallback@police.example"]]


def test_a_second_deadline_is_told_of_again(unit: World) -> None:
    case = overdue(unit)
    run(unit)
    later = keys.instant(unit.now + timedelta(hours=2))
    queue(case.id, later)
    unit.wait(hours=3)
    assert run(unit)["overdue_unit"] == 1


def test_a_deadline_that_was_moved_ahead_is_told_of_again(unit: World) -> None:
    case = overdue(unit, hours=1)
    run(unit)
    queue(case.id, keys.instant(unit.now - timedelta(hours=2)))
    assert run(unit)["overdue_unit"] == 1


def test_whoever_has_heard_costs_no_transaction(unit: World) -> None:
    overdue(unit)
    run(unit)
    begun: list[None] = []
    client = OutboxItem._get_connection().connection.client
    with hooked(client, "before-call.dynamodb.TransactWriteItems", lambda **_: begun.append(None)):
        assert look(unit)["overdue"] == 1
    assert begun == []


def test_a_case_that_is_not_due_yet_is_nobody_s_business(unit: World) -> None:
    overdue(unit, hours=-1)
    assert run(unit)["overdue"] == 0
    assert unit.mails() == []


def test_a_case_that_is_due_at_this_very_moment_is_not_overdue(unit: World) -> None:
    overdue(unit, hours=0)
    assert look(unit)["overdue"] == 0
    unit.wait(minutes=1)
    assert look(unit)["overdue"] == 1


def test_a_chief_hears_however_full_the_unit_s_hour_is(unit: World) -> None:
    for _ in range(MAILS_PER_HOUR):
        assert turns.take(UNIT, unit.now, MAILS_PER_HOUR, bulletin=True)
    overdue(unit)
    run(unit)
    assert [mail["To"] for mail in unit.mails()] == [[CHIEF]]


def test_an_open_case_without_a_deadline_is_never_overdue(unit: World) -> None:
    item = overdue(unit)
    queue(item.id, keys.NO_DUE)
    unit.wait(days=400)
    assert run(unit)["overdue"] == 0


def test_the_case_itself_is_not_touched(unit: World) -> None:
    item = overdue(unit)
    run(unit)
    assert ReportItem.get(keys.report(item.id), keys.REPORT).v == 1


def test_S08_of_many_runs_at_once_each_level_hears_once(unit: World) -> None:
    overdue(unit)
    racers = 4
    barrier = Barrier(racers)
    client = OutboxItem._get_connection().connection.client

    def wait(**_: Any) -> None:
        # The first try of each waits for the others; a collision is tried again without them.
        if len(met) < racers:
            met.append(barrier.wait(30))

    met: list[int] = []
    with (
        hooked(client, "before-call.dynamodb.TransactWriteItems", wait),
        ThreadPoolExecutor(racers) as pool,
    ):
        (case,) = list(escalations.overdue(UNIT, unit.now))
        running = [pool.submit(_tell, unit, case) for _ in range(racers)]
        told = [task.result(60) for task in running]
    assert sum(told) == 1
    assert len(unit.waiting()) == 1


def _tell(world: World, case: escalations.Overdue) -> bool:
    for _ in range(5):
        try:
            return Escalation(world.container.instance, world.now)._tell(case, 1)
        except Exception as error:
            if "TransactionConflict" not in str(error):
                raise
    return False


def test_a_case_that_was_taken_up_since_the_look_is_not_told_of(unit: World) -> None:
    item = overdue(unit)
    (case,) = list(escalations.overdue(UNIT, unit.now))
    queue(item.id, keys.instant(unit.now + timedelta(days=7)))
    assert _tell(unit, case) is False
    assert unit.waiting() == []


def test_a_case_that_was_given_away_since_the_look_is_not_told_of(unit: World) -> None:
    item = overdue(unit)
    (case,) = list(escalations.overdue(UNIT, unit.now))
    given: list[Action] = [ReportItem.g2pk.set(keys.open_queue(GARRISON))]
    ReportItem(keys.report(item.id), keys.REPORT).update(given)
    assert _tell(unit, case) is False
    assert unit.waiting() == []


def test_what_does_not_fit_into_one_answer_of_the_store_is_found_too(unit: World) -> None:
    cases = {overdue(unit, hours=hours).id for hours in (1, 2, 3)}
    client = OutboxItem._get_connection().connection.client
    with hooked(client, "provide-client-params.dynamodb.Query", lambda params, **_: params.update(Limit=1)):
        found = [case.report for case in escalations.overdue(UNIT, unit.now)]
    assert (set(found), len(found)) == (cases, 3)


def test_one_unit_s_trouble_does_not_silence_the_others(unit: World, caplog: pytest.LogCaptureFixture) -> None:
    overdue(unit)
    client = OutboxItem._get_connection().connection.client

    def fail(params: dict[str, Any], **_: Any) -> None:
        if "KSP" in str(params):
            params["TableName"] = "no-such-table"

    with hooked(client, "provide-client-params.dynamodb.Query", fail):
        summary = escalation.handle({}, unit.container)
    assert (summary["escalation_failed"], summary["overdue_unit"]) == (1, 1)
    assert "unit=KSP" in caplog.text


def test_without_time_left_the_next_hour_finds_the_rest(unit: World, monkeypatch: pytest.MonkeyPatch) -> None:
    overdue(unit)
    monkeypatch.setattr(escalation, "BUDGET_S", -1.0)
    assert escalation.handle({}, unit.container)["overdue"] == 0


def test_a_case_that_has_moved_on_is_told_with_its_state(unit: World) -> None:
    item = overdue(unit)
    look(unit)
    ReportItem(keys.report(item.id), keys.REPORT).update([ReportItem.status.set("verifying")])
    (alert,) = unit.waiting()
    relay.handle({"Records": [record(OutboxItem.get(keys.outbox(alert.shard), alert.sort_key))]}, unit.container)
    unit.bulletins()
    assert "Stan teraz: Weryfikacja." in unit.mails()[0]["BodyText"]
