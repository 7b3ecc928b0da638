"""What waits for the quarter of an hour: nothing is lost, nothing comes twice, and no mailbox is flooded."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from chalicelib.domain.alerting import LINES, MAILS_PER_HOUR, RESERVED
from chalicelib.events import bulletins as function
from chalicelib.services.alerts import LEASE
from chalicelib.services.bulletins import PAUSES
from chalicelib.store import bulletins, keys, outbox, turns
from chalicelib.store.models import EventItem, OutboxItem, SightingItem
from infra.local.emulator import ROOT
from tests.alerts.world import GARRISON, MAILBOX, UNIT, World, hooked, record

ORDINARY, IMPORTANT, URGENT = 3, 2, 1


def enter(world: World, *, priority: int = ORDINARY, **changes: Any) -> OutboxItem:
    """A report whose alert has become a line."""
    item = world.report(priority=priority, **changes)
    world.relay(item)
    return item


def refuse(**_: Any) -> None:
    """The mail service cannot be reached."""
    raise EndpointConnectionError(endpoint_url="https://email.example")


def test_an_ordinary_report_is_told_to_machines_at_once_and_to_people_in_the_quarter(world: World) -> None:
    item = enter(world)
    assert [message["report"] for message in world.messages()] == [item.id]
    assert (world.mails(), world.waiting()) == ([], [])
    world.wait(minutes=15)
    assert world.bulletins()["bulletins_sent"] == 1
    (mail,) = world.mails()
    assert mail["To"] == [MAILBOX]
    assert item.id in mail["BodyText"]
    assert world.lines() == []


def test_one_case_alone_gets_the_mail_that_an_urgent_one_gets(world: World) -> None:
    item = enter(world)
    world.bulletins()
    (mail,) = world.mails()
    assert mail["Subject"] == "[KMP Łomża] Nieprawidłowe parkowanie · przyjąć do śr. 25.11, 13:00"
    assert item.id in mail["BodyHtml"]


def test_A08_many_cases_are_one_mail_with_one_link_for_each(world: World) -> None:
    filed = [enter(world).id for _ in range(3)]
    world.bulletins()
    (mail,) = world.mails()
    assert mail["Subject"] == "[KMP Łomża] Zgłoszenia: 3 · najbliższy termin: śr. 25.11, 13:00"
    for part in (mail["BodyText"], mail["BodyHtml"]):
        assert [part.count(f"/policja/#/sprawa/{report}") for report in filed] == [1, 1, 1]
    assert world.bulletins()["bulletins_sent"] == 0


def test_cases_are_ranked_by_priority_then_sources_then_age(world: World) -> None:
    old, seen, important = enter(world), enter(world), enter(world, priority=IMPORTANT)
    SightingItem(
        keys.report(seen.id), keys.sighting("m"), id=seen.id, at=seen.at, day="2026-11-22", times=[0] * 28, sources=2
    ).save()
    world.bulletins()
    (mail,) = world.mails()
    places = [mail["BodyText"].index(item.id) for item in (important, seen, old)]
    assert places == sorted(places)
    assert "źródła: 3" in mail["BodyText"]


def test_beyond_the_lines_that_a_bulletin_names_the_rest_is_counted(world: World) -> None:
    urgent_last = [world.report(priority=ORDINARY) for _ in range(LINES + 2)]
    important = world.report(priority=IMPORTANT)
    world.relay(*urgent_last, important)
    assert world.bulletins()["bulletin_lines"] == LINES + 3
    (mail,) = world.mails()
    assert mail["BodyText"].count("/policja/#/sprawa/") == LINES
    assert important.id in mail["BodyText"]
    assert "zwykłe: 3" in mail["BodyText"]
    assert world.lines() == []


def test_several_alerts_of_one_case_are_one_entry(world: World) -> None:
    item = enter(world)
    world.wait(seconds=1)
    at = keys.instant(world.now)
    EventItem(keys.report(item.id), keys.event(2), id=item.id, seq=2, type="status", at=at, status="withdrawn").save()
    world.relay(world.alert(item.id, 2, kind="withdrawn", priority=ORDINARY))
    enter(world)
    world.bulletins()
    (mail,) = world.mails()
    assert mail["BodyText"].count(item.id) == 1
    assert "Zgłoszenie wycofała osoba" in mail["BodyText"]


def test_a_line_says_of_which_unit_a_case_is_where_the_mailbox_is_another_s(world: World) -> None:
    world.give_address(UNIT)
    world.give_address(GARRISON, "bialystok@police.example")
    enter(world)
    enter(world)
    world.bulletins()
    (mail,) = world.mails()
    assert mail["To"] == ["bialystok@police.example"]
    assert mail["Subject"].startswith("[KWP Białystok] Zgłoszenia: 2")
    assert mail["BodyText"].count("KMP Łomża · Zgłoszono") == 2


def test_without_any_address_the_national_desk_gets_one_bulletin(world: World) -> None:
    world.give_address(UNIT)
    enter(world)
    enter(world)
    world.bulletins()
    (mail,) = world.mails()
    assert mail["To"] == ["fallback@police.example"]


def test_A08_a_thousand_reports_in_an_hour_are_twenty_mails_at_most_and_each_is_in_one(world: World) -> None:
    """250 a quarter; the count is kept small by handing each quarter's alerts over as lines of its own."""
    told = 0
    for _ in range(4):
        urgent = [world.report(priority=URGENT) for _ in range(5)]
        world.relay(*urgent)
        fill(world, 245)
        world.wait(minutes=15)
        told += world.bulletins()["bulletin_lines"]
    mails = world.mails()
    named = sum("Zgłoszenia:" not in mail["Subject"] for mail in mails)
    assert len(mails) <= MAILS_PER_HOUR
    assert named + told == 1000
    assert world.lines() == []


def fill(world: World, number: int) -> None:
    """Put lines into the unit's box, as the relay does, without reports but for the ones that a bulletin will name."""
    item = world.report(priority=ORDINARY)
    world.relay(item)
    (line,) = [line for line in world.lines() if line.alert.report == item.id]
    client, table = world.post.dynamodb, world.container.settings.main_table
    held = client.get_item(TableName=table, Key={"PK": {"S": keys.bulletin(UNIT)}, "SK": {"S": line.sort_key}})["Item"]
    named = [world.report(priority=ORDINARY) for _ in range(LINES)]
    for filed in named:
        filed.delete()
    puts = [
        {"PutRequest": {"Item": held | {"SK": {"S": f"{line.sort_key}-{n:04d}"}, "id": {"S": report}}}}
        for n in range(number - 1)
        for report in [named[n].id if n < LINES else f"N{n:025d}"]
    ]
    for start in range(0, len(puts), 25):
        client.batch_write_item(RequestItems={table: puts[start : start + 25]})


def test_urgent_reports_beyond_the_hour_s_mails_come_first_in_the_bulletin(world: World) -> None:
    items = [world.report(priority=URGENT) for _ in range(MAILS_PER_HOUR)]
    world.relay(*items)
    assert len(world.mails()) == MAILS_PER_HOUR - RESERVED
    enter(world)
    world.bulletins()
    bulletin = world.mails()[-1]
    assert bulletin["Subject"].startswith(f"[KMP Łomża] Zgłoszenia: {RESERVED + 1}, w tym pilne: {RESERVED}")
    told = "".join(mail["BodyText"] for mail in world.mails())
    assert all(item.id in told for item in items)


def test_a_mailbox_whose_hour_is_full_waits_and_loses_nothing(world: World) -> None:
    for _ in range(MAILS_PER_HOUR):
        turns.take(UNIT, world.now, MAILS_PER_HOUR, bulletin=True)
    item = enter(world)
    for _ in range(3):
        assert world.bulletins()["bulletins_full"] == 1
        world.wait(minutes=15)
    assert (world.mails(), len(world.lines())) == ([], 1)
    world.wait(minutes=20)
    assert world.bulletins()["bulletins_sent"] == 1
    assert item.id in world.mails()[0]["BodyText"]


def test_a_unit_may_want_fewer_mails(world: World) -> None:
    limit = RESERVED + 1
    world.give_settings(UNIT, mails_per_hour=limit)
    world.relay(*[world.report(priority=URGENT) for _ in range(3)])
    assert (len(world.mails()), len(world.lines())) == (1, 2)


@pytest.mark.parametrize(("minutes", "free"), [(60, False), (62.9, False), (63, True)])
def test_a_turn_is_free_an_hour_after_the_last_mail_may_have_left(world: World, minutes: float, free: bool) -> None:  # noqa: FBT001
    assert turns.take(UNIT, world.now, RESERVED + 1)
    world.wait(minutes=minutes)
    assert (turns.take(UNIT, world.now, RESERVED + 1) is not None) is free


def test_no_sixty_minutes_hold_more_than_twenty_mails(world: World) -> None:
    taken = []
    for minute in range(180):
        while turns.take(UNIT, world.now, MAILS_PER_HOUR, bulletin=minute % 15 == 0):
            taken.append(minute)
        world.wait(minutes=1)
    assert taken
    assert max(sum(start <= minute < start + 60 for minute in taken) for start in range(180)) == MAILS_PER_HOUR


@pytest.mark.parametrize("racers", [2, 6])
def test_of_many_that_want_the_last_turn_one_gets_it(world: World, racers: int) -> None:
    limit = RESERVED + 1
    barrier = Barrier(racers)
    client = OutboxItem._get_connection().connection.client

    def wait(**_: Any) -> None:
        barrier.wait(30)

    with hooked(client, "before-call.dynamodb.PutItem", wait), ThreadPoolExecutor(racers) as pool:
        running = [pool.submit(turns.take, UNIT, world.now, limit) for _ in range(racers)]
        answers = [task.result(60) for task in running]
    assert sum(answer is not None for answer in answers) == 1


def test_a_mail_that_was_refused_gives_its_turn_back(world: World) -> None:
    limit = RESERVED + 1
    world.give_settings(UNIT, mails_per_hour=limit)
    item = world.report(priority=URGENT)
    with hooked(world.container.ses, "before-call.sesv2.SendEmail", refuse):
        world.relay(item)
    world.relay(item)
    assert len(world.mails()) == 1


def test_a_mail_that_may_be_out_keeps_its_turn(world: World) -> None:
    def hang(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://email.example")

    world.give_settings(UNIT, mails_per_hour=RESERVED + 1)
    item = world.report(priority=URGENT)
    with hooked(world.container.ses, "after-call.sesv2.SendEmail", hang):
        world.relay(item)
    world.relay(item)
    assert (len(world.mails()), len(world.lines())) == (1, 1), "the second time it waits for the bulletin"


def test_giving_a_turn_back_leaves_another_s_alone(world: World) -> None:
    first = turns.take(UNIT, world.now, RESERVED + 1)
    world.wait(minutes=64)
    second = turns.take(UNIT, world.now, RESERVED + 1)
    assert first
    assert second
    turns.give_back(first)
    assert turns.take(UNIT, world.now, RESERVED + 1) is None


def test_Q01_a_bulletin_that_fails_is_tried_again_at_once_then_with_growing_pauses(world: World) -> None:
    enter(world)
    calls = []
    begun = world.now

    def fail(**_: Any) -> None:
        calls.append((world.now - begun) // timedelta(minutes=1))
        refuse()

    with hooked(world.container.ses, "before-call.sesv2.SendEmail", fail):
        for _ in range(40):
            world.bulletins()
            world.wait(minutes=15)
    assert calls == [0, 0, 15, 45, 90, 165, 240, 375]
    assert len(calls) == len(PAUSES) + 1 == outbox.MAX_ATTEMPTS


def test_Q03_a_parked_bulletin_comes_back_by_replay_and_the_topic_is_not_told_again(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from infra.commands import replay

    filed = [enter(world).id for _ in range(2)]
    with hooked(world.container.ses, "before-call.sesv2.SendEmail", refuse):
        for _ in range(40):
            world.bulletins()
            world.wait(minutes=15)
    assert sorted(alert.report for alert in outbox.parked()) == filed
    assert (world.lines(), len(world.messages())) == ([], 2)
    for name in ("MAIN_TABLE", "QUOTA_TABLE"):
        monkeypatch.setenv(name, world.post.stack.names[name])
    assert replay.main([]) == 0
    assert '"put_back": 2' in capsys.readouterr().out
    world.wait(minutes=3)
    world.sweep()
    world.bulletins()
    (mail,) = world.mails()
    assert all(report in mail["BodyText"] for report in filed)
    assert world.messages() == []


def test_an_outage_of_five_hours_parks_nothing(world: World) -> None:
    enter(world)
    with hooked(world.container.ses, "before-call.sesv2.SendEmail", refuse):
        for _ in range(20):
            world.bulletins()
            world.wait(minutes=15)
    assert list(outbox.parked()) == []
    for _ in range(9):
        world.bulletins()
        world.wait(minutes=15)
    assert len(world.mails()) == 1


def test_Q04_a_line_that_cannot_be_worded_is_parked_alone(world: World) -> None:
    bad, good = enter(world), enter(world)
    report = world.post.dynamodb
    key = {"PK": {"S": keys.report(bad.id)}, "SK": {"S": keys.REPORT}}
    report.delete_item(TableName=world.container.settings.main_table, Key=key)
    world.bulletins()
    (mail,) = world.mails()
    assert good.id in mail["BodyText"]
    (parked,) = outbox.parked()
    assert (parked.report, parked.last_error) == (bad.id, "ValueError")
    assert world.lines() == []


def test_a_bulletin_of_nothing_but_parked_lines_is_not_sent(world: World) -> None:
    bad = enter(world)
    key = {"PK": {"S": keys.report(bad.id)}, "SK": {"S": keys.REPORT}}
    world.post.dynamodb.delete_item(TableName=world.container.settings.main_table, Key=key)
    assert world.bulletins()["bulletins_sent"] == 0
    assert (world.mails(), world.lines()) == ([], [])


def test_an_empty_box_is_taken_away_once_no_line_can_be_on_its_way(world: World) -> None:
    enter(world)
    world.bulletins()
    world.bulletins()
    assert [box.name for box in bulletins.boxes()] == [UNIT]
    world.wait(minutes=11)
    world.bulletins()
    assert bulletins.boxes() == []


def test_a_box_that_is_touched_while_it_is_looked_at_stays(world: World) -> None:
    enter(world)
    world.bulletins()
    world.wait(minutes=11)
    (seen,) = bulletins.boxes()
    claimed = bulletins.claim(seen, world.now, world.now + LEASE)
    assert claimed
    item = enter(world)
    assert bulletins.put_away(claimed, world.now) is False
    bulletins.close(claimed)
    assert [line.alert.report for line in world.lines()] == [item.id]
    assert world.bulletins()["bulletins_sent"] == 1


def test_of_two_runs_at_once_one_sends(world: World) -> None:
    enter(world)
    barrier = Barrier(2)
    client = OutboxItem._get_connection().connection.client

    def wait(params: dict[str, Any], **_: Any) -> None:
        if "ADD" in params["UpdateExpression"]:
            barrier.wait(30)

    with hooked(client, "provide-client-params.dynamodb.UpdateItem", wait), ThreadPoolExecutor(2) as pool:
        running = [pool.submit(world.bulletins) for _ in range(2)]
        answers = [task.result(60)["bulletins_sent"] for task in running]
    assert sorted(answers) == [0, 1]
    assert len(world.mails()) == 1


def test_a_holder_that_slept_past_its_lease_sends_nothing(world: World) -> None:
    enter(world)
    (seen,) = bulletins.boxes()

    def overtake(params: dict[str, Any], **_: Any) -> None:
        if "bulletin" in str(params.get("ExpressionAttributeNames")) and not taken:
            taken.append(True)
            world.wait(minutes=3)
            assert bulletins.claim(seen, world.now, world.now + LEASE)

    taken: list[bool] = []
    client = OutboxItem._get_connection().connection.client
    with hooked(client, "provide-client-params.dynamodb.UpdateItem", overtake):
        assert world.bulletins()["bulletins_sent"] == 0
    assert taken
    assert (world.mails(), len(world.lines())) == ([], 1)


def test_a_line_enters_once_though_its_alert_lost_the_lease(world: World) -> None:
    item = world.report(priority=ORDINARY)
    (alert,) = world.waiting()
    slow = outbox.claim(alert, world.now, world.now + LEASE)
    world.wait(minutes=3)
    quick = outbox.claim(alert, world.now, world.now + LEASE)
    assert slow
    assert quick
    assert bulletins.enter(slow, UNIT, world.now) is False
    assert bulletins.enter(quick, UNIT, world.now) is True
    assert [line.alert.report for line in world.lines()] == [item.id]


def test_the_relay_that_loses_its_lease_before_the_line_leaves_it_to_the_other(world: World) -> None:
    item = world.report(priority=ORDINARY)
    (alert,) = world.waiting()

    def overtake(**_: Any) -> None:
        if not world.lines() and len(claims) == 0:
            claims.append(None)
            world.wait(minutes=3)
            assert outbox.claim(alert, world.now, world.now + LEASE)

    claims: list[None] = []
    client = OutboxItem._get_connection().connection.client
    with hooked(client, "before-call.dynamodb.TransactWriteItems", overtake):
        assert world.relay(item) == {"batchItemFailures": []}
    assert world.lines() == []
    assert len(world.waiting()) == 1


def test_more_lines_than_one_bulletin_tells_wait_for_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulletins, "MOST_LINES", 2)
    for _ in range(3):
        enter(world)
    assert [world.bulletins()["bulletin_lines"] for _ in range(3)] == [2, 1, 0]


def test_without_time_left_the_rest_waits_for_the_next_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(world)
    monkeypatch.setattr(function, "BUDGET_S", -1.0)
    assert world.bulletins()["bulletins_sent"] == 0
    monkeypatch.undo()
    assert world.bulletins()["bulletins_sent"] == 1


def test_the_run_tells_the_age_of_the_oldest_line(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    with hooked(world.container.ses, "before-call.sesv2.SendEmail", refuse):
        enter(world)
        world.wait(minutes=7)
        summary = world.bulletins()
    assert (summary["bulletin_oldest_s"], summary["bulletins_failed"]) == (420.0, 1)
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["function"], line["bulletin_oldest_s"]) == ("bulletins", 420.0)


def test_a_told_time_is_believed(world: World) -> None:
    enter(world)
    later = {"now": (world.now + timedelta(hours=1)).isoformat()}
    assert function.handle(later, world.container)["bulletins_sent"] == 1


def test_a_lease_outlasts_the_function_of_the_bulletins() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))
    for stage in config["stages"].values():
        timeout = stage["lambda_functions"]["bulletins"]["lambda_timeout"]
        assert timeout < LEASE.total_seconds()
        assert timeout - function.BUDGET_S >= 40
        assert timedelta(seconds=stage["lambda_functions"]["relay"]["lambda_timeout"]) < bulletins.QUIET


def test_records_of_lines_and_boxes_are_none_of_the_relay_s(world: World) -> None:
    item = enter(world)
    other = record(item)
    other["dynamodb"]["Keys"]["PK"]["S"] = keys.bulletin(UNIT)
    from chalicelib.events import relay

    assert relay.handle({"Records": [other]}, world.container) == {"batchItemFailures": []}
    assert world.mails() == []
