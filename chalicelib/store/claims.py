"""What lets somebody file one report now, as a part of the transaction that accepts it.

A claim is made by a `QuotaProvider` (`chalicelib.store.quota`), looked at before any work is done for the report, and
held by the transaction alone: of claims that looked free to many, its condition lets the allowed number through.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.store import quota_keys
from chalicelib.store.quota_items import CounterItem, QuotaItem

# A device files one report a day: of two at the same moment the second finds the first's quota item.
DEVICE_IS_FREE = QuotaItem.pk.does_not_exist()


class Standing(StrEnum):
    """How a claim looks before the transaction: a hint, half a read unit, nothing to rely on."""

    FREE = "free"
    MINE = "mine"
    """Used by this very submission."""
    USED = "used"


class Claim(Protocol):
    """One report of somebody's on one day."""

    answer: ClassVar[int]
    """Where the claim's reason stands among those of a refused transaction: PynamoDB sends puts before updates."""

    def look(self) -> Standing:
        """Return how the claim stands now: eventually consistent."""

    def join(self, transaction: TransactWrite) -> None:
        """Add the one write that holds the claim, with the condition that no other has used it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """The one place that a device has on a day: where its quota item is, and what it would hold.

    `submission` tells one idempotency key of the device from another, and tells nothing else.
    """

    answer: ClassVar[int] = 0

    day: date
    device: str
    submission: str
    expires: datetime

    def look(self) -> Standing:
        """Return whether the slot is used, and by which submission."""
        try:
            found = QuotaItem.get(quota_keys.quota(self.day.isoformat(), self.device), self.device)
        except QuotaItem.DoesNotExist:
            return Standing.FREE
        return Standing.MINE if found.ik == self.submission else Standing.USED

    def join(self, transaction: TransactWrite) -> None:
        """Put the quota item of a report filed in this slot."""
        day = self.day.isoformat()
        item = QuotaItem(quota_keys.quota(day, self.device), self.device, ik=self.submission, ttl=self.expires)
        transaction.save(item, DEVICE_IS_FREE)


@dataclass(frozen=True, slots=True)
class Count:
    """One of the `limit` reports that an API key has on a day: which of them is nobody's business."""

    answer: ClassVar[int] = -1

    day: date
    key: str
    limit: int
    expires: datetime

    def look(self) -> Standing:
        """Return whether the day's count is full."""
        item = self._item
        try:
            used = int(CounterItem.get(item.pk, item.sk).n)
        except CounterItem.DoesNotExist:
            used = 0
        return Standing.FREE if used < self.limit else Standing.USED

    def join(self, transaction: TransactWrite) -> None:
        """Count one more, if there is one left."""
        # Many reports of one key at the same moment: each adds to what the one before it has left, up to the limit.
        key_has_some_left = CounterItem.n.does_not_exist() | (CounterItem.n < self.limit)
        actions: list[Action] = [CounterItem.n.add(1), CounterItem.ttl.set(self.expires)]
        transaction.update(self._item, actions, key_has_some_left)

    @property
    def _item(self) -> CounterItem:
        return CounterItem(quota_keys.quota(self.day.isoformat(), self.key), self.key)
