"""Letters to citizens that wait for delivery; how one is held while it is delivered stands in `lease`.

A letter goes through no topic, so its life is the shorter half of an alert's: claim, mail, finish. One repeat remains,
where the process dies between the mail's acceptance and our note of it: two letters with the same link.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

from chalicelib.store import keys, lease, reading
from chalicelib.store.subscription_items import LetterItem


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: to which subscription, asked for when, and how far its delivery came; instants are store texts."""

    shard: int
    id: str
    at: str
    attempts: int = 0
    lease_until: str | None = None
    last_error: str | None = None
    trace: str | None = None

    @property
    def sort_key(self) -> str:
        """Sort key: text order is the order of time."""
        return keys.at_id(self.at, self.id)

    def is_free(self, now: str) -> bool:
        """Whether nobody holds the letter and no pause is running."""
        return self.lease_until is None or self.lease_until < now


def find(partition: str, sort_key: str) -> Letter | None:
    """Read one letter consistently; None when it has been delivered or parked, `Unreadable` when it cannot be."""
    try:
        return reading.one(partition, lambda: _view(LetterItem.get(partition, sort_key, consistent_read=True)))
    except LetterItem.DoesNotExist:
        return None


def claim(letter: Letter, now: datetime, until: datetime) -> Letter | None:
    """Take the letter until `until` and count the attempt; None when it may not be taken."""
    item = _item(keys.letters(letter.shard), letter)
    return _view(item) if lease.claim(item, now, until) else None


def release(claimed: Letter, error: str, until: datetime | None) -> bool:
    """Give a failed letter back, at once or after a pause; `error` is a code, never a message."""
    return lease.release(_item(keys.letters(claimed.shard), claimed), error, until)


def finish(claimed: Letter) -> bool:
    """Delete a delivered letter; false when the lease was lost."""
    return lease.finish(_item(keys.letters(claimed.shard), claimed))


def park(letter: Letter, now: datetime) -> bool:
    """Move a letter whose attempts are used up out of the way; false when it is gone or still in hand."""
    return lease.park(_item(keys.letters(letter.shard), letter), _item(keys.parked_letters(letter.shard), letter), now)


def waiting(before: datetime) -> Iterator[Letter]:
    """Yield the letters that entered before `before`, oldest first over all shards."""
    return _oldest_first([keys.letters(shard) for shard in range(keys.SHARDS)], before)


def parked(before: datetime) -> Iterator[Letter]:
    """Yield the parked letters that had entered before `before`, oldest first."""
    return _oldest_first([keys.parked_letters(shard) for shard in range(keys.SHARDS)], before)


def discard_parked(letter: Letter) -> None:
    """Delete a parked letter: the request that it asked to confirm is over."""
    _item(keys.parked_letters(letter.shard), letter).delete()


def _oldest_first(partitions: list[str], before: datetime) -> Iterator[Letter]:
    limit = LetterItem.sk < keys.instant(before)
    queries = (
        reading.each(partition, LetterItem.query(partition, limit, consistent_read=True, page_size=50), _view)
        for partition in partitions
    )
    return merge(*queries, key=lambda letter: letter.sort_key)


def _view(item: LetterItem) -> Letter:
    if any(getattr(item, name) is None for name in ("id", "at")):
        raise ValueError("no letter")
    return Letter(
        shard=int(item.pk.partition("#")[2]),
        id=item.id,
        at=item.at,
        attempts=int(item.attempts),
        lease_until=item.lease_until,
        last_error=item.last_error,
        trace=item.trace,
    )


def _item(partition: str, letter: Letter) -> LetterItem:
    return LetterItem(
        partition,
        letter.sort_key,
        id=letter.id,
        at=letter.at,
        attempts=letter.attempts,
        lease_until=letter.lease_until,
        last_error=letter.last_error,
        trace=letter.trace,
    )
