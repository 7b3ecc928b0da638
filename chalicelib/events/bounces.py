"""The handler of what SES tells of our mails."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from chalicelib.container import Container
from chalicelib.events.metrics import emit
from chalicelib.services.bounces import Bounces


def handle(event: dict[str, Any], container: Container) -> dict[str, Any]:
    """Take note of every message; answers and emits how many addresses were flagged, stopped and unknown."""
    done = Counter[str]()
    service = Bounces(lambda: container.secrets.keyring.subscriptions, container.clock())
    for record in event["Records"]:
        done += service.note(json.loads(record["Sns"]["Message"]))
    summary = {f"addresses_{name}": done[name] for name in ("flagged", "stopped", "unknown")}
    emit(container.clock(), container.settings.stage, "bounces", **summary)
    return summary
