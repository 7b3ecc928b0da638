"""What waits for the quarter of an hour: one mail that ranks its cases, and nothing comes twice."""

import json
from datetime import timedelta

import pytest

from chalicelib.events import bulletins as function
from chalicelib.store import bulletins, keys
from chalicelib.store.models import EventItem, SightingItem
from tests.alerts.entering import IMPORTANT, ORDINARY, enter, refuse
from tests.alerts.world import GARRISON, MAILBOX, UNIT, World, hooked, record


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


def test_records_of_lines_and_boxes_are_none_of_the_relay_s(world: World) -> None:
    item = enter(world)
    other = record(item)
    other["dynamodb"]["Keys"]["PK"]["S"] = keys.bulletin(UNIT)
    from chalicelib.events import relay

    assert relay.handle({"Records": [other]}, world.container) == {"batchItemFailures": []}
    assert world.mails() == []
