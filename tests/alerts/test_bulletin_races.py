"""Several at work on one box: a line is in one place, and one bulletin leaves."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

from chalicelib.events import bulletins as function
from chalicelib.services.alerts import LEASE
from chalicelib.store import bulletins, outbox
from chalicelib.store.models import OutboxItem
from infra.local.emulator import ROOT
from tests.alerts.entering import ORDINARY, enter, refuse
from tests.alerts.world import UNIT, World, hooked


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


def test_a_lease_outlasts_the_function_of_the_bulletins() -> None:
    config = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))
    for stage in config["stages"].values():
        timeout = stage["lambda_functions"]["bulletins"]["lambda_timeout"]
        assert timeout < LEASE.total_seconds()
        assert timeout - function.BUDGET_S >= 40
        assert timedelta(seconds=stage["lambda_functions"]["relay"]["lambda_timeout"]) < bulletins.QUIET


def test_a_line_that_enters_after_a_bulletin_was_fixed_waits_for_the_next(world: World) -> None:
    filed = {enter(world).id for _ in range(2)}
    with hooked(world.container.ses, "before-call.sesv2.SendEmail", refuse):
        world.bulletins()
    late = enter(world)
    assert world.bulletins()["bulletin_lines"] == len(filed)
    (mail,) = world.mails()
    assert [report in mail["BodyText"] for report in (*sorted(filed), late.id)] == [True, True, False]
    assert [line.alert.report for line in world.lines()] == [late.id]


def emptied(world: World) -> bulletins.Box:
    """A box whose lines have been told, so long ago that it may go."""
    enter(world)
    world.bulletins()
    world.wait(minutes=11)
    (seen,) = bulletins.boxes()
    return seen


def test_a_holder_that_slept_past_its_lease_takes_no_box_away(world: World) -> None:
    seen = emptied(world)
    slow = bulletins.claim(seen, world.now, world.now + LEASE)
    world.wait(minutes=3)
    quick = bulletins.claim(seen, world.now, world.now + LEASE)
    assert slow
    assert quick
    assert bulletins.put_away(slow, world.now) is False
    assert bulletins.put_away(quick, world.now) is True


def test_a_holder_that_slept_past_its_lease_leaves_the_lines_of_its_mail_to_the_other(world: World) -> None:
    enter(world)
    (seen,) = bulletins.boxes()

    def overtake(**_: Any) -> None:
        world.wait(minutes=3)
        assert bulletins.claim(seen, world.now, world.now + LEASE)

    with hooked(world.container.ses, "after-call.sesv2.SendEmail", overtake):
        assert world.bulletins()["bulletins_sent"] == 0
    assert (len(world.mails()), len(world.lines())) == (1, 1)
