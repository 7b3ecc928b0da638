"""The stream's handler: delivers what has just entered the outbox, alerts and letters.

The stream only says that something entered; what is delivered is the item itself, read anew. A record that comes
twice, late or out of order therefore does no harm: its item is gone, or in somebody's hands.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from chalicelib.container import Container
from chalicelib.events.metrics import emit
from chalicelib.services.alerts import Alerts, Outcome
from chalicelib.services.citizen_mail import Post
from chalicelib.services.letters import Letters
from chalicelib.services.place_names import PlaceNames
from chalicelib.services.take_up_links import TakeUpLinks
from chalicelib.store.objects import Objects

ALERTS, LETTERS = "O#", "M#"
"""How partitions begin that hold what waits: alerts to units, letters to citizens."""

BUDGET_S = 60.0
"""Seconds after which no further delivery is begun: with the slowest one it stays under the function's timeout."""


def handle(event: dict[str, Any], container: Container) -> dict[str, Any]:
    """Deliver the alerts and letters of a batch of stream records.

    Stops at the first one that should be tried again at once, or when the time is up, and answers with that
    record's sequence number: the stream comes back with it and everything after it, in the same order. What has been
    delivered by then is found delivered.
    """
    begun = time.monotonic()
    failed: str | None = None
    outcomes: list[Outcome] = []
    written: list[Outcome] = []
    for record in event["Records"]:
        key = _entered(record)
        if key is None:
            continue
        if time.monotonic() - begun > BUDGET_S:
            failed = record["dynamodb"]["SequenceNumber"]
            break
        outcome = deliverer(container, key[0]).deliver(*key)
        (written if key[0].startswith(LETTERS) else outcomes).append(outcome)
        if outcome is Outcome.FAILED:
            failed = record["dynamodb"]["SequenceNumber"]
            break
    emit(
        container.clock(),
        container.settings.stage,
        "relay",
        alerts_delivered=outcomes.count(Outcome.DELIVERED),
        relay_retry=outcomes.count(Outcome.FAILED) + outcomes.count(Outcome.PAUSED),
        letters_delivered=written.count(Outcome.DELIVERED),
        letters_retry=written.count(Outcome.FAILED) + written.count(Outcome.PAUSED),
    )
    return {"batchItemFailures": [] if failed is None else [{"itemIdentifier": failed}]}


@lru_cache(maxsize=1)
def alerts(container: Container) -> Alerts:
    """Put the delivery together, once for each container: it keeps the names of places."""
    return Alerts(
        sns=container.sns,
        ses=container.ses,
        settings=container.settings,
        instance=container.instance,
        names=PlaceNames(Objects(container.s3, container.settings.site_bucket), container.clock),
        links=TakeUpLinks(container.secrets, container.instance, container.settings.site_url, container.clock),
        clock=container.clock,
    )


@lru_cache(maxsize=1)
def letters(container: Container) -> Letters:
    """Put the delivery of letters together, once for each container."""
    return Letters(
        post=Post(container.ses, container.settings.mail_sender, container.settings.site_url),
        secrets=container.secrets,
        instance=container.instance,
        names=PlaceNames(Objects(container.s3, container.settings.site_bucket), container.clock),
        clock=container.clock,
    )


def deliverer(container: Container, partition: str) -> Alerts | Letters:
    """Return who delivers what waits in a partition."""
    return letters(container) if partition.startswith(LETTERS) else alerts(container)


def _entered(record: dict[str, Any]) -> tuple[str, str] | None:
    # The event source's filter lets only these through; here it is said again for whoever replays a batch by hand.
    keys = record["dynamodb"]["Keys"]
    partition, sort_key = keys["PK"]["S"], keys["SK"]["S"]
    return (
        (partition, sort_key) if record["eventName"] == "INSERT" and partition.startswith((ALERTS, LETTERS)) else None
    )
