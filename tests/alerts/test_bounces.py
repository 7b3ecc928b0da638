"""Mails that come back: the address is flagged and somebody else is told; a citizen's subscription stops."""

import json
from datetime import timedelta
from typing import Any

import pytest
from pynamodb.exceptions import UpdateError

from chalicelib.domain.email import parse
from chalicelib.domain.subscription_token import subscription_id
from chalicelib.events import bounces
from chalicelib.store import flags, keys, subscriptions
from chalicelib.store.unit_items import UnitItem
from tests.alerts.world import GARRISON, MAILBOX, UNIT, World, hooked
from tests.store.faults import faults, forbidden

ABOVE = "bialystok@police.example"


@pytest.fixture(autouse=True)
def above(world: World) -> None:
    """Whoever stands in for the unit."""
    world.give_address(GARRISON, ABOVE)


def returned(
    world: World, *addresses: str, unit: str | None = UNIT, kind: str = "Bounce", bounce: str = "Permanent", **more: Any
) -> dict[str, Any]:
    """Let SES tell that mails came back."""
    recipients = [{"emailAddress": address} for address in addresses]
    told: dict[str, Any] = {
        "eventType": kind,
        "bounce": {"bounceType": bounce, "bouncedRecipients": recipients},
        "complaint": {"complainedRecipients": recipients},
        "mail": {"messageId": "m", "tags": {} if unit is None else {"unit": [unit]}},
    }
    event = {"Records": [{"Sns": {"Message": json.dumps(told | more)}}]}
    return bounces.handle(event, world.container)


def recipients(world: World) -> list[str]:
    """Who gets the next urgent mail."""
    world.relay(world.report())
    found: list[str] = world.mails()[-1]["To"]
    return found


@pytest.mark.parametrize("kind", ["Bounce", "Complaint"])
def test_a_flagged_address_is_skipped_and_the_fallback_used(world: World, kind: str) -> None:
    assert returned(world, MAILBOX, kind=kind)["addresses_flagged"] == 1
    assert recipients(world) == [ABOVE]
    assert "nie ma działającego adresu" in world.mails()[-1]["BodyText"]


def test_bulletins_skip_it_too(world: World) -> None:
    world.relay(world.report(priority=3))
    returned(world, MAILBOX)
    world.bulletins()
    assert world.mails()[-1]["To"] == [ABOVE]


def test_the_unit_s_other_addresses_stay_in_use(world: World) -> None:
    world.give_address(UNIT, MAILBOX, "dyzurny@police.example")
    returned(world, MAILBOX)
    assert recipients(world) == ["dyzurny@police.example"]


def test_with_nobody_left_the_national_desk_is_told(world: World) -> None:
    returned(world, MAILBOX)
    returned(world, ABOVE, unit=GARRISON)
    assert recipients(world) == ["fallback@police.example"]


def test_an_address_is_known_however_it_is_spelt(world: World) -> None:
    returned(world, f"Dyżurny <{MAILBOX.upper()}>")
    assert recipients(world) == [ABOVE]


@pytest.mark.parametrize(
    "event",
    [{"bounce": "Transient"}, {"kind": "Delivery"}, {"unit": "KMP-NOWHERE"}, {"unit": "national"}],
    ids=["a full mailbox", "no return", "no unit", "the national desk"],
)
def test_what_is_no_reason_to_give_an_address_up(world: World, event: dict[str, str]) -> None:
    assert returned(world, MAILBOX, **event)["addresses_flagged"] == 0
    assert recipients(world) == [MAILBOX]


def test_what_an_identity_tells_is_understood_as_well(world: World) -> None:
    returned(world, MAILBOX, eventType=None, notificationType="Bounce")
    assert recipients(world) == [ABOVE]


def test_an_address_that_the_unit_no_longer_has_is_not_flagged(world: World) -> None:
    assert returned(world, "former@police.example") == {
        "addresses_flagged": 0,
        "addresses_stopped": 0,
        "addresses_unknown": 1,
    }


def test_a_coordinator_s_change_meanwhile_is_not_overruled(world: World) -> None:
    world.give_settings(UNIT, v=3)

    def change(**_: Any) -> None:
        if not changed:
            changed.append(True)
            world.give_settings(UNIT, v=4)

    changed: list[bool] = []
    client = UnitItem._get_connection().connection.client
    with hooked(client, "before-call.dynamodb.UpdateItem", change):
        assert flags.flag(UNIT, MAILBOX, world.now, "bounce") is False
    assert recipients(world) == [MAILBOX]
    assert flags.flag(UNIT, MAILBOX, world.now, "bounce") is True


def test_a_coordinator_s_first_settings_meanwhile_are_not_overruled(world: World) -> None:
    def change(**_: Any) -> None:
        if not changed:
            changed.append(True)
            world.give_settings(UNIT, v=1)

    changed: list[bool] = []
    client = UnitItem._get_connection().connection.client
    with hooked(client, "before-call.dynamodb.UpdateItem", change):
        assert flags.flag(UNIT, MAILBOX, world.now, "bounce") is False
    assert recipients(world) == [MAILBOX]


def test_of_two_that_tell_of_a_bounce_at_once_one_is_noted(world: World) -> None:
    def overtake(**_: Any) -> None:
        if not answers:
            answers.append(False)
            answers.append(flags.flag(UNIT, MAILBOX, world.now, "bounce"))

    answers: list[bool] = []
    client = UnitItem._get_connection().connection.client
    with hooked(client, "before-call.dynamodb.UpdateItem", overtake):
        assert flags.flag(UNIT, MAILBOX, world.now, "bounce") is False
    assert answers == [False, True]
    noted = UnitItem.get(keys.unit(UNIT), keys.META)
    assert (noted.flagged, len(noted.flags or ())) == ({MAILBOX}, 1)


def test_told_twice_it_is_flagged_once(world: World) -> None:
    for _ in range(2):
        assert returned(world, MAILBOX)["addresses_flagged"] == 1
        world.wait(hours=1)
    noted = UnitItem.get(keys.unit(UNIT), keys.META)
    assert (noted.flagged, noted.flags) == ({MAILBOX}, [f"2026-11-22T12:00:00.000Z bounce {MAILBOX}"])


def subscriber(world: World) -> str:
    """Somebody who has confirmed a subscription."""
    address = "ktos@example.org"
    key = world.container.secrets.keyring.subscriptions
    made = subscription_id(key, parse(address))
    subscriptions.ask(made, address, "{}", world.now.date(), world.now)
    known = subscriptions.find(made)
    assert known
    assert subscriptions.agree(known, world.now.date() - timedelta(days=1))
    return made


def test_a_citizen_s_subscription_stops(world: World) -> None:
    made = subscriber(world)
    assert returned(world, "ktos@example.org", unit=None)["addresses_stopped"] == 1
    known = subscriptions.find(made)
    assert known
    assert known.stopped == "Bounce"


def test_a_citizen_who_calls_it_unwanted_has_left(world: World) -> None:
    made = subscriber(world)
    returned(world, "ktos@example.org", unit=None, kind="Complaint")
    assert subscriptions.find(made) is None


def test_a_request_that_nobody_confirmed_needs_no_stopping(world: World) -> None:
    key = world.container.secrets.keyring.subscriptions
    made = subscription_id(key, parse("nowy@example.org"))
    subscriptions.ask(made, "nowy@example.org", "{}", world.now.date(), world.now)
    returned(world, "nowy@example.org", unit=None)
    known = subscriptions.find(made)
    assert known
    assert known.stopped is None


@pytest.mark.parametrize("address", ["nobody@example.org", "not an address"])
def test_an_address_that_nobody_subscribed_is_passed_over(world: World, address: str) -> None:
    assert returned(world, address, unit=None)["addresses_unknown"] == 1


def test_the_log_holds_no_address(world: World, caplog: pytest.LogCaptureFixture) -> None:
    returned(world, MAILBOX)
    assert UNIT in caplog.text
    assert "@" not in caplog.text


def test_a_store_that_fails_is_not_mistaken_for_a_coordinator_s_change(world: World) -> None:
    with faults(forbidden, operation="UpdateItem"), pytest.raises(UpdateError):
        flags.flag(UNIT, MAILBOX, world.now, "bounce")
