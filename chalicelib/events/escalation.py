"""The schedule's handler: once an hour, who has to hear of overdue cases."""

from __future__ import annotations

import time
from typing import Any

from chalicelib.container import Container
from chalicelib.domain.alerting import OVERDUE
from chalicelib.events.metrics import emit
from chalicelib.services.escalation import Escalation

BUDGET_S = 240.0
"""Seconds after which no further case is told of; the next hour finds the rest."""


def handle(event: dict[str, Any], container: Container) -> dict[str, Any]:
    """Tell of overdue cases once.

    Answers and emits how many cases are overdue (`overdue`), how many alerts each level got, and at how many units the
    store failed (`escalation_failed`).
    """
    told, begun = container.told(event), time.monotonic()
    done = Escalation(told.instance, told.clock()).run(lambda: time.monotonic() - begun < BUDGET_S)
    summary = {name: done[name] for name in ("overdue", *OVERDUE)} | {"escalation_failed": done["failed"]}
    emit(container.clock(), told.settings.stage, "escalation", **summary)
    return summary
