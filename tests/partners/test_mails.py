"""What institutions are mailed, how often, and what the units hear of their answers."""

from typing import Any

import pytest

from chalicelib.domain.addressee import Addressee
from chalicelib.domain.partners import Verdict
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Actor
from chalicelib.services import bounces as bouncing
from chalicelib.services.casework import Casework
from chalicelib.services.partnering import Partnering
from chalicelib.store import keys, partners
from chalicelib.store.models import OutboxItem
from tests.alerts.conftest import post
from tests.alerts.conftest import world as alerts_world
from tests.alerts.world import UNIT, World, hooked

__all__ = ["alerts_world", "post"]

NAMES = {"pl": "Zarząd Dróg", "en": "Roads", "uk": "Дороги"}


@pytest.fixture
def world(alerts_world: World) -> World:
    """The alerts' world with an institution that serves its area."""
    partners.save("ZDM", "road", NAMES, ["2062"], ["drogi@example.org", "dyzur@example.org"])
    return alerts_world


def asked(world: World, **changes: Any) -> OutboxItem:
    """Pass a confirmed case on and return its alert."""
    filed = world.report(status="confirmed", **changes)
    filed.delete()
    cases = Casework(world.container.instance, world.now)
    to = Addressee("Zarząd Dróg", "ZDM", note="Pod szkołą")
    cases.take_step(filed.id, Status.PASSED_ON, "other_body", Actor.POLICE, 1, addressee=to)
    (item,) = OutboxItem.query(keys.outbox(keys.shard(filed.id)), filter_condition=OutboxItem.id == filed.id)
    return item


def test_the_institution_is_mailed_and_machines_are_told(world: World) -> None:
    item = asked(world)
    world.relay(item)
    (mail,) = world.mails()
    assert mail["To"] == ["drogi@example.org", "dyzur@example.org"]
    text = str(mail)
    for said in ("53.17840, 22.05930", "/partner/", "Zarząd Dróg", "Komenda Miejska Policji w Łomży", item.id):
        assert said in text
    for secret in ("Czerwone auto", "Pod szkołą", "czp_", "/policja/"):
        assert secret not in text
    (message,) = world.messages()
    assert (message["kind"], message["partner"], message["unit"]) == ("passed_on", "ZDM", UNIT)
    assert message["attributes"]["partner"] == "ZDM"
    assert not world.waiting()
    assert not world.lines()


@pytest.mark.parametrize(("sensitivity", "has_place"), [("vulnerable", True), ("hidden", False)])
def test_the_mail_about_people_holds_no_exact_place(world: World, sensitivity: str, has_place: bool) -> None:  # noqa: FBT001
    known = world.container.instance.catalogue.categories
    category = next(each.code for each in known.values() if each.sensitivity == sensitivity)
    world.relay(asked(world, category=category))
    (mail,) = world.mails()
    assert "53.17840" not in str(mail)
    assert "22.05930" not in str(mail)
    assert ("Współrzędne" in str(mail)) is has_place


def test_an_institution_gets_a_bounded_number_of_mails_within_an_hour_and_none_is_lost(world: World) -> None:
    items = [asked(world) for _ in range(18)]
    world.relay(*items)
    assert len(world.mails()) == 15
    waiting = world.waiting()
    assert [alert.attempts for alert in waiting] == [0] * 3
    for _ in range(18):
        world.wait(minutes=5)
        world.sweep()
    assert len(world.mails()) == 18
    assert world.waiting() == []


def test_a_mail_that_was_refused_gives_its_turn_back_and_is_tried_again(world: World) -> None:
    def refuse(**_: Any) -> Any:
        raise RuntimeError("refused before it was sent")

    item = asked(world)
    with hooked(world.post.resources.ses, "before-send.sesv2.SendEmail", refuse):
        world.relay(item)
    assert (world.mails(), len(world.waiting())) == ([], 1)
    world.wait(minutes=6)
    world.sweep()
    assert len(world.mails()) == 1


@pytest.mark.parametrize("addresses", [[], ["gone@example.org"]])
def test_an_institution_without_an_address_that_takes_mail_finds_the_case_on_its_list(
    world: World, addresses: list[str]
) -> None:
    partners.save("ZDM", "road", NAMES, ["2062"], addresses)
    for address in addresses:
        assert partners.flag("ZDM", address.upper())
    world.relay(asked(world))
    assert not world.mails()
    assert not world.waiting()
    found = partners.find("ZDM")
    assert found is not None
    assert found.flagged == tuple(addresses)


def test_a_mail_that_comes_back_flags_the_institution_s_address(world: World) -> None:
    def no_key() -> Any:
        raise AssertionError("no subscription is meant")

    told = {
        "eventType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "Drogi@example.org"}]},
        "mail": {"tags": {"partner": ["ZDM"]}},
    }
    bounces = bouncing.Bounces(no_key, world.now)
    assert bounces.note(told) == {"flagged": 1}
    world.relay(asked(world))
    (mail,) = world.mails()
    assert mail["To"] == ["dyzur@example.org"]
    told["mail"] = {"tags": {"partner": ["NOBODY"]}}
    assert bounces.note(told) == {"unknown": 1}
    partners.save("ZDM", "road", NAMES, ["2062"], ["drogi@example.org"])
    found = partners.find("ZDM")
    assert found is not None
    assert found.addresses == ("drogi@example.org",)


@pytest.mark.parametrize(
    ("verdict", "whose", "said"),
    [(Verdict.DONE, None, "Zarząd Dróg odpowiada: zrobione"), (Verdict.NOT_OURS, "Gmina", "to nie nasza sprawa")],
)
def test_the_unit_hears_of_the_answer_in_its_next_bulletin(
    world: World, verdict: Verdict, whose: str | None, said: str
) -> None:
    item = asked(world)
    world.relay(item)
    world.wait(minutes=1)
    partner = partners.find("ZDM")
    assert partner is not None
    answering = Partnering.of(world.container.instance, partner, world.now, world.container.salts)
    answering.answer(item.id, verdict, "sroka", whose)
    (alert,) = OutboxItem.query(keys.outbox(keys.shard(item.id)))
    world.relay(alert)
    assert len(world.mails()) == 1
    world.bulletins()
    mail = str(world.mails()[-1])
    assert said in mail
    assert "sroka" not in mail
    (message,) = [each for each in world.messages() if each["kind"] == "partner_answered"]
    assert message["partner"] == "ZDM"


def test_an_address_that_is_not_the_institution_s_is_not_flagged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not partners.flag("ZDM", "other@example.org")
    assert not partners.flag("NOBODY", "drogi@example.org")
    plain = partners.is_unchanged
    monkeypatch.setattr(partners, "is_unchanged", lambda version: plain(version + 1))
    assert not partners.flag("ZDM", "drogi@example.org")
    assert world.mails() == []
