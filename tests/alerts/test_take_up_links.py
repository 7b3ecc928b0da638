"""The link in a mail by which the unit takes the case up: whose it is, when there is one, and where it is not."""

import logging
import re
from typing import Any

import pytest

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.take_up_link import TakeUpLink, read
from chalicelib.store import keys
from chalicelib.store.secrets import Secrets
from tests.alerts.world import UNIT, World

LINK = re.compile(r"/policja/#/przyjmij/(\S+)")


def links(world: World, mails: list[dict[str, Any]]) -> list[TakeUpLink]:
    """What the links of mails say."""
    key = world.container.secrets.keyring.take_up_links
    return [read(key, token, world.now.date()) for mail in mails for token in LINK.findall(mail["BodyText"])]


def test_S07_the_mail_about_an_urgent_case_has_a_link_for_that_case_and_unit(world: World) -> None:
    item = world.report()
    world.relay(item)
    (link,) = links(world, world.mails())
    assert (link.report, link.unit) == (item.id, UNIT)


def test_S07_a_bulletin_has_one_for_each_case_that_waits(world: World) -> None:
    waiting = [world.report(priority=3) for _ in range(2)]
    moved_on = world.report(priority=3, status="verifying")
    world.relay(*waiting, moved_on)
    world.wait(minutes=15)
    world.bulletins()
    found = links(world, world.mails())
    assert {(link.report, link.unit) for link in found} == {(item.id, UNIT) for item in waiting}


def test_a_case_that_was_taken_up_before_its_mail_went_has_none(world: World) -> None:
    world.relay(world.report(status="verifying"))
    (mail,) = world.mails()
    assert "przyjmij" not in str(mail)


def test_the_mail_goes_without_it_while_the_key_cannot_be_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_secrets: Secrets) -> None:
        raise Unavailable(5)

    monkeypatch.setattr(Secrets, "keyring", property(refuse))
    item = world.report()
    world.relay(item)
    (mail,) = world.mails()
    assert item.id in str(mail)
    assert "przyjmij" not in str(mail)


def test_the_link_is_neither_told_to_machines_nor_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="chalicelib"):
        world.relay(world.report(), *(world.report(priority=3) for _ in range(2)))
        world.bulletins()
    tokens = {token for mail in world.mails() for token in LINK.findall(mail["BodyText"])}
    heard = f"{world.messages()} {caplog.text}"
    assert len(tokens) == 3
    assert not any(token in heard for token in tokens)


def test_whoever_watches_over_the_unit_gets_none(world: World) -> None:
    chief = "chief@police.example"
    world.give_settings(UNIT, chief=[chief])
    item = world.report(due_take_up=keys.instant(world.now))
    world.relay(world.alert(item.id, 1, kind="overdue_unit"))
    world.bulletins()
    (mail,) = world.mails()
    assert mail["To"] == [chief]
    assert "przyjmij" not in str(mail)
