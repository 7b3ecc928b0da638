"""One alert, from the outbox to the topic and the mailbox."""

from typing import Any

import h3
import pytest

from chalicelib.domain.location import cell_at
from chalicelib.events import relay
from chalicelib.store import keys, outbox
from chalicelib.store.models import TombstoneItem
from tests.alerts.world import GARRISON, LAT, LON, MAILBOX, UNIT, World, hooked, record


def test_Q09_a_new_alert_reaches_topic_and_mailbox_once(world: World) -> None:
    item = world.report()
    assert world.relay(item) == {"batchItemFailures": []}
    (message,), (mail,) = world.messages(), world.mails()
    assert message["report"] == item.id
    assert mail["To"] == [MAILBOX]
    assert world.waiting() == []


def test_Q09_a_record_that_comes_twice_delivers_once(world: World) -> None:
    item = world.report()
    world.relay(item, item)
    world.relay(item)
    assert (len(world.messages()), len(world.mails())) == (1, 1)


def test_subscriptions_can_filter_by_attributes(world: World) -> None:
    world.relay(world.report())
    (message,) = world.messages()
    assert message["attributes"] == {
        "unit": UNIT,
        "garrison": GARRISON,
        "category": "illegal_parking",
        "kind": "accepted",
        "priority": "1",
        "tier": "1",
    }


def test_a_report_of_the_second_tier_is_told_to_machines_and_mailed_to_nobody(world: World) -> None:
    world.relay(world.report(tier=2))
    (message,) = world.messages()
    assert (message["tier"], message["attributes"]["tier"]) == (2, "2")
    assert world.mails() == []
    assert world.waiting() == [], "and it is done"


@pytest.mark.parametrize(
    ("category", "resolution"), [("illegal_parking", 11), ("begging", 8), ("animal_cruelty", None)]
)
def test_the_topic_tells_no_place_finer_than_the_public_sees(
    world: World, category: str, resolution: int | None
) -> None:
    world.relay(world.report(category=category))
    (message,) = world.messages()
    cell = cell_at(LAT, LON)
    assert message["cell"] == (None if resolution is None else h3.cell_to_parent(cell, resolution))


def test_no_word_of_the_reporter_leaves_the_table(world: World) -> None:
    world.relay(world.report(text="sekretny opis"))
    (message,), (mail,) = world.messages(), world.mails()
    assert "sekretny" not in str(message) + str(mail)
    assert "jest w sprawie" in mail["BodyText"]


def test_the_mail_names_case_map_deadline_and_place(world: World) -> None:
    item = world.report()
    world.relay(item)
    (mail,) = world.mails()
    assert mail["Subject"] == "[KMP Łomża] Nieprawidłowe parkowanie · przyjąć do śr. 25.11, 13:00"
    for part in (mail["BodyText"], mail["BodyHtml"]):
        assert f"http://127.0.0.1:8080/policja/#/sprawa/{item.id}" in part
        assert "http://127.0.0.1:8080/#/map?at=17/53.17840/22.05930" in part


@pytest.mark.parametrize(
    ("event", "partition"), [("MODIFY", "O#1"), ("REMOVE", "O#1"), ("INSERT", "X#1"), ("INSERT", "R#1")]
)
def test_records_of_other_changes_are_passed_over(world: World, event: str, partition: str) -> None:
    other = record(world.report())
    other["eventName"] = event
    other["dynamodb"]["Keys"]["PK"]["S"] = partition
    assert relay.handle({"Records": [other]}, world.container) == {"batchItemFailures": []}
    assert world.mails() == []


def test_Q05_a_later_event_of_a_report_waits_for_the_earlier_one(world: World) -> None:
    first = world.report()
    world.wait(seconds=1)
    second = world.alert(first.id, 2)
    world.relay(second, first)
    assert [message["seq"] for message in world.messages()] == [1, 2]


def test_Q05_a_later_event_stays_while_the_earlier_one_fails(world: World) -> None:
    first = world.report(category="no_such_category")
    world.wait(seconds=1)
    second = world.alert(first.id, 2)
    world.relay(second)
    assert world.messages() == []
    assert [alert.seq for alert in world.waiting()] == [1, 2]


def test_all_addresses_of_a_unit_get_one_mail(world: World) -> None:
    world.give_address(UNIT, "a@police.example", "b@police.example")
    world.relay(world.report())
    (mail,) = world.mails()
    assert mail["To"] == ["a@police.example", "b@police.example"]


def test_G05_without_an_address_the_unit_above_gets_the_mail_and_is_told_why(world: World) -> None:
    world.give_address(UNIT)
    world.give_address(GARRISON, "bialystok@police.example")
    world.relay(world.report())
    (mail,) = world.mails()
    assert mail["To"] == ["bialystok@police.example"]
    assert "Ta jednostka nie ma działającego adresu" in mail["BodyText"]


def test_G05_without_any_address_the_fallback_gets_the_mail(world: World) -> None:
    world.give_address(UNIT)
    world.relay(world.report())
    (mail,) = world.mails()
    assert mail["To"] == ["fallback@police.example"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"kind": "escalated"}, "ValueError"),
        ({"unit": "KMP-NOWHERE"}, "KeyError"),
        ({"id": "GONE"}, "ValueError"),
        ({"kind": "withdrawn", "seq": 2}, "ValueError"),
    ],
)
def test_Q04_an_alert_that_cannot_be_worded_is_given_back_with_the_reason(
    world: World, changes: dict[str, Any], error: str
) -> None:
    item = world.report()
    broken = world.alert(changes.pop("id", item.id), changes.pop("seq", 1), **changes)
    world.relay(broken)
    (alert,) = [alert for alert in world.waiting() if alert.sort_key == broken.sk]
    assert (alert.last_error, alert.attempts, alert.lease_until) == (error, 1, None)


def test_of_a_report_that_has_been_deleted_nobody_is_told(world: World) -> None:
    item = world.report()
    TombstoneItem(keys.report(item.id), keys.REPORT, id=item.id, day=item.at[:10]).save()
    world.relay(item)
    (alert,) = world.waiting()
    assert (alert.last_error, alert.published) == ("ValueError", False)
    assert (world.messages(), world.mails()) == ([], [])


def test_the_mail_carries_stable_headers_against_repeats_and_auto_replies(world: World) -> None:
    sent: list[dict[str, Any]] = []
    item = world.report()
    with hooked(world.container.ses, "provide-client-params.sesv2.SendEmail", lambda params, **_: sent.append(params)):
        world.relay(item)
    headers = {header["Name"]: header["Value"] for header in sent[0]["Content"]["Simple"]["Headers"]}
    assert headers == {
        "Auto-Submitted": "auto-generated",
        "References": f"<{item.id}@czujka>",
        "X-Czujka-Event": f"{item.id}-1",
    }


def test_an_alert_that_a_stale_page_still_shows_is_not_made_anew(world: World) -> None:
    item = world.report()
    (seen,) = world.waiting()
    world.relay(item)
    assert outbox.claim(seen, world.now, world.now) is None
    key = {"PK": {"S": item.pk}, "SK": {"S": item.sk}}
    assert "Item" not in world.post.dynamodb.get_item(TableName=world.container.settings.main_table, Key=key)
