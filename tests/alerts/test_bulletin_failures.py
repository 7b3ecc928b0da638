"""A bulletin that cannot leave, or a line that cannot be worded: tried again, then parked, and never lost."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.events import bulletins as function
from chalicelib.services.bulletins import PAUSES
from chalicelib.store import bulletins, keys, outbox
from tests.alerts.entering import enter, refuse
from tests.alerts.world import World, hooked


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


def test_a_bulletin_that_fails_when_the_time_is_up_waits_for_the_next_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        monkeypatch.setattr(function, "BUDGET_S", -1.0)
        refuse()

    enter(world)
    with hooked(world.container.ses, "before-call.sesv2.SendEmail", fail):
        assert world.bulletins()["bulletins_failed"] == 1
    assert [box.attempts for box in bulletins.boxes()] == [1]


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
