"""Several at work on one alert: one of them delivers it."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from chalicelib.events import relay, sweeper
from chalicelib.services.alerts import LEASE
from chalicelib.store import outbox
from chalicelib.store.alert import Alert
from chalicelib.store.models import OutboxItem
from infra.local.emulator import ROOT
from tests.alerts.world import World, hooked


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run the tasks in threads of their own; all have read the alert before any of them claims it."""
    barrier = Barrier(len(tasks))
    client = OutboxItem._get_connection().connection.client
    claims = []

    def wait(params: dict[str, Any], **_: Any) -> None:
        if "ADD" in params["UpdateExpression"]:
            claims.append(barrier.wait(30))

    with hooked(client, "provide-client-params.dynamodb.UpdateItem", wait), ThreadPoolExecutor(len(tasks)) as pool:
        running = [pool.submit(task) for task in tasks]
        answers = [task.result(60) for task in running]
    assert sorted(claims) == list(range(len(tasks)))
    return answers


@pytest.mark.parametrize("relays", [2, 8])
def test_Q09_of_relays_at_once_one_delivers(world: World, relays: int) -> None:
    item = world.report()
    at_once(*[lambda: world.relay(item)] * relays)
    assert (len(world.messages()), len(world.mails())) == (1, 1)
    assert world.waiting() == []


def test_Q09_of_relay_and_sweeper_at_once_one_delivers(world: World) -> None:
    item = world.report()
    world.wait(minutes=3)
    at_once(lambda: world.relay(item), world.sweep)
    assert (len(world.messages()), len(world.mails())) == (1, 1)
    assert world.waiting() == []


def claimed_and_overtaken(world: World) -> tuple[Alert, Alert]:
    """A holder that slept past its lease, and the one that has claimed the alert since."""
    world.report()
    (alert,) = world.waiting()
    slow = outbox.claim(alert, world.now, world.now + LEASE)
    world.wait(minutes=3)
    quick = outbox.claim(alert, world.now, world.now + LEASE)
    assert slow is not None
    assert quick is not None
    return slow, quick


@pytest.mark.parametrize(
    "act",
    [outbox.mark_published, outbox.finish, lambda slow: outbox.release(slow, "Late", None)],
    ids=["mark", "finish", "release"],
)
def test_a_holder_that_lost_its_lease_changes_nothing(world: World, act: Callable[[Alert], bool]) -> None:
    slow, quick = claimed_and_overtaken(world)
    assert act(slow) is False
    assert world.waiting() == [quick]


@pytest.mark.parametrize("act", [outbox.mark_published, outbox.finish], ids=["mark", "finish"])
def test_a_lease_is_told_apart_by_its_end_after_a_replay(world: World, act: Callable[[Alert], bool]) -> None:
    slow, quick = claimed_and_overtaken(world)
    assert outbox.finish(quick)
    outbox.put_back(quick)
    (again,) = world.waiting()
    third = outbox.claim(again, world.now, world.now + LEASE)
    assert third is not None
    assert third.attempts == slow.attempts
    assert act(slow) is False
    assert world.waiting() == [third]


def test_a_lease_is_told_apart_by_its_attempt_when_two_end_together(world: World) -> None:
    world.report()
    (alert,) = world.waiting()
    until = world.now + LEASE
    first = outbox.claim(alert, world.now, until)
    assert first is not None
    assert outbox.release(first, "Refused", None)
    second = outbox.claim(alert, world.now, until)
    assert outbox.finish(first) is False
    assert world.waiting() == [second]


def test_a_relay_that_loses_its_lease_sends_no_mail(world: World) -> None:
    item = world.report()
    (alert,) = world.waiting()

    def overtake(**_: Any) -> None:
        world.wait(minutes=3)
        assert outbox.claim(alert, world.now, world.now + LEASE)

    with hooked(world.container.sns, "after-call.sns.Publish", overtake):
        assert world.relay(item) == {"batchItemFailures": []}
    assert world.mails() == []
    (waiting,) = world.waiting()
    assert (waiting.attempts, waiting.published) == (2, False)


def test_a_lease_holds_until_its_end_and_not_longer(world: World) -> None:
    world.report()
    (alert,) = world.waiting()
    assert outbox.claim(alert, world.now, world.now + LEASE)
    world.wait(seconds=LEASE.total_seconds())
    assert outbox.claim(alert, world.now, world.now + LEASE) is None
    world.wait(milliseconds=1)
    assert outbox.claim(alert, world.now, world.now + LEASE)


def test_a_lease_outlasts_every_function_that_claims() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))
    functions = [stage["lambda_functions"] for stage in config["stages"].values()]
    for held in functions:
        assert held["relay"]["lambda_timeout"] < LEASE.total_seconds()
        assert held["sweeper"]["lambda_timeout"] < LEASE.total_seconds()
        # The slowest delivery, all its calls answering at the last moment, still ends in time.
        assert held["relay"]["lambda_timeout"] - relay.BUDGET_S >= 40
        assert held["sweeper"]["lambda_timeout"] - sweeper.BUDGET_S >= 40
    assert functions
