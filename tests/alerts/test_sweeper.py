"""The schedule's round: what the stream left behind, and what cannot be delivered."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.events import sweeper
from chalicelib.services.alerts import LEASE, PAUSES
from chalicelib.store import outbox
from tests.alerts.world import World, hooked

POISON = "no_such_category"


def spend(world: World, attempts: int) -> None:
    """Let attempts on every waiting alert end without a word, as when the function is killed."""
    for _ in range(attempts):
        for alert in world.waiting():
            outbox.claim(alert, world.now, world.now)
        world.wait(seconds=1)


@pytest.mark.parametrize(("age_s", "delivered"), [(119, 0), (121, 1)])
def test_younger_alerts_are_left_to_the_relay(world: World, age_s: int, delivered: int) -> None:
    world.report()
    world.wait(seconds=age_s)
    assert world.sweep()["alerts_delivered"] == delivered


def test_alerts_of_all_shards_go_out_oldest_first(world: World) -> None:
    filed = []
    for _ in range(9):
        filed.append(world.report().id)
        world.wait(seconds=1)
    world.wait(minutes=3)
    sent: list[str] = []
    with hooked(
        world.container.sns, "provide-client-params.sns.Publish", lambda params, **_: sent.append(params["Message"])
    ):
        world.sweep()
    assert [json.loads(json.loads(sent_one)["default"])["report"] for sent_one in sent] == filed


def test_Q01_pauses_grow_until_the_attempts_are_used_up(world: World) -> None:
    world.report(category=POISON)
    begun = world.now
    tried = []
    for minute in (5, 10, 15, 20, 25, 35, 40, 60, 65, 105, 110, 170, 175, 240):
        world.now = begun + timedelta(minutes=minute)
        if world.sweep()["relay_retry"]:
            tried.append((world.now - begun) // timedelta(minutes=1))
    # Pauses of 0, 0, 5, 10, 20, 40 and 60 minutes, met by rounds just before their end, and when they are over.
    assert tried == [5, 10, 15, 25, 40, 65, 110, 175]
    assert len(tried) == len(PAUSES) + 1 == outbox.MAX_ATTEMPTS


def test_Q09_poison_is_parked_after_eight_attempts_and_others_flow(world: World) -> None:
    bad = world.report(category=POISON)
    for _ in range(4):
        good = world.report()
        assert world.relay(good) == {"batchItemFailures": []}
        for _ in range(4):
            world.wait(minutes=15)
            world.sweep()
    assert len(world.mails()) == 4
    assert world.waiting() == []
    (parked,) = outbox.parked()
    assert (parked.report, parked.attempts, parked.last_error) == (bad.id, 8, "KeyError")


def test_an_outage_of_two_hours_parks_nothing(world: World) -> None:
    def refuse(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://email.example")

    items = [world.report() for _ in range(3)]
    with hooked(world.container.ses, "before-call.sesv2.SendEmail", refuse):
        world.relay(*items)
        for _ in range(12):
            world.wait(minutes=10)
            assert world.sweep()["newly_parked"] == 0
    for _ in range(4):
        world.wait(minutes=20)
        world.sweep()
    assert (len(world.messages()), len(world.mails())) == (3, 3)
    assert world.waiting() == []


def test_an_alert_in_its_last_attempt_is_not_parked(world: World) -> None:
    world.report()
    spend(world, 7)
    (alert,) = world.waiting()
    last = outbox.claim(alert, world.now, world.now + LEASE)
    assert last is not None
    world.wait(seconds=121)
    assert world.sweep()["newly_parked"] == 0
    assert outbox.park(last, world.now) is False
    world.wait(minutes=1)
    assert world.sweep()["newly_parked"] == 1


def test_no_attempt_is_made_beyond_the_last(world: World) -> None:
    item = world.report()
    spend(world, 8)
    world.relay(item)
    assert world.mails() == []
    (alert,) = world.waiting()
    assert alert.attempts == 8


def test_an_alert_put_back_since_the_page_was_read_is_not_parked_again(world: World) -> None:
    world.report()
    spend(world, 8)
    (seen,) = world.waiting()
    assert outbox.park(seen, world.now)
    assert outbox.put_back(seen)
    assert outbox.park(seen, world.now) is False
    (alert,) = world.waiting()
    assert alert.attempts == 0


def test_of_two_sweepers_one_parks(world: World) -> None:
    world.report()
    spend(world, 8)
    (seen,) = world.waiting()
    assert [outbox.park(seen, world.now), outbox.park(seen, world.now)] == [True, False]
    assert len(list(outbox.parked())) == 1


def test_a_flood_is_spread_over_several_rounds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeper, "MOST", 2)
    for _ in range(3):
        world.report()
    world.wait(minutes=3)
    assert [world.sweep()["alerts_delivered"] for _ in range(3)] == [2, 1, 0]


def test_without_time_left_the_rest_waits_for_the_next_round(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        world.report()
    world.wait(minutes=3)
    monkeypatch.setattr(sweeper, "BUDGET_S", 0.3)
    with hooked(world.container.sns, "before-call.sns.Publish", lambda **_: time.sleep(0.4)):
        assert [world.sweep()["alerts_delivered"] for _ in range(3)] == [1, 1, 0]


def test_the_round_tells_the_age_of_the_oldest_and_how_many_are_parked(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.report(category=POISON)
    world.wait(minutes=10)
    world.report()
    world.sweep()
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    figures = {name: line[name] for name in ("alerts_delivered", "relay_retry", "parked", "outbox_oldest_s")}
    assert figures == {"alerts_delivered": 0, "relay_retry": 1, "parked": 0, "outbox_oldest_s": 600.0}
    units = {metric["Name"]: metric["Unit"] for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert units["outbox_oldest_s"] == "Seconds"
    assert units["parked"] == "Count"
    assert (line["stage"], line["function"]) == ("local", "sweeper")


def test_an_empty_outbox_has_no_age(world: World) -> None:
    assert world.sweep()["outbox_oldest_s"] == 0.0


def test_the_local_stage_may_be_told_the_time(world: World) -> None:
    world.report()
    later = (world.now + timedelta(minutes=3)).isoformat()
    assert sweeper.handle({"now": later}, world.container)["alerts_delivered"] == 1
