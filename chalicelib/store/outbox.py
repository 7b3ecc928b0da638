"""The outbox: alerts that are promised and not yet delivered.

An alert enters together with what it tells of, in one transaction, and leaves when its last recipient has been
served. The item itself is the record against repeats; no other is kept. Its life, and what a crash leaves behind:

    claim ──────► topic accepts ──► mark ──► mail accepted ──► finish
      │ crash: lease ends, next claim   │        │ crash: lease ends,   │ nothing is left:
      │ starts from the top             │        │ the mail is repeated │ a stream record of it
      └─ crash before the mark: the     └─ crash: only the mail is       finds no item
         topic is told twice               left to do

Two repeats remain, both in the moment between a service's acceptance and our note of it, where nobody can know.
Receivers drop them by the event's id, which is the same each time.

How an alert is held while it is delivered stands in `chalicelib.store.lease`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import TYPE_CHECKING

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.store import keys, lease, reading
from chalicelib.store.alert import Alert, item_of, view
from chalicelib.store.models import OutboxItem, connection

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

MAX_ATTEMPTS = lease.MAX_ATTEMPTS
"""Claims after which an alert is parked for a person to look at."""


def find(partition: str, sort_key: str) -> Alert | None:
    """Read one alert consistently; `None` when it has been delivered or parked, `Unreadable` when it cannot be."""
    try:
        return reading.one(partition, lambda: view(OutboxItem.get(partition, sort_key, consistent_read=True)))
    except OutboxItem.DoesNotExist:
        return None


def claim(alert: Alert, now: datetime, until: datetime) -> Alert | None:
    """Take the alert until `until` and count the attempt; `None` when it may not be taken.

    The answer carries the lease; `mark_published`, `release` and `finish` hold only for it.
    """
    item = item_of(keys.outbox(alert.shard), alert)
    return view(item) if lease.claim(item, now, until) else None


def mark_published(claimed: Alert) -> bool:
    """Note that the topic has accepted the message; false when the lease was lost."""
    return lease.note(item_of(keys.outbox(claimed.shard), claimed), OutboxItem.sns_done.set(True))


def release(claimed: Alert, error: str, until: datetime | None) -> bool:
    """Give a failed alert back, at once or after a pause until `until`; false when the lease was lost.

    `error` is a short code for the operator, never a message: those hold addresses.
    """
    return lease.release(item_of(keys.outbox(claimed.shard), claimed), error, until)


def postpone(claimed: Alert, until: datetime) -> bool:
    """Give an alert back whose mailbox is full: to wait is no failed attempt. False when the lease was lost."""
    item = item_of(keys.outbox(claimed.shard), claimed)
    return lease.note(
        item, OutboxItem.attempts.set(claimed.attempts - 1), OutboxItem.lease_until.set(keys.instant(until))
    )


def finish(claimed: Alert) -> bool:
    """Delete a delivered alert; false when the lease was lost and another will deliver it again."""
    return lease.finish(item_of(keys.outbox(claimed.shard), claimed))


def park(alert: Alert, now: datetime) -> bool:
    """Move an alert whose attempts are used up out of the way; false when it is gone or still in hand."""
    return lease.park(item_of(keys.outbox(alert.shard), alert), item_of(keys.parked(alert.shard), alert), now)


def put_back(alert: Alert) -> bool:
    """Put an alert into the outbox afresh, taking it out of the parked ones; false when it waits there already."""
    fresh = Alert(
        alert.shard, alert.report, alert.seq, alert.kind, alert.unit, alert.garrison, alert.category,
        alert.priority, alert.at, published=alert.published, about=alert.about, trace=alert.trace,
    )  # fmt: skip
    try:
        with _transaction() as transaction:
            transaction.save(item_of(keys.outbox(fresh.shard), fresh), condition=_is_absent())
            # Without a condition: the alert of an old report is in neither partition.
            transaction.delete(item_of(keys.parked(fresh.shard), fresh))
    except TransactWriteError as error:
        lease.cancelled(error)
        return False
    return True


def waiting(before: datetime) -> Iterator[Alert]:
    """Yield the alerts that entered before `before`, oldest first over all shards, reading as far as asked."""
    limit = OutboxItem.sk < keys.instant(before)
    shards = (_each(keys.outbox(shard), limit) for shard in range(keys.SHARDS))
    return merge(*shards, key=lambda alert: alert.sort_key)


def oldest(before: datetime) -> datetime | None:
    """Return when the oldest of those that entered before `before` entered, be it readable or not; `None` for none."""
    found = (
        OutboxItem.query(
            keys.outbox(shard),
            OutboxItem.sk < keys.instant(before),
            consistent_read=True,
            page_size=1,
            limit=1,
            attributes_to_get=["PK", "SK"],
        )
        for shard in range(keys.SHARDS)
    )
    return min((keys.moment(item.sk.partition("#")[0]) for first in found for item in first), default=None)


def earlier(alert: Alert) -> list[Alert]:
    """Return the same report's alerts that entered before this one and still wait, oldest first."""
    found = OutboxItem.query(
        keys.outbox(alert.shard),
        OutboxItem.sk < alert.sort_key,
        filter_condition=OutboxItem.id == alert.report,
        consistent_read=True,
    )
    return list(reading.each(keys.outbox(alert.shard), found, view))


def parked() -> Iterator[Alert]:
    """Yield the parked alerts, oldest first over all shards."""
    shards = (_each(keys.parked(shard)) for shard in range(keys.SHARDS))
    return merge(*shards, key=lambda alert: alert.sort_key)


def _each(partition: str, limit: Condition | None = None) -> Iterator[Alert]:
    return reading.each(partition, OutboxItem.query(partition, limit, consistent_read=True, page_size=50), view)


def _is_absent() -> Condition:
    # A replay must not wipe the lease of a delivery in progress.
    return OutboxItem.pk.does_not_exist()


def _transaction() -> TransactWrite:
    return TransactWrite(connection=connection())
