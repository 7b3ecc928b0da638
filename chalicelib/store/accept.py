"""Accepting a report: one transaction, or nothing at all.

Two requests of one device at the same moment, a double click or a retry that overtakes its first try:

    A ── look: it is free ─────── transaction ✔ ─────────────────────── 201
    B ──── look: it is free ────────── transaction ✘ ── its own event? ─ yes: 200, no: 429

A look that finds the claim free proves nothing; only its condition and those below do. Whether the refused
transaction met its *own* report is told by that report's first event, whose key was derived from the device and its
idempotency key.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import Unavailable
from chalicelib.store import chaining, keys
from chalicelib.store.claims import Claim
from chalicelib.store.failures import code
from chalicelib.store.models import EventItem, OutboxItem, ReportItem, connection

RETRIES = 4
"""How often a transaction is tried again that collided with another or was throttled."""

FIRST_WAIT = 0.05
"""Seconds; the wait before a retry is random between nothing and this, doubled at every retry."""

RETRY_AFTER = 5
"""Seconds after which a client that was refused for want of the store should try again."""

FIRST_EVENT = 1

Also = Callable[[TransactWrite], None]
"""Adds further writes to a transaction, each with its own condition."""

# The same submission on two days, on both sides of midnight: the slot is free, but the report is there.
REPORT_IS_NEW = ReportItem.pk.does_not_exist()

# A report's text may be deleted, its first event never: a retry after that must not begin the case anew.
CASE_IS_NEW = EventItem.pk.does_not_exist()

_REFUSED = "ConditionalCheckFailed"
_CANCELLED = "TransactionCanceledException"
_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class SlotUsed(Exception):
    """Whoever files has used all the reports of this day."""


@dataclass(frozen=True, slots=True)
class Writes:
    """Everything that accepting a report writes; the claim is one of the day's, of whoever files.

    `also` adds what is of no account for the decision: its condition fails only where the report's own does.
    """

    claim: Claim
    report: ReportItem
    event: EventItem
    alert: OutboxItem
    also: Also | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The case's first event as the store holds it, and whether this request wrote it."""

    event: EventItem
    new: bool


def accept(case: Writes) -> Accepted:
    """Write the case, or find that the very same submission has been written before.

    Raises `SlotUsed` where the claim has been used meanwhile, `Unavailable` where the store does not
    answer, throttles, or sees the items in other transactions for longer than `RETRIES` tries. In both cases
    nothing has been written, or, where the answer was lost, everything: then the next try finds it.
    """
    # One token for all tries: the store answers a repeated one with the first's success instead of doing it twice.
    token = str(uuid4())
    chaining.begin(case.report, case.event)
    for attempt in range(RETRIES + 1):
        try:
            _write(case, token)
        except TransactWriteError as error:
            settled = _settle(case, error)
            if settled is not None:
                return settled
        else:
            return Accepted(case.event, new=True)
        if attempt < RETRIES:
            time.sleep(random.uniform(0, FIRST_WAIT * 2**attempt))  # noqa: S311 - jitter, not cryptography
    raise Unavailable(RETRY_AFTER)


def first_event(report_id: str, *, consistent: bool = False) -> EventItem | None:
    """Return how a report was accepted, or None: half a read unit, one if `consistent`."""
    try:
        return EventItem.get(keys.report(report_id), keys.event(FIRST_EVENT), consistent_read=consistent)
    except EventItem.DoesNotExist:
        return None


def _write(case: Writes, token: str) -> None:
    with TransactWrite(connection=connection(), client_request_token=token) as transaction:
        # PynamoDB sends puts in the order of these calls, and reasons come back in the order in which they were sent.
        case.claim.join(transaction)
        transaction.save(case.report, REPORT_IS_NEW)
        transaction.save(case.event, CASE_IS_NEW)
        transaction.save(case.alert)
        if case.also is not None:
            case.also(transaction)


def _settle(case: Writes, error: TransactWriteError) -> Accepted | None:
    """Say what a refused transaction means; None where trying again may help."""
    # Anything else, throttling and broken connections among it, the client has tried again twice by itself.
    if code(error) != _CANCELLED:
        raise Unavailable(RETRY_AFTER) from error
    reasons = [reason.code if reason else None for reason in error.cancellation_reasons]
    if _PASSING.intersection(reasons):
        return None
    known = first_event(case.report.id, consistent=True)
    if known is not None:
        return Accepted(known, new=False)
    if reasons[case.claim.answer] == _REFUSED:
        raise SlotUsed from error
    raise Unavailable(RETRY_AFTER) from error
