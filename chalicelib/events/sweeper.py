"""The schedule's handler: delivers what the stream left behind, and parks what cannot be delivered."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from chalicelib.container import Container
from chalicelib.events.metrics import emit
from chalicelib.events.relay import alerts, letters
from chalicelib.services.alerts import Alerts, Outcome
from chalicelib.services.letters import Letters
from chalicelib.store import keys, outbox
from chalicelib.store import letters as waiting_letters
from chalicelib.store.lease import MAX_ATTEMPTS

MIN_AGE = timedelta(minutes=2)
"""Younger alerts are the relay's."""
BUDGET_S = 90.0
"""Seconds after which no further delivery is begun; the rest waits for the next run."""
MOST = 500
"""Deliveries attempted in one run, so that a flood is spread over several."""

MOST_LETTERS = 200
LETTERS_BUDGET_S = 20.0
"""The same for letters: together with the alerts' they stay under the function's timeout."""

PARKED = "parked"


def handle(event: dict[str, Any], container: Container) -> dict[str, Any]:
    """Sweep the outbox once, oldest alert first over all shards.

    Answers and emits: how many were `delivered`, `failed` and newly `parked`; `outbox_oldest_s`, the age of the oldest
    alert that still waits (0 when none does); `parked`, how many lie parked in all; and of letters to citizens how many
    were `letters_delivered`, failed (`letters_retry`) and newly parked (`letters_parked`). A parked letter needs
    nobody: it goes with the request that it asked to confirm.
    """
    container = container.told(event)
    done = _sweep(alerts(container), container.clock())
    written = _sweep_letters(letters(container), container.clock())
    now = container.clock()
    oldest = outbox.oldest(now)
    summary = {
        "alerts_delivered": done[Outcome.DELIVERED],
        "relay_retry": done[Outcome.FAILED] + done[Outcome.PAUSED],
        "newly_parked": done[PARKED],
        "parked": sum(1 for _ in outbox.parked()),
        "letters_delivered": written[Outcome.DELIVERED],
        "letters_retry": written[Outcome.FAILED] + written[Outcome.PAUSED],
        "letters_parked": written[PARKED],
        "outbox_oldest_s": 0.0 if oldest is None else (now - oldest).total_seconds(),
    }
    emit(now, container.settings.stage, "sweeper", **summary)
    return summary


def _sweep(deliveries: Alerts, now: datetime) -> Counter[str]:
    begun = time.monotonic()
    done: Counter[str] = Counter()
    for alert in outbox.waiting(now - MIN_AGE):
        if done.total() >= MOST or time.monotonic() - begun > BUDGET_S:
            break
        # Skipped without a write, and without counting: what pauses must not keep the rest from its turn.
        if not alert.is_free(keys.instant(now)):
            continue
        if alert.attempts >= outbox.MAX_ATTEMPTS:
            done[PARKED] += outbox.park(alert, now)
        else:
            done[deliveries.deliver(keys.outbox(alert.shard), alert.sort_key)] += 1
    return done


def _sweep_letters(deliveries: Letters, now: datetime) -> Counter[str]:
    # Alerts first and with the whole budget: a letter can wait for the next run.
    begun = time.monotonic()
    done: Counter[str] = Counter()
    for letter in waiting_letters.waiting(now - MIN_AGE):
        if done.total() >= MOST_LETTERS or time.monotonic() - begun > LETTERS_BUDGET_S:
            break
        if not letter.is_free(keys.instant(now)):
            continue
        if letter.attempts >= MAX_ATTEMPTS:
            done[PARKED] += waiting_letters.park(letter, now)
        else:
            done[deliveries.deliver(keys.letters(letter.shard), letter.sort_key)] += 1
    return done
