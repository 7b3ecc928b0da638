"""The schedule's handler: every quarter of an hour, one mail to each mailbox with lines."""

from __future__ import annotations

import time
from typing import Any

from chalicelib.container import Container
from chalicelib.events.metrics import emit
from chalicelib.services.bulletins import Bulletins, Outcome
from chalicelib.services.mailboxes import Mailboxes
from chalicelib.services.mailing import Mailing
from chalicelib.services.place_names import PlaceNames
from chalicelib.services.take_up_links import TakeUpLinks
from chalicelib.store import bulletins, keys
from chalicelib.store.objects import Objects

BUDGET_S = 90.0
"""Seconds after which no further bulletin is begun; the rest waits for the next run."""


def handle(event: dict[str, Any], container: Container) -> dict[str, Any]:
    """Send the bulletins that are due.

    Answers and emits: how many were sent, failed, put off because the mailbox has had its mails of the hour (`full`)
    and parked, how many lines they told, and `bulletin_oldest_s`, the age of the oldest line that still waits.
    """
    told, begun = container.told(event), time.monotonic()
    settings, now = told.settings, told.clock()
    service = Bulletins(
        mailing=Mailing(told.ses, settings.mail_sender),
        mailboxes=Mailboxes(told.instance, settings.fallback_address),
        instance=told.instance,
        names=PlaceNames(Objects(told.s3, settings.site_bucket), told.clock),
        links=TakeUpLinks(told.secrets, told.instance, settings.site_url, told.clock),
        site_url=settings.site_url,
        clock=told.clock,
    )
    done, lines = service.run(lambda: time.monotonic() - begun < BUDGET_S)
    oldest = bulletins.oldest()
    summary = {
        **{f"bulletins_{name}": done[name] for name in (Outcome.SENT, Outcome.FAILED, Outcome.FULL, Outcome.PARKED)},
        "bulletin_lines": lines,
        "bulletin_oldest_s": 0.0 if oldest is None else (now - keys.moment(oldest)).total_seconds(),
    }
    emit(container.clock(), settings.stage, "bulletins", **summary)
    return summary
