"""Counting what comes from a network on a day, under hashes that the day's salt makes.

Outside every transaction: an item that a whole office shares would make their reports collide with each other. A count
for a report that was then not written does no harm.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.store import quota_keys
from chalicelib.store.conditional import held
from chalicelib.store.quota_items import CounterItem


@dataclass(frozen=True, slots=True)
class Tally:
    """One count of a day: of a kind of deed from a prefix, about a subject where the kind has one."""

    day: date
    digest: str
    limit: int
    expires: datetime

    @classmethod
    def of(cls, salted: tuple[bytes, datetime], day: date, what: tuple[str, str, str], limit: int) -> "Tally":
        """Return the count of `what` (kind, prefix, subject) under the day's salt and its expiry."""
        salt, expires = salted
        # No device is called so: its name holds no zero byte.
        name = "\0".join(("network", *what))
        return cls(day, hmac.new(salt, name.encode(), hashlib.sha256).hexdigest(), limit, expires)

    def is_full(self) -> bool:
        """Look whether the limit is reached: eventually consistent, half a read unit."""
        item = self._item
        if self.limit == 0:
            return True
        try:
            return int(CounterItem.get(item.pk, item.sk).n) >= self.limit
        except CounterItem.DoesNotExist:
            return False

    def spend(self) -> bool:
        """Count one more and say whether there was one left; one write unit, none where there never is one."""
        if self.limit == 0:
            return False
        # Thirty of one household at the same moment: exactly as many as the limit allows find one left.
        some_left = CounterItem.n.does_not_exist() | (CounterItem.n < self.limit)
        return held(self._item.update, [CounterItem.n.add(1), CounterItem.ttl.set(self.expires)], condition=some_left)

    @property
    def _item(self) -> CounterItem:
        return CounterItem(quota_keys.network(self.day.isoformat(), self.digest), self.digest)
