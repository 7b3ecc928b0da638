"""The schedule's handler: on Monday morning, each unit's patrol plan by mail."""

from __future__ import annotations

import time
from typing import Any

from chalicelib.container import Container
from chalicelib.events.metrics import emit
from chalicelib.services.mailboxes import Mailboxes
from chalicelib.services.mailing import Mailing
from chalicelib.services.place_names import PlaceNames
from chalicelib.services.plan_mails import PlanMails
from chalicelib.services.plans import Plans
from chalicelib.store.objects import Objects

BUDGET_S = 240.0
"""Seconds after which no further mail is begun; the next run finds the rest."""

OUTCOMES = ("sent", "failed", "lost", "full", "no_plan", "left")


def handle(event: dict[str, Any], container: Container) -> dict[str, Any]:
    """Mail the plans of this week to whoever has not had them; answers and emits how many mails ended how."""
    told, begun = container.told(event), time.monotonic()
    settings = told.settings
    names = PlaceNames(Objects(told.s3, settings.site_bucket), told.clock)
    mails = PlanMails(
        plans=Plans(Objects(told.s3, settings.work_bucket), told.units, names),
        mailing=Mailing(told.ses, settings.mail_sender),
        mailboxes=Mailboxes(told.instance, settings.fallback_address),
        instance=told.instance,
        site_url=settings.site_url,
        clock=told.clock,
        has_time=lambda: time.monotonic() - begun < BUDGET_S,
    )
    week, done = mails.run()
    counts = {f"plans_{name}": done[name] for name in OUTCOMES}
    emit(container.clock(), settings.stage, "plans", **counts)
    return {"week": str(week), **counts}
