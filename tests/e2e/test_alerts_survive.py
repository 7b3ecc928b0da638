"""Alerts on the deployed stacks while stream, table or mailbox fail: each case is told, and told once."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.clock import system_clock
from chalicelib.domain.roles import Role
from chalicelib.store import keys
from infra.commands.officer import Pool
from infra.local.deploy import DATA_STACK, resources
from tests.e2e.citizen import items, mails_about, wait_for, waiting_alerts
from tests.e2e.outages import (
    LOMZA,
    failures,
    file_urgent,
    records_age_within,
    stream_off,
    subscribed,
    sweep,
    told,
    without,
)
from tests.e2e.test_login import log_in
from tests.support.whole import Whole

pytestmark = pytest.mark.e2e

UNIT, GARRISON = "KMP-LOMZA", "KWP-BIALYSTOK"
MAILBOX, ABOVE = "kmp-lomza@police.example", "kwp-bialystok@police.example"
OF_SES = "Amazon SES Email Event Notification"
"""Subject of what SES publishes. MiniStack publishes nothing for mails that are sent by version 2: the test does."""

AWAY = 1.5
"""Seconds in which the stream, were it on, would have been at the relay: it looks every second."""


def record(alert: dict[str, Any], number: int) -> dict[str, Any]:
    """The stream's record of an alert that waits."""
    place = {name: alert[name] for name in ("PK", "SK")}
    return {"eventName": "INSERT", "dynamodb": {"Keys": place, "SequenceNumber": str(number)}}


def test_Q09_while_the_stream_is_off_alerts_wait_and_each_is_told_once_however_its_record_comes(stack: Whole) -> None:
    with subscribed(stack, GARRISON) as queue:
        with stream_off(stack):
            filed = [file_urgent(stack, LOMZA, number) for number in range(3)]
            time.sleep(AWAY)
            waiting = [waiting_alerts(stack, report) for report in filed]
            assert [len(alerts) for alerts in waiting] == [1, 1, 1]
            assert [mails_about(stack, report) for report in filed] == [[], [], []]
            # Reordered and twice, as the stream brings records after a batch that failed.
            records = [record(alert, number) for number, (alert,) in enumerate(waiting[:2])]
            answer = stack.running.invoke("relay", {"Records": [*reversed(records), *records]})
            assert answer == {"batchItemFailures": []}
        # Now all three come by the stream itself.
        assert wait_for(lambda: not any(waiting_alerts(stack, report) for report in filed))
        time.sleep(AWAY)
        assert [len(mails_about(stack, report)) for report in filed] == [1, 1, 1]
        assert sorted(told(stack, queue)) == sorted(filed)


def test_Q09_what_the_stream_gives_up_leaves_a_pointer_and_the_sweeper_alone_tells_of_it(stack: Whole) -> None:
    sqs, failed = stack.running.client("sqs"), failures(stack)
    with subscribed(stack, GARRISON) as queue:
        with records_age_within(stack, 1), without(stack, "RelayRole", "dynamodb:GetItem"):
            report = file_urgent(stack, LOMZA, 3)
            messages = wait_for(lambda: sqs.receive_message(QueueUrl=failed).get("Messages", []))
        (message,) = messages
        sqs.delete_message(QueueUrl=failed, ReceiptHandle=message["ReceiptHandle"])
        pointer = json.loads(message["Body"])
        assert pointer["requestContext"]["condition"] == "MaxRecordAgeExceeded"
        assert pointer["DDBStreamBatchInfo"]["batchSize"] == 1
        assert report not in message["Body"]
        # The cause is gone, and the stream does not come back with it.
        time.sleep(AWAY)
        assert (len(waiting_alerts(stack, report)), mails_about(stack, report), told(stack, queue)) == (1, [], [])
        assert sweep(stack, minutes=5)["alerts_delivered"] >= 1
        assert (waiting_alerts(stack, report), len(mails_about(stack, report))) == ([], 1)
        assert wait_for(lambda: told(stack, queue)) == [report]


@contextmanager
def poison(stack: Whole) -> Iterator[None]:
    """What this release cannot read, an hour old, where the oldest alerts of every shard would wait."""
    table, dynamodb = stack.running.names["MAIN_TABLE"], stack.running.client("dynamodb")
    entered = keys.instant(system_clock() - timedelta(hours=1))
    places = [
        {"PK": {"S": keys.outbox(shard)}, "SK": {"S": keys.at_id_sequence(entered, "R", 1)}}
        for shard in range(keys.SHARDS)
    ]
    for place in places:
        item = {**place, "t": {"S": "outbox"}, "id": {"S": "R"}, "seq": {"S": "first"}}
        dynamodb.put_item(TableName=table, Item=item)
    try:
        yield
    finally:
        for place in places:
            dynamodb.delete_item(TableName=table, Key=place)


def test_Q09_poison_holds_up_neither_the_stream_nor_the_sweeper(stack: Whole) -> None:
    with stream_off(stack), poison(stack):
        swept = file_urgent(stack, LOMZA, 4)
        summary = sweep(stack, minutes=5)
        assert summary["alerts_delivered"] >= 1
        assert summary["outbox_oldest_s"] >= 3600
        assert len(mails_about(stack, swept)) == 1
        last = file_urgent(stack, LOMZA, 5)
    assert wait_for(lambda: mails_about(stack, last))
    assert sweep(stack)["outbox_oldest_s"] < 3600


def test_an_address_whose_mail_came_back_is_passed_over_until_its_coordinator_writes_anew(stack: Whole) -> None:
    running = stack.running
    event = {
        "eventType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": MAILBOX}]},
        "mail": {"messageId": "m", "destination": [MAILBOX], "tags": {"unit": [UNIT]}},
    }
    topic = resources(running.access, DATA_STACK)["MailEvents"]
    running.client("sns").publish(TopicArn=topic, Subject=OF_SES, Message=json.dumps(event))
    assert wait_for(lambda: "flagged" in items(stack, keys.unit(UNIT))[0])

    bounced = file_urgent(stack, LOMZA, 6)
    (mail,) = wait_for(lambda: mails_about(stack, bounced))
    assert mail["to"] == [ABOVE]

    pool = Pool(running.client("cognito-idp"), running.names["OFFICER_POOL"])
    pool.enter("coordinator-of-lomza", Role.COORDINATOR, UNIT)
    token = log_in(pool, running.names["OFFICER_CLIENT"], "coordinator-of-lomza").access
    headers = {"Authorization": f"Bearer {token}"}
    held = stack.call("GET", "/v1/police/unit", headers=headers).json
    assert [(flag["address"], flag["reason"]) for flag in held["flagged"]] == [(MAILBOX, "bounce")]
    wanted = {name: held[name] for name in ("addresses", "escalation", "budget", "version")}
    kept = stack.call("PUT", "/v1/police/unit", wanted, headers)
    assert (kept.status, kept.json["flagged"]) == (200, []), kept.body

    mended = file_urgent(stack, LOMZA, 7)
    (mail,) = wait_for(lambda: mails_about(stack, mended))
    assert mail["to"] == [MAILBOX]
