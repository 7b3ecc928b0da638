"""The mails of a mailbox's hour: no sixty minutes hold more, and whoever comes too late waits for a bulletin."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import DeleteError, PutError

from chalicelib.domain.alerting import MAILS_PER_HOUR, RESERVED
from chalicelib.store import bulletins, turns
from chalicelib.store.models import OutboxItem
from tests.alerts.entering import URGENT, enter, refuse
from tests.alerts.world import UNIT, World, hooked
from tests.store.faults import faults, forbidden


def test_a_mailbox_whose_hour_is_full_waits_and_loses_nothing(world: World) -> None:
    for _ in range(MAILS_PER_HOUR):
        turns.take(UNIT, world.now, MAILS_PER_HOUR, bulletin=True)
    item = enter(world)
    for _ in range(3):
        assert world.bulletins()["bulletins_full"] == 1
        world.wait(minutes=15)
    assert (world.mails(), len(world.lines())) == ([], 1)
    assert [box.attempts for box in bulletins.boxes()] == [0], "to wait is no failed attempt"
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
    for minute in range(0, 180, 3):
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


def test_a_bulletin_that_may_be_out_keeps_its_turn(world: World) -> None:
    def hang(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://email.example")

    world.give_settings(UNIT, mails_per_hour=1)
    enter(world)
    with hooked(world.container.ses, "after-call.sesv2.SendEmail", hang):
        world.bulletins()
    assert world.bulletins()["bulletins_full"] == 1
    assert (len(world.mails()), len(world.lines())) == (1, 1)


def test_bulletins_use_the_reserved_turns_first(world: World) -> None:
    for _ in range(RESERVED):
        assert turns.take(UNIT, world.now, MAILS_PER_HOUR, bulletin=True)
    urgent = [turns.take(UNIT, world.now, MAILS_PER_HOUR) for _ in range(MAILS_PER_HOUR)]
    assert sum(turn is not None for turn in urgent) == MAILS_PER_HOUR - RESERVED


def test_giving_a_turn_back_leaves_another_s_alone(world: World) -> None:
    first = turns.take(UNIT, world.now, RESERVED + 1)
    world.wait(minutes=64)
    second = turns.take(UNIT, world.now, RESERVED + 1)
    assert first
    assert second
    turns.give_back(first)
    assert turns.take(UNIT, world.now, RESERVED + 1) is None


def test_a_store_that_fails_is_not_mistaken_for_a_turn_that_is_taken(world: World) -> None:
    with faults(forbidden, operation="PutItem"), pytest.raises(PutError):
        turns.take(UNIT, world.now, MAILS_PER_HOUR)
    taken = turns.take(UNIT, world.now, MAILS_PER_HOUR)
    assert taken
    with faults(forbidden, operation="DeleteItem"), pytest.raises(DeleteError):
        turns.give_back(taken)
