"""A box whose bulletin has failed too often: its lines are parked once, and the next bulletin is left alone."""

import pytest
from pynamodb.exceptions import DeleteError, UpdateError

from chalicelib.services.alerts import LEASE
from chalicelib.store import bulletins, outbox
from chalicelib.store.bulletins import Box
from tests.alerts.entering import enter, refuse
from tests.alerts.world import World, hooked
from tests.store.faults import faults, forbidden


def the_box() -> Box:
    """The only box, as the store holds it."""
    (box,) = bulletins.boxes()
    return box


def spend(world: World, attempts: int) -> Box:
    """Let attempts at the bulletin end without a word, as when the function is killed."""
    for _ in range(attempts):
        assert bulletins.claim(the_box(), world.now, world.now)
        world.wait(seconds=1)
    return the_box()


def test_a_line_that_another_has_parked_is_not_parked_again(world: World) -> None:
    enter(world)
    (line,) = world.lines()
    assert bulletins.park(line, "Late") is True
    (parked,) = outbox.parked()
    assert outbox.put_back(parked)
    assert bulletins.park(line, "Late") is False
    assert list(outbox.parked()) == []
    assert len(world.waiting()) == 1


def test_a_bulletin_in_its_last_attempt_is_not_parked(world: World) -> None:
    enter(world)
    last = bulletins.claim(spend(world, 7), world.now, world.now + LEASE)
    assert last
    assert last.attempts == outbox.MAX_ATTEMPTS
    assert world.bulletins()["bulletins_parked"] == 0
    assert (list(outbox.parked()), len(world.lines())) == ([], 1)
    world.wait(minutes=3)
    assert world.bulletins()["bulletins_parked"] == 1
    assert (len(list(outbox.parked())), world.lines()) == (1, [])


def test_the_lines_of_a_bulletin_that_was_sent_are_not_parked(world: World) -> None:
    enter(world)
    claimed = bulletins.claim(the_box(), world.now, world.now)
    assert claimed
    assert bulletins.fix(claimed, "a-bulletin", world.lines())
    assert bulletins.mark_sent(claimed)
    world.wait(seconds=1)
    spend(world, 7)
    world.bulletins()
    assert (list(outbox.parked()), world.lines(), world.mails()) == ([], [], [])


def test_of_two_that_parked_a_box_the_slower_forgets_no_bulletin_of_its_next_lines(world: World) -> None:
    enter(world)
    seen = spend(world, 8)
    world.bulletins()
    enter(world)
    with hooked(world.container.ses, "before-call.sesv2.SendEmail", refuse):
        world.bulletins()
    under_way = the_box()
    assert (under_way.attempts, under_way.bulletin is None) == (2, False)
    assert bulletins.reopen(seen, world.now) is False
    assert the_box() == under_way


def test_of_two_that_parked_a_box_the_slower_takes_no_lease_away(world: World) -> None:
    enter(world)
    seen = spend(world, 8)
    world.bulletins()
    enter(world)
    last = bulletins.claim(spend(world, 7), world.now, world.now + LEASE)
    assert bulletins.reopen(seen, world.now) is False
    assert the_box() == last


def test_a_store_that_fails_is_not_mistaken_for_a_lost_race(world: World) -> None:
    enter(world)
    seen = spend(world, 8)
    with faults(forbidden, operation="UpdateItem"), pytest.raises(UpdateError):
        bulletins.reopen(seen, world.now)
    world.wait(minutes=11)
    with faults(forbidden, operation="DeleteItem"), pytest.raises(DeleteError):
        bulletins.put_away(seen, world.now)
