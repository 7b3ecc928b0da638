"""Adding a sighting to a case: one transaction, alone or as a part of the step that opens the case again.

Two taps of one device, or the same request on two ways, at the same moment:

    A ── look: not seen yet ───── transaction ✔ ───────────────────────── 201, counted
    B ──── look: not seen yet ───────── transaction ✘ ── look: seen ───── 200, nothing added

Nothing that could name a device is in the table that has backups: the mark of a sighting is made of the device's
pseudonym for this area and window, whose salt is destroyed with the window.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.domain import sighting
from chalicelib.domain.receipt import ID_LENGTH, base32
from chalicelib.domain.report import Status
from chalicelib.domain.sighting import SIGHTINGS_PER_DAY, Seen, Times
from chalicelib.domain.steps import OPEN
from chalicelib.store import keys, quota_keys
from chalicelib.store.models import ReportItem, SightingItem
from chalicelib.store.quota_items import CounterItem

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

# One device says it of one case only once: of two taps at the same moment the second finds the first's sighting, whose
# mark is the same.
SIGHTING_IS_NEW = SightingItem.pk.does_not_exist()


@dataclass(frozen=True, slots=True)
class Allowance:
    """The sightings that a device may add on a day: where they are counted, under the day's hash of the device."""

    day: date
    device: str
    expires: datetime

    @property
    def is_used(self) -> bool:
        """Look whether none is left: eventually consistent, half a read unit; the transaction decides."""
        item = self._item
        try:
            return int(CounterItem.get(item.pk, item.sk).n) >= SIGHTINGS_PER_DAY
        except CounterItem.DoesNotExist:
            return False

    def join(self, transaction: TransactWrite) -> None:
        """Count one more."""
        # Sightings of many cases by one device at the same moment: each adds to what those before it have left.
        some_are_left = CounterItem.n.does_not_exist() | (CounterItem.n < SIGHTINGS_PER_DAY)
        actions: list[Action] = [CounterItem.n.add(1), CounterItem.ttl.set(self.expires)]
        transaction.update(self._item, actions, some_are_left)

    @property
    def _item(self) -> CounterItem:
        return CounterItem(quota_keys.allowance(self.day.isoformat(), self.device), self.device)


def mark_of(pseudonym: str, report_id: str) -> str:
    """Return the mark of a device's sighting of a case: 105 bits of HMAC(pseudonym, case).

    The same device, case and window have the same one; without the pseudonym it leads nowhere, and two cases' marks
    of one device have nothing in common.
    """
    return base32(hmac.new(pseudonym.encode(), report_id.encode(), hashlib.sha256).digest(), ID_LENGTH).lower()


def item(report_id: str, mark: str, at: str, day: date, times: Times, sources: int) -> SightingItem:
    """Return a sighting's item; `at` is a text of `keys.instant`."""
    return SightingItem(
        keys.report(report_id),
        keys.sighting(mark),
        id=report_id,
        at=at,
        day=day.isoformat(),
        times=sighting.grid(times),
        sources=sources,
    )


def merged_item(source_id: str, into: str, at: str, day: date, seen: Seen) -> SightingItem:
    """Return what a case leaves on the one it is merged into: how often it has been seen, its reporter among them."""
    return item(into, keys.merged(source_id), at, day, seen.times, seen.sources)


def stands_as(status: Status) -> "Condition":
    """Return the condition that a case still is what its page showed.

    A sighting that overtakes the officer who merges the case or finds it a joke would be lost on a case that nobody
    sees any more. Among open statuses it does not matter which one it is.
    """
    if status in OPEN:
        return cast("Condition", ReportItem.status.is_in(*sorted(OPEN)))
    return cast("Condition", ReportItem.status == status.value)
