"""Run by the tests in a process of its own: delivers one alert and dies at a given call, without any clean-up.

Arguments: partition and sort key of the alert, the time, and the call at which to die, e.g.
``dynamodb.UpdateItem 2 after-call`` or ``sns.Publish 1 before-call``.
"""

import os
import sys
from datetime import datetime

from chalicelib.container import Container
from chalicelib.events import relay
from chalicelib.settings import Settings
from chalicelib.store.models import OutboxItem
from tests.support.dying import die_at


def main(partition: str, sort_key: str, now: str, operation: str, number: str, moment: str) -> None:
    """Deliver, and die at the call."""
    container = Container(Settings.from_environment(os.environ), lambda: datetime.fromisoformat(now))
    clients = {
        "dynamodb": OutboxItem._get_connection().connection.client,
        "sns": container.sns,
        "sesv2": container.ses,
    }
    die_at(clients, operation, number, moment)
    keys = {"PK": {"S": partition}, "SK": {"S": sort_key}}
    record = {"eventName": "INSERT", "dynamodb": {"Keys": keys, "SequenceNumber": "1"}}
    relay.handle({"Records": [record]}, container)


if __name__ == "__main__":
    main(*sys.argv[1:])
