"""Holding a waiting item while it is delivered: what alerts and letters have in common.

An item waits in its partition with `attempts` and `lease_until`; whoever delivers it claims it first. A lease is fenced
by its end and by the number of the attempt together: a holder that was slow finds both changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.store import keys
from chalicelib.store.conditional import held
from chalicelib.store.failures import code
from chalicelib.store.models import MainItem, connection

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

MAX_ATTEMPTS = 8
"""Claims after which an item is parked for a person to look at."""

_CANCELLED = "TransactionCanceledException"


def claim(item: MainItem, now: datetime, until: datetime) -> bool:
    """Take the item until `until` and count the attempt, in the item as well; false when it may not be taken."""
    kind: Any = type(item)
    taken = [kind.lease_until.set(keys.instant(until)), kind.attempts.add(1)]
    return held(item.update, taken, condition=is_free(item, keys.instant(now)) & has_attempts_left(item))


def note(item: MainItem, *actions: Any) -> bool:
    """Change a claimed item; false when the lease was lost."""
    return held(item.update, list(actions), condition=is_mine(item))


def release(item: MainItem, error: str, until: datetime | None) -> bool:
    """Give a claimed item back, at once or after a pause until `until`; false when the lease was lost.

    `error` is a short code for the operator, never a message: those hold addresses.
    """
    kind: Any = type(item)
    lease = kind.lease_until.remove() if until is None else kind.lease_until.set(keys.instant(until))
    return note(item, lease, kind.last_error.set(error))


def finish(item: MainItem) -> bool:
    """Delete a delivered item; false when the lease was lost and another will deliver it again."""
    return held(item.delete, condition=is_mine(item))


def park(item: MainItem, parked: MainItem, now: datetime) -> bool:
    """Move an item whose attempts are used up out of the way, as `parked`; false when it is gone or still in hand."""
    try:
        with TransactWrite(connection=connection()) as transaction:
            transaction.save(parked)
            transaction.delete(item, condition=is_used_up(item) & is_free(item, keys.instant(now)))
    except TransactWriteError as error:
        cancelled(error)
        return False
    return True


def has_attempts_left(item: MainItem) -> Condition:
    """Hold a claim against a delivery that just ended, and against the sweeper."""
    # An item that is gone has no attempts, so the update does not create an empty one under its key. And the sweeper
    # may be about to park an item that has had its last.
    kind: Any = type(item)
    return cast("Condition", kind.attempts < MAX_ATTEMPTS)


def is_used_up(item: MainItem) -> Condition:
    """Hold parking against replay: what was parked may have been put back, with all its attempts, since the look."""
    kind: Any = type(item)
    return cast("Condition", kind.attempts >= MAX_ATTEMPTS)


def is_free(item: MainItem, now: str) -> Condition:
    """Hold relay against relay, and relay against sweeper: of two that read the same item the first takes it."""
    # A lease that has ended belongs to a holder that was killed, and is free again.
    kind: Any = type(item)
    return cast("Condition", kind.lease_until.does_not_exist() | (kind.lease_until < now))


def is_mine(item: MainItem) -> Condition:
    """Keep a holder that slept past its lease from noting, delaying or deleting what another now delivers."""
    # The attempt alone would repeat after a replay, the end alone could be equal by chance.
    kind, mine = cast("Any", type(item)), cast("Any", item)
    return cast("Condition", (kind.lease_until == mine.lease_until) & (kind.attempts == mine.attempts))


def cancelled(error: TransactWriteError) -> None:
    """Raise a transaction's error that is no verdict on a condition: a conflict, say, is to be tried again later."""
    reasons = {reason.code for reason in error.cancellation_reasons if reason}
    if code(error) != _CANCELLED or reasons != {"ConditionalCheckFailed"}:
        raise error
