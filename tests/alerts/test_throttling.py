"""Services that ask us to slow down: the alert waits, is tried again, and its mailbox loses no mail of its hour."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from chalicelib.domain.alerting import MAILS_PER_HOUR, RESERVED
from chalicelib.store import turns
from tests.alerts.world import UNIT, World, hooked


@dataclass
class Throttled:
    """A service's answer that it has had enough, as it comes over the wire; counts how often it was given."""

    status: int
    headers: dict[str, str]
    body: str
    given: int = 0

    def __call__(self, **_: Any) -> AWSResponse:
        """Answer a request in the service's place."""
        self.given += 1
        headers = HTTPHeaders()
        for name, value in self.headers.items():
            headers[name] = value
        return AWSResponse("https://service.example", self.status, headers, self)

    def stream(self) -> Iterator[bytes]:
        """The body, as botocore reads it."""
        yield self.body.encode()


def of_mail(code: str, status: int) -> Throttled:
    """In the form of SES version 2."""
    return Throttled(status, {"x-amzn-errortype": code}, json.dumps({"message": "Maximum sending rate exceeded."}))


def of_topics(code: str, status: int) -> Throttled:
    """In the form of SNS."""
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>Rate exceeded</Message></Error>"
    return Throttled(status, {"Content-Type": "text/xml"}, f"<ErrorResponse>{error}</ErrorResponse>")


# Codes and statuses: API references of Amazon SES version 2 (SendEmail) and Amazon SNS (Publish), common errors.
SERVICES = [
    ("ses", "sesv2.SendEmail", of_mail("TooManyRequestsException", 429), 1),
    ("ses", "sesv2.SendEmail", of_mail("ThrottlingException", 400), 1),
    ("sns", "sns.Publish", of_topics("Throttled", 429), 0),
    ("sns", "sns.Publish", of_topics("Throttling", 400), 0),
]


@pytest.mark.parametrize(
    ("client", "operation", "answer", "told"), SERVICES, ids=["mail 429", "mail 400", "topic 429", "topic 400"]
)
def test_Q01_a_throttled_alert_is_tried_again_and_told_once(
    world: World, client: str, operation: str, answer: Throttled, told: int
) -> None:
    item, given = world.report(), answer.given
    with hooked(getattr(world.container, client), f"before-send.{operation}", answer):
        # The stream comes back twice at once; from then on it is the sweeper's, which pauses for longer each time.
        assert [bool(world.relay(item)["batchItemFailures"]) for _ in range(3)] == [True, True, False]
        world.wait(minutes=4)
        assert world.sweep()["newly_parked"] == 0
    assert answer.given - given == 3
    (alert,) = world.waiting()
    assert (alert.attempts, (alert.last_error or "").partition(":")[0]) == (3, operation.partition(".")[2])
    assert (len(world.messages()), world.mails()) == (told, [])
    world.wait(minutes=2)
    assert world.sweep()["alerts_delivered"] == 1
    assert (len(world.messages()) + told, len(world.mails())) == (1, 1)
    assert world.waiting() == []


def test_a_throttled_mail_takes_none_of_the_hour_s(world: World) -> None:
    items = [world.report() for _ in range(3)]
    with hooked(world.container.ses, "before-send.sesv2.SendEmail", of_mail("TooManyRequestsException", 429)):
        for item in items:
            world.relay(item)
    free = 0
    while turns.take(UNIT, world.now, MAILS_PER_HOUR):
        free += 1
    assert free == MAILS_PER_HOUR - RESERVED
