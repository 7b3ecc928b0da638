"""The test mail of a unit: a real one, three within any hour, among the unit's mails, and noted."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.events import bounces, bulletins, relay
from chalicelib.notify.trial import OPERATOR, TRIAL, render
from chalicelib.notify.words import Words
from chalicelib.store import flags, keys, turns
from chalicelib.store.bulletin_items import TurnItem
from chalicelib.store.models import OutboxItem
from infra.commands.mail import sent_mails
from tests.alerts.world import hooked, record
from tests.http.gateway import Answer
from tests.http.world import World
from tests.police.cases import UNIT, put, report
from tests.police.officers import Staff
from tests.police.unit_settings import CHIEF, OWN, noted, settings

Hire = Callable[..., Staff]
PATH = "/v1/police/unit/test-mail"


@pytest.fixture
def coordinator(staff: Hire) -> Staff:
    """The coordinator of `UNIT`, whose settings are written."""
    somebody = staff(UNIT, "coordinator")
    assert somebody.call("PUT", "/v1/police/unit", settings(OWN, chief=(CHIEF,))).status == 200
    return somebody


@pytest.fixture
def mails(world: World) -> Callable[[], list[dict[str, Any]]]:
    """What `make mail` prints of this test's mails."""
    endpoint = world.stack.access.endpoint
    before = len(sent_mails(endpoint))
    return lambda: sent_mails(endpoint)[before:]


Mails = Callable[[], list[dict[str, Any]]]


def ask(somebody: Staff, **body: str) -> Answer:
    return somebody.call("POST", PATH, body)


def test_a_test_mail_goes_to_unit_and_chief_and_says_who_asked_by_role(
    world: World, coordinator: Staff, mails: Mails
) -> None:
    answer = ask(coordinator)
    assert (answer.status, answer.body) == (202, {"sent_to": [OWN, CHIEF], "skipped": []})
    (mail,) = mails()
    assert mail["to"] == [OWN, CHIEF]
    assert "Wiadomość próbna" in mail["subject"]
    assert "na prośbę koordynatora jednostki" in mail["text"]
    assert "na prośbę koordynatora jednostki" in mail["html"]
    assert "subject-coordinator" not in mail["text"] + mail["html"]
    (entry,) = [entry for entry in noted(world) if entry.deed == "test_mail"]
    assert (entry.who, entry.about) == (f"subject-coordinator-{UNIT}", UNIT)


@pytest.mark.usefixtures("coordinator")
def test_the_voivodeship_tries_the_addresses_of_its_units(staff: Hire, mails: Mails) -> None:
    assert ask(staff("KSP", "voivodeship"), unit=UNIT).status == 202
    assert "koordynatora wojewódzkiego" in mails()[-1]["text"]


def test_flagged_addresses_are_skipped_and_named(world: World, coordinator: Staff, mails: Mails) -> None:
    flags.flag(UNIT, OWN, world.clock(), "bounce")
    assert ask(coordinator).body == {"sent_to": [CHIEF], "skipped": [OWN]}
    assert mails()[-1]["to"] == [CHIEF]


def test_where_no_address_is_left_no_mail_leaves_and_none_is_counted(
    world: World, coordinator: Staff, mails: Mails
) -> None:
    for address in (OWN, CHIEF):
        flags.flag(UNIT, address, world.clock(), "complaint")
    assert ask(coordinator).body == {"sent_to": [], "skipped": [OWN, CHIEF]}
    assert mails() == []
    assert world.items("main", "UB#") == []


def test_three_within_an_hour_and_then_the_time_to_wait(world: World, coordinator: Staff, mails: Mails) -> None:
    for _ in range(3):
        assert ask(coordinator).status == 202
        world.clock.pass_by(minutes=2)
    answer = ask(coordinator)
    assert (answer.status, answer.body["code"]) == (429, "mails_used")
    assert answer.headers["retry-after"] == str(57 * 60)
    assert len(mails()) == 3
    # Of the unit's twenty mails three are gone.
    assert len(list(TurnItem.query(keys.turns(UNIT)))) == 3


def test_the_hour_goes_with_the_first_of_them(world: World, staff: Hire, coordinator: Staff, mails: Mails) -> None:
    for _ in range(4):
        ask(coordinator)
    world.clock.pass_by(minutes=63)
    assert ask(staff(UNIT, "coordinator")).status == 202
    assert len(mails()) == 4


def test_of_many_who_ask_at_once_three_get_a_mail(coordinator: Staff, mails: Mails) -> None:
    barrier = Barrier(8)

    def asked(_: int) -> int:
        barrier.wait(30)
        return ask(coordinator).status

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(asked, range(8)))
    assert sorted(answers) == [202] * 3 + [429] * 5
    assert len(mails()) == 3


def test_it_counts_among_the_unit_s_mails_of_the_hour(world: World, coordinator: Staff, mails: Mails) -> None:
    now = world.clock()
    while turns.take(UNIT, now, 20):
        pass
    world.clock.pass_by(minutes=3)
    answer = ask(coordinator)
    assert (answer.status, answer.headers["retry-after"]) == (429, str(60 * 60))
    assert mails() == []
    # Nor is one of the three gone.
    assert list(TurnItem.query(keys.turns(f"{UNIT}?"))) == []


def test_a_unit_that_wants_bulletins_alone_may_try_its_address_all_the_same(coordinator: Staff, mails: Mails) -> None:
    coordinator.call("PUT", "/v1/police/unit", settings(OWN, mails=2, version=2))
    assert [ask(coordinator).status for _ in range(3)] == [202, 202, 429]
    assert len(mails()) == 2


def test_what_ses_refuses_costs_no_turn_and_is_told(world: World, coordinator: Staff) -> None:
    def refuse(**_: Any) -> None:
        metadata = {"HTTPStatusCode": 400, "RequestId": "", "HostId": "", "HTTPHeaders": {}, "RetryAttempts": 0}
        error: Any = {"Error": {"Code": "MessageRejected", "Message": ""}, "ResponseMetadata": metadata}
        raise ClientError(error, "SendEmail")

    with hooked(world.box.ses, "before-call.sesv2.SendEmail", refuse):
        answer = ask(coordinator)
    assert (answer.status, answer.body["code"]) == (503, "unavailable")
    assert world.items("main", "UB#") == []


def test_what_may_be_out_has_cost_its_turn(world: World, coordinator: Staff) -> None:
    def fail(**_: Any) -> None:
        metadata = {"HTTPStatusCode": 500, "RequestId": "", "HostId": "", "HTTPHeaders": {}, "RetryAttempts": 0}
        error: Any = {"Error": {"Code": "InternalFailure", "Message": ""}, "ResponseMetadata": metadata}
        raise ClientError(error, "SendEmail")

    with hooked(world.box.ses, "after-call.sesv2.SendEmail", fail):
        assert ask(coordinator).status == 503
    assert len(world.items("main", "UB#")) == 2


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
@pytest.mark.parametrize("asked_by", ["coordinator", "voivodeship", OPERATOR])
def test_every_language_has_the_words_for_whoever_may_ask(world: World, language: str, asked_by: str) -> None:
    unit = world.box.units[UNIT]
    words = Words.of(language, world.box.instance.zone)
    mail = render(unit, asked_by, words, language, "https://map.example")
    assert words.say(f"trial_by_{asked_by}") in mail.text
    assert f'lang="{language}"' in mail.html
    assert (mail.headers[TRIAL], mail.headers["Auto-Submitted"]) == (UNIT, "auto-generated")
    assert unit.name in mail.text


def urgent(world: World, number: int, priority: int = 1) -> OutboxItem:
    """A case of `UNIT` with its alert."""
    item = report(world, number)
    put([item])
    at = keys.instant(world.clock())
    alert = OutboxItem(
        keys.outbox(keys.shard(item.id)),
        keys.at_id_sequence(at, item.id, 1),
        id=item.id,
        seq=1,
        at=at,
        kind="accepted",
        unit=UNIT,
        garrison="KSP",
        category=item.category,
        priority=priority,
    )
    alert.save()
    return alert


@pytest.fixture
def topic(world: World) -> None:
    """The garrison's topic."""
    prefix = world.stack.names["TOPIC_PREFIX"].rpartition(":")[2]
    world.stack.client("sns").create_topic(Name=f"{prefix}KSP")
    relay.alerts.cache_clear()


@pytest.mark.usefixtures("topic")
def test_an_address_that_bounced_gets_alerts_again_once_its_coordinator_stands_by_it(
    world: World, coordinator: Staff, mails: Mails
) -> None:
    told = {
        "eventType": "Bounce",
        "mail": {"tags": {"unit": [UNIT]}},
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": OWN}]},
    }
    bounces.handle({"Records": [{"Sns": {"Message": json.dumps(told)}}]}, world.box)
    relay.handle({"Records": [record(urgent(world, 1))]}, world.box)
    assert OWN not in mails()[-1]["to"]
    shown = coordinator.call("GET", "/v1/police/unit").body
    assert [flag["address"] for flag in shown["flagged"]] == [OWN]
    coordinator.call("PUT", "/v1/police/unit", settings(OWN, version=shown["version"]))
    relay.handle({"Records": [record(urgent(world, 2))]}, world.box)
    assert mails()[-1]["to"] == [OWN]


@pytest.mark.usefixtures("topic")
def test_a_bulletin_whose_lines_wait_goes_to_the_new_address(world: World, coordinator: Staff, mails: Mails) -> None:
    relay.handle({"Records": [record(urgent(world, 1, priority=3))]}, world.box)
    assert mails() == []
    coordinator.call("PUT", "/v1/police/unit", settings("nowy@krp1.example", version=2))
    bulletins.handle({}, world.box)
    assert mails()[-1]["to"] == ["nowy@krp1.example"]
