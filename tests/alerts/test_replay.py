"""Putting alerts back: parked ones, one report's, those of a span of time; never two of one."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.services.alerts import LEASE
from chalicelib.store import keys, outbox
from chalicelib.store.alert import Alert
from chalicelib.store.models import ReportItem
from infra.commands import replay
from tests.alerts.world import GARRISON, UNIT, World


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, int]:
    """How many alerts the command found and put back."""
    assert replay.main(list(arguments)) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return answer["found"], answer["put_back"]


@pytest.fixture
def command(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world, with the command pointed at its tables."""
    for name in ("MAIN_TABLE", "QUOTA_TABLE"):
        monkeypatch.setenv(name, world.post.stack.names[name])
    return world


def park(world: World, *, published: bool = False) -> Alert:
    """An alert that has used up its attempts."""
    world.report()
    for _ in range(outbox.MAX_ATTEMPTS):
        (alert,) = world.waiting()
        claimed = outbox.claim(alert, world.now, world.now)
        assert claimed is not None
        if published:
            assert outbox.mark_published(claimed)
        world.wait(seconds=1)
    (alert,) = world.waiting()
    assert outbox.park(alert, world.now)
    return alert


@pytest.mark.parametrize("arguments", [[], ["--parked"]])
def test_Q03_parked_alerts_are_put_back_with_all_their_attempts_and_delivered(
    command: World, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    park(command)
    assert run(capsys, *arguments) == (1, 1)
    assert list(outbox.parked()) == []
    command.wait(minutes=3)
    assert command.sweep()["alerts_delivered"] == 1
    assert (len(command.messages()), len(command.mails())) == (1, 1)


def test_what_the_topic_had_before_parking_it_does_not_get_again(
    command: World, capsys: pytest.CaptureFixture[str]
) -> None:
    park(command, published=True)
    assert run(capsys) == (1, 1)
    command.wait(minutes=3)
    command.sweep()
    assert (len(command.messages()), len(command.mails())) == (0, 1)


def test_a_report_whose_alert_is_gone_is_told_again(command: World, capsys: pytest.CaptureFixture[str]) -> None:
    item = command.report()
    command.relay(item)
    assert run(capsys, "--report", item.id) == (1, 1)
    (alert,) = command.waiting()
    assert (alert.sort_key, alert.unit, alert.garrison, alert.priority) == (item.sk, UNIT, GARRISON, 3)
    command.relay(item)
    assert [message["event"] for message in command.messages()] == [f"{item.id}-1"] * 2
    assert (len(command.mails()), len(command.lines())) == (1, 1), "as the catalogue ranks it now"


def test_a_parked_report_is_moved_not_copied(command: World, capsys: pytest.CaptureFixture[str]) -> None:
    alert = park(command)
    assert run(capsys, "--report", alert.report) == (1, 1)
    assert list(outbox.parked()) == []
    assert run(capsys, "--parked") == (0, 0)
    assert len(command.waiting()) == 1


def test_twice_in_a_row_puts_nothing_in_twice(command: World, capsys: pytest.CaptureFixture[str]) -> None:
    item = command.report()
    command.relay(item)
    assert run(capsys, "--report", item.id) == (1, 1)
    assert run(capsys, "--report", item.id) == (1, 0)
    assert len(command.waiting()) == 1


def test_a_delivery_in_progress_keeps_its_lease(command: World, capsys: pytest.CaptureFixture[str]) -> None:
    item = command.report()
    (alert,) = command.waiting()
    claimed = outbox.claim(alert, command.now, command.now + LEASE)
    assert run(capsys, "--report", item.id) == (1, 0)
    assert command.waiting() == [claimed]


def test_a_span_of_time_tells_again_of_what_nobody_has_taken_up(
    command: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = command.report()
    command.wait(hours=20)
    begin = command.now
    new, taken = command.report(), command.report()
    ReportItem(keys.report(taken.id), keys.REPORT).update(actions=[ReportItem.status.set("verifying")])
    command.wait(hours=20)
    after = command.report()
    command.relay(before, new, taken, after)
    span = ["--since", begin.isoformat(), "--until", (begin + timedelta(hours=1)).isoformat()]
    assert run(capsys, *span) == (1, 1)
    assert [alert.report for alert in command.waiting()] == [new.id]


def test_a_transferred_case_is_told_to_the_unit_that_has_it_now(
    command: World, capsys: pytest.CaptureFixture[str]
) -> None:
    item = command.report(unit="KSP")
    command.relay(item)
    run(capsys, "--report", item.id)
    (alert,) = command.waiting()
    assert (alert.unit, alert.garrison) == ("KSP", "KSP")


def test_counting_puts_nothing_back(command: World, capsys: pytest.CaptureFixture[str]) -> None:
    park(command)
    assert run(capsys, "--dry-run") == (1, 0)
    assert len(list(outbox.parked())) == 1


@pytest.mark.usefixtures("command")
def test_an_unknown_report_has_no_alerts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--report", "NOBODY") == (0, 0)


def test_a_time_without_offset_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        replay.main(["--since", "2026-11-22T08:00"])
    assert "has no offset" in capsys.readouterr().err


def test_without_a_running_instance_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MAIN_TABLE", raising=False)
    monkeypatch.setenv("INSTANCE", "nowhere")
    assert replay.main([]) == 1
    assert "make run" in capsys.readouterr().err
