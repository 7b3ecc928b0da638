"""An alert as the outbox keeps it, and its item."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.alerting import OVERDUE
from chalicelib.store import keys
from chalicelib.store.models import OutboxItem


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert of the outbox: what happened to which report, whom it concerns, how far the delivery came.

    `at` and `lease_until` are UTC texts of `keys.instant`; `shard` is 0..3; `seq` is the event's number.
    """

    shard: int
    report: str
    seq: int
    kind: str
    unit: str
    garrison: str
    category: str
    priority: int
    at: str
    attempts: int = 0
    lease_until: str | None = None
    published: bool = False
    last_error: str | None = None
    about: str | None = None
    trace: str | None = None

    @property
    def sort_key(self) -> str:
        """Sort key in the outbox and among the parked ones: text order is the order of time."""
        return keys.at_id_sequence(self.at, self.report, self.seq)

    @property
    def event(self) -> str:
        """Stable id of what the alert tells of: receivers drop repeats by it."""
        if self.about is not None:
            return self.about
        # Being overdue is no event of the report: it bears the number of the newest, and so needs its kind.
        return f"{self.report}-{self.seq}" + (f"-{self.kind}" if self.kind in OVERDUE else "")

    def is_free(self, now: str) -> bool:
        """Whether nobody holds the alert and no pause is running."""
        return self.lease_until is None or self.lease_until < now


_REQUIRED = ("id", "kind", "unit", "garrison", "category", "at")
"""Texts without which there is no alert; that a number is absent is noticed by itself."""


def view(item: OutboxItem) -> Alert:
    """Return the alert that an item holds, whichever partition it is in; `ValueError` where one cannot be read."""
    if any(getattr(item, name) is None for name in _REQUIRED):
        raise ValueError("no alert")
    return Alert(
        shard=int(item.pk.partition("#")[2]),
        report=item.id,
        seq=int(item.seq),
        kind=item.kind,
        unit=item.unit,
        garrison=item.garrison,
        category=item.category,
        priority=int(item.priority),
        at=item.at,
        attempts=int(item.attempts),
        lease_until=item.lease_until,
        published=bool(item.sns_done),
        last_error=item.last_error,
        about=item.about,
        trace=item.trace,
    )


def item_of(partition: str, alert: Alert) -> OutboxItem:
    """Return the item that holds an alert in a partition, the outbox's or that of the parked ones."""
    return OutboxItem(
        partition,
        alert.sort_key,
        id=alert.report,
        seq=alert.seq,
        kind=alert.kind,
        unit=alert.unit,
        garrison=alert.garrison,
        category=alert.category,
        priority=alert.priority,
        at=alert.at,
        attempts=alert.attempts,
        lease_until=alert.lease_until,
        sns_done=alert.published or None,
        last_error=alert.last_error,
        about=alert.about,
        trace=alert.trace,
    )
