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

A lease is fenced by its end and by the number of the attempt together: a holder that was slow finds both changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import TYPE_CHECKING, cast

from pynamodb.exceptions import DeleteError, TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib.store import keys
from chalicelib.store.alert import Alert, item_of, view
from chalicelib.store.failures import code
from chalicelib.store.models import OutboxItem, connection

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

MAX_ATTEMPTS = 8
"""Claims after which an alert is parked for a person to look at."""

_REFUSED = "ConditionalCheckFailedException"
_CANCELLED = "TransactionCanceledException"


def find(partition: str, sort_key: str) -> Alert | None:
    """Read one alert consistently; `None` when it has been delivered or parked."""
    try:
        return view(OutboxItem.get(partition, sort_key, consistent_read=True))
    except OutboxItem.DoesNotExist:
        return None


def claim(alert: Alert, now: datetime, until: datetime) -> Alert | None:
    """Take the alert until `until` and count the attempt; `None` when it may not be taken.

    The answer carries the lease; `mark_published`, `release` and `finish` hold only for it.
    """
    item = item_of(keys.outbox(alert.shard), alert)
    try:
        item.update(
            actions=[OutboxItem.lease_until.set(keys.instant(until)), OutboxItem.attempts.add(1)],
            condition=_is_free(keys.instant(now)) & _has_attempts_left(),
        )
    except UpdateError as error:
        _refusal(error)
        return None
    return view(item)


def mark_published(claimed: Alert) -> bool:
    """Note that the topic has accepted the message; false when the lease was lost."""
    try:
        item_of(keys.outbox(claimed.shard), claimed).update(
            actions=[OutboxItem.sns_done.set(True)], condition=_is_mine(claimed)
        )
    except UpdateError as error:
        _refusal(error)
        return False
    return True


def release(claimed: Alert, error: str, until: datetime | None) -> bool:
    """Give a failed alert back, at once or after a pause until `until`; false when the lease was lost.

    `error` is a short code for the operator, never a message: those hold addresses.
    """
    lease = OutboxItem.lease_until.remove() if until is None else OutboxItem.lease_until.set(keys.instant(until))
    try:
        item_of(keys.outbox(claimed.shard), claimed).update(
            actions=[lease, OutboxItem.last_error.set(error)], condition=_is_mine(claimed)
        )
    except UpdateError as failure:
        _refusal(failure)
        return False
    return True


def finish(claimed: Alert) -> bool:
    """Delete a delivered alert; false when the lease was lost and another will deliver it again."""
    try:
        item_of(keys.outbox(claimed.shard), claimed).delete(condition=_is_mine(claimed))
    except DeleteError as error:
        _refusal(error)
        return False
    return True


def park(alert: Alert, now: datetime) -> bool:
    """Move an alert whose attempts are used up out of the way; false when it is gone or still in hand."""
    try:
        with _transaction() as transaction:
            transaction.save(item_of(keys.parked(alert.shard), alert))
            transaction.delete(
                item_of(keys.outbox(alert.shard), alert),
                condition=_is_used_up() & _is_free(keys.instant(now)),
            )
    except TransactWriteError as error:
        _cancelled(error)
        return False
    return True


def put_back(alert: Alert) -> bool:
    """Put an alert into the outbox afresh, taking it out of the parked ones; false when it waits there already."""
    fresh = Alert(
        alert.shard, alert.report, alert.seq, alert.kind, alert.unit, alert.garrison, alert.category,
        alert.priority, alert.at, published=alert.published,
    )  # fmt: skip
    try:
        with _transaction() as transaction:
            transaction.save(item_of(keys.outbox(fresh.shard), fresh), condition=_is_absent())
            # Without a condition: the alert of an old report is in neither partition.
            transaction.delete(item_of(keys.parked(fresh.shard), fresh))
    except TransactWriteError as error:
        _cancelled(error)
        return False
    return True


def waiting(before: datetime) -> Iterator[Alert]:
    """Yield the alerts that entered before `before`, oldest first over all shards, reading as far as asked."""
    shards = (
        map(
            view,
            OutboxItem.query(
                keys.outbox(shard), OutboxItem.sk < keys.instant(before), consistent_read=True, page_size=50
            ),
        )
        for shard in range(keys.SHARDS)
    )
    return merge(*shards, key=lambda alert: alert.sort_key)


def earlier(alert: Alert) -> list[Alert]:
    """Return the same report's alerts that entered before this one and still wait, oldest first."""
    found = OutboxItem.query(
        keys.outbox(alert.shard),
        OutboxItem.sk < alert.sort_key,
        filter_condition=OutboxItem.id == alert.report,
        consistent_read=True,
    )
    return [view(item) for item in found]


def parked() -> Iterator[Alert]:
    """Yield the parked alerts, oldest first over all shards."""
    shards = (
        map(view, OutboxItem.query(keys.parked(shard), consistent_read=True, page_size=50))
        for shard in range(keys.SHARDS)
    )
    return merge(*shards, key=lambda alert: alert.sort_key)


def _has_attempts_left() -> Condition:
    # Relay against a delivery that just ended: an item that is gone has no attempts, so the update does not
    # create an empty one under its key. And the sweeper may be about to park an item that has had its last.
    return cast("Condition", OutboxItem.attempts < MAX_ATTEMPTS)


def _is_used_up() -> Condition:
    # Sweeper against replay: a parked alert may have been put back, with all its attempts, since the page was read.
    return cast("Condition", OutboxItem.attempts >= MAX_ATTEMPTS)


def _is_free(now: str) -> Condition:
    # Relay against relay, relay against sweeper: of two that read the same item the first takes it.
    # A lease that has ended belongs to a holder that was killed, and is free again.
    return cast("Condition", OutboxItem.lease_until.does_not_exist() | (OutboxItem.lease_until < now))


def _is_mine(claimed: Alert) -> Condition:
    # A holder that slept past its lease must not note, delay or delete what another now delivers.
    # The attempt alone would repeat after a replay, the end alone could be equal by chance.
    return cast(
        "Condition", (OutboxItem.lease_until == claimed.lease_until) & (OutboxItem.attempts == claimed.attempts)
    )


def _is_absent() -> Condition:
    # A replay must not wipe the lease of a delivery in progress.
    return OutboxItem.pk.does_not_exist()


def _transaction() -> TransactWrite:
    return TransactWrite(connection=connection())


def _refusal(error: UpdateError | DeleteError) -> None:
    if code(error) != _REFUSED:
        raise error


def _cancelled(error: TransactWriteError) -> None:
    # A conflict with another transaction is no verdict on the condition: the caller tries again later.
    reasons = {reason.code for reason in error.cancellation_reasons if reason}
    if code(error) != _CANCELLED or reasons != {"ConditionalCheckFailed"}:
        raise error
