"""A delivery that breaks off: nothing is lost, and nothing is repeated that could be known."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from pynamodb.exceptions import DeleteError, TransactWriteError, UpdateError

from chalicelib.events import relay
from chalicelib.store import models, outbox
from chalicelib.store.alert import Alert
from infra.local.emulator import ROOT
from tests.alerts.world import World, hooked, record

# The calls of one delivery in their order, and how often topic and mailbox get the alert in the end when the process
# dies there. Two lines say 2: those where a service has accepted and our note of it is not written.
DEATHS = [
    ("dynamodb.UpdateItem", 1, "before-call", 1, 1),  # before the claim
    ("dynamodb.UpdateItem", 1, "after-call", 1, 1),  # claimed
    ("sns.Publish", 1, "before-call", 1, 1),
    ("sns.Publish", 1, "after-call", 2, 1),  # the topic has it, we have not noted it
    ("dynamodb.UpdateItem", 2, "before-call", 2, 1),
    ("dynamodb.UpdateItem", 2, "after-call", 1, 1),  # noted
    ("sesv2.SendEmail", 1, "before-call", 1, 1),
    ("sesv2.SendEmail", 1, "after-call", 1, 2),  # the mail is out, we have not noted it
    ("dynamodb.DeleteItem", 1, "before-call", 1, 2),
    ("dynamodb.DeleteItem", 1, "after-call", 1, 1),  # finished
]


@pytest.mark.parametrize(("operation", "number", "moment", "messages", "mails"), DEATHS)
def test_Q09_killed_anywhere_the_alert_arrives(
    world: World, operation: str, number: int, moment: str, messages: int, mails: int
) -> None:
    item = world.report()
    script = str(Path(__file__).with_name("dying_relay.py"))
    arguments = [item.pk, item.sk, world.now.isoformat(), operation, str(number), moment]
    environment = os.environ | dict(world.post.stack.names) | {"PYTHONPATH": str(ROOT)}
    died = subprocess.run([sys.executable, script, *arguments], env=environment, check=False, timeout=120)
    assert died.returncode == 9
    world.wait(minutes=5)
    world.sweep()
    world.wait(minutes=5)
    world.sweep()
    delivered = world.messages()
    assert (len(delivered), len(world.mails())) == (messages, mails)
    assert {message["event"] for message in delivered} == {f"{item.id}-1"}
    assert world.waiting() == []


class Refused(Exception):
    """A fault that the test puts in."""


def fail(**_: Any) -> None:
    """Break the call off."""
    raise Refused


BROKEN = [
    ("sns", "before-call.sns.Publish", 0, 0),
    ("sns", "after-call.sns.Publish", 1, 0),
    ("ses", "before-call.sesv2.SendEmail", 1, 0),
    ("ses", "after-call.sesv2.SendEmail", 1, 1),
]


@pytest.mark.parametrize(("client", "event", "messages", "mails"), BROKEN)
def test_Q01_a_failed_call_gives_the_alert_back_at_once(
    world: World, client: str, event: str, messages: int, mails: int
) -> None:
    item = record(world.report())
    with hooked(getattr(world.container, client), event, fail):
        answer = relay.handle({"Records": [item]}, world.container)
    assert answer == {"batchItemFailures": [{"itemIdentifier": item["dynamodb"]["SequenceNumber"]}]}
    assert (len(world.messages()), len(world.mails())) == (messages, mails)
    (alert,) = world.waiting()
    assert (alert.last_error, alert.attempts, alert.lease_until) == ("Refused", 1, None)


def test_Q02_what_the_topic_has_is_not_told_again_when_the_mail_fails(world: World) -> None:
    item = world.report()
    with hooked(world.container.ses, "before-call.sesv2.SendEmail", fail):
        world.relay(item)
    world.relay(item)
    assert (len(world.messages()), len(world.mails())) == (1, 1)


def test_a_service_that_does_not_answer_is_a_failure_like_any_other(world: World) -> None:
    def hang(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://email.example")

    with hooked(world.container.ses, "before-call.sesv2.SendEmail", hang):
        world.relay(world.report())
    (alert,) = world.waiting()
    assert alert.last_error == "ReadTimeoutError"


def test_a_refusal_is_noted_by_its_code_and_without_any_address(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.reconfigure(MAIL_SENDER="czujka@unverified.example")
    world.relay(world.report())
    (alert,) = world.waiting()
    assert alert.last_error == "SendEmail:MessageRejected"
    assert "SendEmail:MessageRejected" in caplog.text
    assert "@" not in caplog.text


def test_the_stream_stops_at_the_first_failure_and_keeps_the_order(world: World) -> None:
    good, bad, later = world.report(), world.report(category="no_such_category"), world.report()
    records = [record(item) for item in (good, bad, later)]
    answer = relay.handle({"Records": records}, world.container)
    assert answer == {"batchItemFailures": [{"itemIdentifier": records[1]["dynamodb"]["SequenceNumber"]}]}
    assert [message["report"] for message in world.messages()] == [good.id]


def test_Q09_a_poison_alert_holds_the_stream_up_for_three_tries_only(world: World) -> None:
    bad, later = world.report(category="no_such_category"), world.report()
    answers = [bool(world.relay(bad, later)["batchItemFailures"]) for _ in range(3)]
    assert answers == [True, True, False]
    assert [mail["To"] for mail in world.mails()] == [["lomza@police.example"]]
    assert [message["report"] for message in world.messages()] == [later.id]


def test_without_time_left_the_rest_of_the_batch_comes_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "BUDGET_S", 0.3)
    first, second = world.report(), world.report()
    records = [record(first), record(second)]
    with hooked(world.container.sns, "before-call.sns.Publish", lambda **_: time.sleep(0.4)):
        answer = relay.handle({"Records": records}, world.container)
    assert answer == {"batchItemFailures": [{"itemIdentifier": records[1]["dynamodb"]["SequenceNumber"]}]}
    assert [message["report"] for message in world.messages()] == [first.id]


@pytest.mark.parametrize(
    "act",
    [
        lambda alert, now: outbox.claim(alert, now, now),
        lambda alert, _: outbox.mark_published(alert),
        lambda alert, _: outbox.finish(alert),
        outbox.park,
        lambda alert, _: outbox.put_back(alert),
    ],
    ids=["claim", "mark", "finish", "park", "put back"],
)
def test_a_store_that_fails_is_not_mistaken_for_a_lost_race(
    world: World, act: Callable[[Alert, datetime], object]
) -> None:
    world.report()
    (alert,) = world.waiting()
    names = world.post.stack.names
    models.bind("no-such-table", names["QUOTA_TABLE"])
    try:
        with pytest.raises((UpdateError, DeleteError, TransactWriteError)) as failure:
            act(alert, world.now)
    finally:
        models.bind(names["MAIN_TABLE"], names["QUOTA_TABLE"])
    assert failure.value.cause_response_code == "ResourceNotFoundException"
