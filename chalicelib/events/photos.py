"""The queue's handler: makes clean copies of the photos that have arrived in quarantine."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger

from chalicelib.container import Container
from chalicelib.events.metrics import emit
from chalicelib.services.photos import receive
from chalicelib.store.failures import code

_log = Logger(service="photos")


def handle(event: dict[str, Any], container: Container) -> dict[str, Any]:
    """Deal with each file that the messages name; a message that failed is named in the answer and comes again.

    After five tries the queue sets it aside (`photos_failed` counts them); neither the report nor another photo waits.
    """
    done: Counter[str] = Counter()
    failed = []
    for message in event["Records"]:
        try:
            done.update(receive(key, container.vault, container.clock()) for key in _arrived(message["body"]))
        except Exception as failure:  # noqa: BLE001 - whatever it is, it concerns this message alone
            _log.error("failed", extra={"failure": code(failure), "message_id": message["messageId"]})
            failed.append(message["messageId"])
    emit(
        container.clock(),
        container.settings.stage,
        "photos",
        photos_stored=done["stored"],
        photos_rejected=done["rejected"],
        photos_dropped=done["dropped"],
        photos_failed=len(failed),
    )
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}


def _arrived(body: str) -> list[str]:
    # S3 also sends a message without records when the notification is set up.
    return [unquote_plus(record["s3"]["object"]["key"]) for record in json.loads(body).get("Records", [])]
