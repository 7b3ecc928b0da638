"""The three places that a report has for photos: claimed by whoever asks first, given back when nothing comes.

Two tabs that ask at the same moment, and a permission that was never used:

    A ── place 1 free? ── put ✔ ─────────────────────────── has place 1
    B ──── place 1 free? ── put ✘ ── place 2 free? ── put ✔ ── has place 2
    C ── 20 minutes later: place 1 issued, expired ── put ✔ ── has place 1; what comes for A's permission is dropped

A place is bound to the key of its file, and a key is used once: whatever happens to a place is on the condition that
it still waits for that very file.
"""

import random
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.photo import GRACE, LIFETIME, LIMIT_A_REPORT, MediaType, Rejection, State
from chalicelib.domain.report import Status
from chalicelib.store import keys, object_keys
from chalicelib.store.accept import FIRST_WAIT, RETRIES, RETRY_AFTER
from chalicelib.store.conditional import held
from chalicelib.store.models import ReportItem, connection
from chalicelib.store.upload_items import UploadItem

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

SLOTS = range(1, LIMIT_A_REPORT + 1)

CONDITION = "ConditionalCheckFailed"
CONFLICT = "TransactionConflict"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place that waits for a file, and how often the file's decoding has been begun, this time included."""

    report: str
    slot: int
    key: str
    tries: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A place for a photo: `clean` is the hash of the kept copy, `expires` says until when the place is held."""

    slot: int
    state: State
    expires: datetime
    key: str
    clean: str | None
    reason: str | None


def of_report(report_id: str) -> list[Upload]:
    """Return the places of a report that have ever been claimed, by number: one consistent query."""
    found = UploadItem.query(keys.report(report_id), UploadItem.sk.startswith("U#"), consistent_read=True)
    return [view(item) for item in found]


def claim(report_id: str, kind: MediaType, size: int, mark: str, now: datetime) -> tuple[int, str] | None:
    """Claim a place for a file that is yet to come; return its number and the file's key, None where all are taken.

    The places that nobody holds come first: a late file of an expired permission may still be on its way.
    """
    taken = {upload.slot: upload for upload in of_report(report_id)}
    for slot in sorted(SLOTS, key=lambda slot: (slot in taken and taken[slot].state is State.ISSUED, slot)):
        item = UploadItem(
            keys.report(report_id),
            keys.upload(slot),
            id=report_id,
            slot=slot,
            state=State.ISSUED.value,
            at=keys.instant(now),
            expires=keys.instant(now + LIFETIME + GRACE),
            type=kind.value,
            size=size,
            key=object_keys.incoming(report_id, slot, mark),
        )
        if held(item.save, is_free(now)):
            return slot, item.key
    return None


def begin(report_id: str, slot: int, key: str) -> Waiting | None:
    """Count a try to decode a file; None where nobody waits for it."""
    item = UploadItem(keys.report(report_id), keys.upload(slot))
    if not held(item.update, [UploadItem.tries.add(1)], waits_for(key)):
        return None
    return Waiting(report_id, slot, key, int(item.tries))


def store(waiting: Waiting, digest: str, now: datetime) -> bool:
    """Record a kept copy in its place and in the report's count; False where the place or the case is gone.

    Both in one transaction, so that a delivery that comes twice counts once. Raises `Unavailable` where the items are
    in other transactions for longer than a few tries.
    """
    report = ReportItem(keys.report(waiting.report), keys.REPORT)
    place = UploadItem(keys.report(waiting.report), keys.upload(waiting.slot))
    kept: list[Action] = [
        UploadItem.state.set(State.STORED.value),
        UploadItem.clean.set(digest),
        UploadItem.at.set(keys.instant(now)),
    ]
    for attempt in range(RETRIES + 1):
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.update(report, [ReportItem.photos.add(1)], wants_photos())
                transaction.update(place, kept, waits_for(waiting.key))
        except TransactWriteError as error:
            reasons = {reason.code for reason in error.cancellation_reasons if reason is not None}
            if CONDITION in reasons:
                return False
            if CONFLICT not in reasons:
                raise
        else:
            return True
        time.sleep(random.uniform(0, FIRST_WAIT * 2**attempt))  # noqa: S311 - jitter, not cryptography
    raise Unavailable(RETRY_AFTER)


def reject(waiting: Waiting, reason: Rejection, now: datetime) -> bool:
    """Record why a file was not kept, which frees its place; False where nobody waits for it any more."""
    item = UploadItem(keys.report(waiting.report), keys.upload(waiting.slot))
    told: list[Action] = [
        UploadItem.state.set(State.REJECTED.value),
        UploadItem.reason.set(reason.value),
        UploadItem.at.set(keys.instant(now)),
    ]
    return held(item.update, told, waits_for(waiting.key))


def is_needed(waiting: Waiting, digest: str) -> bool:
    """Tell whether a copy that could not be recorded may be another's all the same: one consistent query.

    The same file comes twice, or in two places: then the copy has been recorded, or may be in a moment.
    """
    return any(
        upload.clean == digest or (upload.state is State.ISSUED and upload.key != waiting.key)
        for upload in of_report(waiting.report)
    )


def forget(report_id: str) -> int:
    """Delete the places of a report; return how many there were. What arrives for them later is dropped."""
    kept = of_report(report_id)
    for upload in kept:
        UploadItem(keys.report(report_id), keys.upload(upload.slot)).delete()
    return len(kept)


def waits_for(key: str) -> "Condition":
    """Return the condition that a place still waits for one file.

    A message comes twice, two functions decode one file at once, a place is given to another file, or its report has
    been erased meanwhile: only the first to settle the place does, and nothing brings an erased one back.
    """
    return cast("Condition", (UploadItem.state == State.ISSUED.value) & (UploadItem.key == key))


def wants_photos() -> "Condition":
    """Return the condition that a case is there and was not taken back while its photo was decoded.

    What retention leaves of a report has no status.
    """
    return cast("Condition", ReportItem.status.exists() & (ReportItem.status != Status.WITHDRAWN.value))


def is_free(now: datetime) -> "Condition":
    """Return the condition that nobody holds a place.

    Of two that ask at once the second finds the first's claim; a photo that has just been kept is never lost to
    somebody who read before that.
    """
    abandoned = (UploadItem.state == State.ISSUED.value) & (UploadItem.expires < keys.instant(now))
    return cast("Condition", UploadItem.pk.does_not_exist() | (UploadItem.state == State.REJECTED.value) | abandoned)


def view(item: UploadItem) -> Upload:
    """Return a place as the rest of the code sees it."""
    return Upload(
        slot=int(item.slot),
        state=State(item.state),
        expires=keys.moment(item.expires),
        key=item.key,
        clean=item.clean,
        reason=item.reason,
    )
