"""Taking a step of a case: the report, its event, the words beside it and the alert in one transaction.

Two at one case, an officer who takes it up and a reporter who takes it back:

    A ── reads version 1 ───── transaction ✔ version 2 ──────────────────────── done
    B ──── reads version 1 ─────── transaction ✘ ── reads version 2 ── tells B what is there now

The version counts the case's events, and whatever changes a case writes an event with it: of two changes that were
thought out on the same version one is written, and the other finds out.
"""

import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import Unavailable
from chalicelib.store import chaining, keys
from chalicelib.store.accept import FIRST_WAIT, RETRIES, RETRY_AFTER, Also
from chalicelib.store.failures import code
from chalicelib.store.models import EventItem, MainItem, OutboxItem, ReportItem, TextItem, connection

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

_REFUSED = "ConditionalCheckFailed"
_CANCELLED = "TransactionCanceledException"
_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class Stale(Exception):
    """A case is no longer as it was when the step was thought out; nothing has been written."""


class AlsoRefused(Exception):
    """The cases are as they were, but a condition of what was to be written besides does not hold."""


@dataclass(frozen=True, slots=True)
class Current:
    """A case as it stands, for whoever is about to change it. Instants are texts of `keys.instant`, days ISO texts.

    `latest` is when its newest event happened; `resolved` when it was closed, None while it is open; `asked` and
    `answered` are the numbers of the events that put the one question and answered it; `into` is the case that it
    was merged into. `checked` are the windows looked in since it was taken up last, ``<day>:<part>``; `recheck` is
    until when a second look is due. `paused` is since when its clock stands, until `pause_until`, both of the newest
    pause even where that is over; `pauses` counts them all. `passed_to` is the partner's code and `passed_name` the
    name of the body that it was passed on to, `passed_answer` what that partner has answered. `chain` is the hash of
    its newest event, None where that is from before there was one.
    """

    id: str
    version: int
    status: str
    reason: str | None
    category: str
    unit: str
    created: str
    latest: str
    resolved: str | None
    due_take_up: str | None
    due_verify: str | None
    asked: int | None
    answered: int | None
    into: str | None
    area: str
    checked: tuple[str, ...] = ()
    recheck: str | None = None
    paused: str | None = None
    pause_reason: str | None = None
    pause_until: str | None = None
    pauses: int = 0
    passed_to: str | None = None
    passed_name: str | None = None
    passed_answer: str | None = None
    chain: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one case: its next event, and what the event changes in the report.

    `sets` are the report's attributes by their names in the model; None removes one. `beside` writes what else there
    is of the case.
    """

    before: Current
    event: EventItem
    sets: Mapping[str, object] = field(default_factory=dict)
    text: TextItem | None = None
    alert: OutboxItem | None = None
    beside: Also | None = None


def current(report_id: str) -> Current | None:
    """Return a case as it stands, or None: one consistent read."""
    try:
        item = MainItem.get(keys.report(report_id), keys.REPORT, consistent_read=True)
    except MainItem.DoesNotExist:
        return None
    return current_of(item) if isinstance(item, ReportItem) else None


def currents(report_ids: Iterable[str]) -> dict[str, Current]:
    """Return the cases of these ids that are there, by id: consistent reads, a hundred a request."""
    wanted = [(keys.report(report_id), keys.REPORT) for report_id in report_ids]
    found = MainItem.batch_get(wanted, consistent_read=True)
    return {item.id: current_of(item) for item in found if isinstance(item, ReportItem)}


def is_done(report_id: str, key: str) -> bool:
    """Tell whether a case has an event that was sent under the key of this hash: one consistent query."""
    span = MainItem.sk.startswith(keys.EVENT)
    found = EventItem.query(keys.report(report_id), span, EventItem.key == key, consistent_read=True)
    return next(iter(found), None) is not None


def place(report_id: str) -> tuple[int, int] | None:
    """Return the exact place of a case in millionths of a degree, latitude first; None where it is not there."""
    try:
        item = MainItem.get(keys.report(report_id), keys.REPORT, consistent_read=True)
    except MainItem.DoesNotExist:
        return None
    return (int(item.lat6), int(item.lon6)) if isinstance(item, ReportItem) else None


def take(changes: Sequence[Change], also: Also | None = None) -> None:
    """Write the changes of one or more cases, and what `also` adds, all or nothing.

    Raises `Stale` where one of the cases has changed meanwhile, `AlsoRefused` where only what `also` adds was refused,
    and `Unavailable` where the store does not answer, throttles, or sees the items in other transactions for longer
    than a few tries. Nothing has been written then, or, where the answer was lost, everything.
    """
    # One token for all tries: the store answers a repeated one with the first's success instead of doing it twice.
    token = str(uuid4())
    heads = [chaining.append(change.event, change.text, change.before.chain) for change in changes]
    for attempt in range(RETRIES + 1):
        try:
            with TransactWrite(connection=connection(), client_request_token=token) as transaction:
                for change, head in zip(changes, heads, strict=True):
                    _add(transaction, change, head)
                if also is not None:
                    also(transaction)
        except TransactWriteError as error:
            if not _passing(error):
                _tell_why(changes, error)
        else:
            return
        if attempt < RETRIES:
            time.sleep(random.uniform(0, FIRST_WAIT * 2**attempt))  # noqa: S311 - jitter, not cryptography
    raise Unavailable(RETRY_AFTER)


def is_unchanged(before: Current) -> "Condition":
    """Return the condition that nothing has happened to a case since it was read.

    Officer against officer, officer against reporter, either against the night: of two that read the same version the
    first writes. Between two events that `_is_new` would tell too, for both would have the same number. This alone
    tells that the night has made the case a tombstone, which has no version: it would come back without its place.
    """
    return cast("Condition", ReportItem.v == before.version)


def _is_new() -> "Condition":
    # History is never written over: a report that came back from a backup older than its events must not take the
    # place of one of them.
    return EventItem.pk.does_not_exist()


def _add(transaction: TransactWrite, change: Change, head: str) -> None:
    event = change.event
    sets = {"v": event.seq, "latest": event.at, "chain": head, **change.sets}
    actions = [
        getattr(ReportItem, name).remove() if value is None else getattr(ReportItem, name).set(value)
        for name, value in sets.items()
    ]
    report = ReportItem(keys.report(change.before.id), keys.REPORT)
    transaction.update(report, actions, is_unchanged(change.before))
    transaction.save(event, _is_new())
    if change.text is not None:
        transaction.save(change.text)
    if change.alert is not None:
        transaction.save(change.alert)
    if change.beside is not None:
        change.beside(transaction)


def _passing(error: TransactWriteError) -> bool:
    # Anything else, throttling and broken connections among it, the client has tried again twice by itself.
    if code(error) != _CANCELLED:
        raise Unavailable(RETRY_AFTER) from error
    return any(reason is not None and reason.code in _PASSING for reason in error.cancellation_reasons)


def _tell_why(changes: Sequence[Change], error: TransactWriteError) -> None:
    if not any(reason is not None and reason.code == _REFUSED for reason in error.cancellation_reasons):
        raise Unavailable(RETRY_AFTER) from error
    for change in changes:
        now = current(change.before.id)
        if now is None or now.version != change.before.version:
            raise Stale from error
    raise AlsoRefused from error


def current_of(item: ReportItem) -> Current:
    """Return the case that a report's item holds."""
    return Current(
        id=item.id,
        version=int(item.v),
        status=item.status,
        reason=item.reason,
        category=item.category,
        unit=item.unit,
        created=item.created,
        latest=item.latest or item.created,
        resolved=item.resolved,
        due_take_up=item.due_take_up,
        due_verify=item.due_verify,
        asked=_number(item.asked),
        answered=_number(item.answered),
        into=item.into,
        area=item.area,
        checked=tuple(item.checked or ()),
        recheck=item.recheck,
        paused=item.paused,
        pause_reason=item.pause_reason,
        pause_until=item.pause_until,
        pauses=int(item.pauses or 0),
        passed_to=item.passed_to,
        passed_name=item.passed_name,
        passed_answer=item.passed_answer,
        chain=item.chain,
    )


def _number(value: int | None) -> int | None:
    return None if value is None else int(value)
