"""The three places that a report has for photos: claimed by whoever asks first, given back when nothing comes.

Two tabs that ask at the same moment, and a permission that was never used:

    A ── place 1 free? ── put ✔ ─────────────────────────── has place 1
    B ──── place 1 free? ── put ✘ ── place 2 free? ── put ✔ ── has place 2
    C ── 20 minutes later: place 1 issued, expired ── put ✔ ── has place 1; what comes for A's permission is dropped

A place is bound to the key of its file, and a key is used once: whatever happens to a place is on the condition that
it still waits for that very file.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from pynamodb.exceptions import PutError

from chalicelib.domain.photo import GRACE, LIFETIME, LIMIT_A_REPORT, MediaType, State
from chalicelib.store import keys
from chalicelib.store.failures import code
from chalicelib.store.upload_items import UploadItem

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

SLOTS = range(1, LIMIT_A_REPORT + 1)

REFUSED = "ConditionalCheckFailedException"


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
            key=keys.incoming(report_id, slot, mark),
        )
        try:
            item.save(is_free(now))
        except PutError as error:
            if code(error) != REFUSED:
                raise
        else:
            return slot, item.key
    return None


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
