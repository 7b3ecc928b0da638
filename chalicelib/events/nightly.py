"""The nightly function."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.events.metrics import emit
from chalicelib.services.conservation import NotConservedError
from chalicelib.services.nightly import BUSY, JOB, Nightly, night_of
from chalicelib.services.publication import Stores
from chalicelib.services.retention import Retention
from chalicelib.store.feed import NightFeed
from chalicelib.store.ledger import Ledger
from chalicelib.store.objects import Objects
from chalicelib.store.photos import delete_all


def handle(event: dict[str, Any], container: Container) -> dict[str, Any]:
    """Run the night of ``event["day"]`` (default: today) and return its summary.

    A night that ends well emits `purge_left` and `retention_left`, what it could not get done; `reports`, how many are
    kept; and `cpu_s`. One that finds another at work emits nothing: the other does. `invariant_violations` counts what
    was lost or counted twice: 0 of a night that ends well; one that finds any publishes nothing, emits that, and fails.

    With ``event["dry_run"]`` nothing is changed: the summary says what the retention of the next night would erase.
    `ValueError` for a day that is still to come, except where the stage may be told the time.
    """
    told, settings = container.told(event), container.settings
    now = told.clock()
    retention = Retention(partial(delete_all, vault=told.vault))
    if event.get("dry_run"):
        night = day_of(now, told.instance.zone) + timedelta(days=1)
        return {"state": "dry_run", "night": night.isoformat(), "retention": retention.preview(night)}
    site, work = Objects(told.s3, settings.site_bucket), Objects(told.s3, settings.work_bucket)
    nightly = Nightly(
        stores=Stores(site, work, NightFeed.of(told.feed)),
        ledger=Ledger(JOB, uuid4().hex),
        retention=retention,
        instance=told.instance,
        site_url=settings.site_url,
        code=settings.build,
        real=container.clock(),
        now=now,
        memory_mb=settings.aws_lambda_function_memory_size,
    )
    day = night_of(event.get("day"), day_of(now, told.instance.zone), may_be_ahead=settings.time_may_be_told)
    try:
        summary = nightly.run(day)
    except NotConservedError as error:
        emit(container.clock(), settings.stage, "nightly", invariant_violations=len(error.args))
        raise
    if summary["state"] != BUSY:
        counts = {name: summary[name] for name in ("purge_left", "retention_left", "reports")}
        counts["invariant_violations"] = 0
        emit(container.clock(), settings.stage, "nightly", **counts, cpu_s=summary["cpu_seconds"])
    return summary
