"""A unit's addresses that take no mail, and where its mail goes by its settings."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from pynamodb.exceptions import UpdateError

from chalicelib.services.mailboxes import Box, Mailboxes
from chalicelib.store import flags, keys, unit_settings
from chalicelib.store.models import connection
from tests.alerts.world import hooked
from tests.http.world import World
from tests.police.cases import UNIT
from tests.police.officers import Staff
from tests.police.unit_settings import CHIEF, OWN, PATH, settings
from tests.store.faults import faults, throttled


def test_a_flag_is_shown_with_its_reason_until_the_settings_are_written_again(world: World, coordinator: Staff) -> None:
    coordinator.call("PUT", PATH, settings(OWN, chief=(CHIEF,)))
    world.clock.pass_by(minutes=5)
    assert flags.flag(UNIT, OWN, world.clock(), "bounce")
    assert flags.flag(UNIT, CHIEF.upper(), world.clock(), "complaint")
    shown = coordinator.call("GET", PATH).body
    since = keys.instant(world.clock())
    assert shown["flagged"] == [
        {"address": OWN, "since": since, "reason": "bounce"},
        {"address": CHIEF, "since": since, "reason": "complaint"},
    ]
    assert (shown["addresses"], shown["version"]) == ([OWN], 2)
    # Sent again by a connection that broke: it was thought out before the mail came back.
    assert coordinator.call("PUT", PATH, settings(OWN, chief=(CHIEF,))).body == shown
    cleared = coordinator.call("PUT", PATH, settings(OWN, chief=(CHIEF,), version=2)).body
    assert (cleared["flagged"], cleared["version"]) == ([], 3)
    assert flags.flag(UNIT, OWN, world.clock() + timedelta(hours=1), "bounce")
    assert len(coordinator.call("GET", PATH).body["flagged"]) == 1


def test_of_two_bounces_told_at_once_one_is_noted(world: World, coordinator: Staff) -> None:
    coordinator.call("PUT", PATH, settings(OWN))
    barrier = Barrier(2)

    def told(_: int) -> bool:
        return flags.flag(UNIT, OWN, world.clock(), "bounce")

    def wait(**_: Any) -> None:
        barrier.wait(30)

    event = "before-call.dynamodb.UpdateItem"
    with (
        hooked(connection().client, event, wait),
        ThreadPoolExecutor(2) as pool,
    ):
        answers = list(pool.map(told, range(2)))
    assert sorted(answers) == [False, True]
    assert len(unit_settings.read(UNIT).flags) == 1


def test_mail_goes_to_the_address_again_once_the_coordinator_stands_by_it(world: World, coordinator: Staff) -> None:
    boxes = Mailboxes(world.box.instance, "fallback@police.example")
    coordinator.call("PUT", PATH, settings(OWN))
    flags.flag(UNIT, OWN, world.clock(), "bounce")
    assert boxes.of_unit(UNIT).addresses == ("fallback@police.example",)
    coordinator.call("PUT", PATH, settings(OWN, version=2))
    assert boxes.of_unit(UNIT).addresses == (OWN,)


def test_the_chief_hears_of_overdue_cases_and_bulletins_keep_to_the_budget(world: World, coordinator: Staff) -> None:
    coordinator.call("PUT", PATH, settings(OWN, chief=(CHIEF,), mails=4))
    boxes = Mailboxes(world.box.instance, "fallback@police.example")
    assert (boxes.of_box(Box(UNIT)).addresses, boxes.of_box(Box(UNIT)).limit) == ((OWN,), 4)
    assert boxes.of_box(Box(UNIT, 1)).addresses == (CHIEF,)


def test_a_bounce_that_cannot_be_noted_is_told_again(world: World, coordinator: Staff) -> None:
    coordinator.call("PUT", PATH, settings(OWN))
    with faults(*[throttled] * 9, operation="UpdateItem"), pytest.raises(UpdateError):
        flags.flag(UNIT, OWN, world.clock(), "bounce")
