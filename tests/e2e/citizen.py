"""A citizen who files through the one origin, and what the tests look at afterwards."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

from infra.commands.mail import sent_mails
from tests.support.whole import Answer, Whole

WARSAW = {"lat": 52.2297, "lon": 21.0122}
URGENT = "car_racing"
"""A category whose reports are mailed at once."""

BIALYSTOK = {"lat": 53.1325, "lon": 23.1688}
# Only the test that counts what the night published files here.
JELENIA_GORA = {"lat": 50.9044, "lon": 15.7194}

T = TypeVar("T")


def enrol(stack: Whole) -> str:
    """A new device's token."""
    answer = stack.call("POST", "/v1/challenge", {"idempotency_key": str(uuid4()), "client": "api"})
    assert answer.status == 200, answer.body
    return str(answer.json["device"])


def file_report(
    stack: Whole,
    *,
    device: str | None = None,
    key: str | None = None,
    place: Mapping[str, float] = WARSAW,
    **fields: Any,
) -> Answer:
    """File a report; a new device and key unless they are given."""
    headers = {"Device-Token": device or enrol(stack), "Idempotency-Key": key or str(uuid4())}
    return stack.call("POST", "/v1/reports", {"category": "vandalism", **place, **fields}, headers)


def wait_for(look: Callable[[], T], seconds: float = 90.0) -> T:
    """What `look` gives as soon as it is not empty; its last answer after the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def mails_about(stack: Whole, report: str) -> list[dict[str, Any]]:
    """The mails that name the report."""
    return [mail for mail in sent_mails(stack.running.endpoint) if report in mail["text"]]


def bulletin_about(stack: Whole, report: str) -> list[dict[str, Any]]:
    """The mails that name the report once its alert has left the outbox and the quarter of an hour has come round."""
    wait_for(lambda: not waiting_alerts(stack, report))
    stack.running.invoke("bulletins", {})
    return mails_about(stack, report)


def items(stack: Whole, partition: str) -> list[dict[str, Any]]:
    """The items of a partition of the main table, as DynamoDB writes them."""
    found = stack.running.client("dynamodb").query(
        TableName=stack.running.names["MAIN_TABLE"],
        KeyConditionExpression="PK = :partition",
        ExpressionAttributeValues={":partition": {"S": partition}},
    )
    return list(found["Items"])


def waiting_alerts(stack: Whole, report: str) -> list[dict[str, Any]]:
    """What stands in the outbox for the report."""
    return [item for shard in range(4) for item in items(stack, f"O#{shard}") if item["id"]["S"] == report]
