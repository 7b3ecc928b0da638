"""The quota table: which devices have reported on a day, under hashes that the day's salt makes.

Nothing here decides; the transaction in `chalicelib.store.accept` does. Looking first only spares a used device
the price of a transaction that is bound to fail.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pynamodb.exceptions import PutError

from chalicelib.domain.quota import device_hash, expires_at
from chalicelib.store import keys
from chalicelib.store.failures import code
from chalicelib.store.models import QuotaItem, SaltItem

SALT_BYTES = 32

# Two processes that meet the day's first report at once must end with one salt, or one device would have two hashes
# and two reports: the put of the second fails, and it reads the first's.
SALT_IS_NEW = SaltItem.pk.does_not_exist()


@dataclass(frozen=True, slots=True)
class Slot:
    """The one place that a device has on a day: where its quota item is, and what it would hold.

    `submission` tells one idempotency key of the device from another, and tells nothing else.
    """

    day: date
    device: str
    submission: str
    expires: datetime

    @property
    def item(self) -> QuotaItem:
        """The quota item of a report filed in this slot."""
        day = self.day.isoformat()
        return QuotaItem(keys.quota(day, self.device), self.device, ik=self.submission, ttl=self.expires)

    @property
    def used_by(self) -> str | None:
        """The submission that has used the slot, or None: eventually consistent, half a read unit."""
        try:
            found = QuotaItem.get(keys.quota(self.day.isoformat(), self.device), self.device)
        except QuotaItem.DoesNotExist:
            return None
        return found.ik


class Salts:
    """The salts of the days that this process has met; one is kept, so that no deleted salt outlives its day."""

    def __init__(self) -> None:
        self._held: tuple[date, bytes] | None = None

    def slot(self, device: str, submission: UUID, day: date, zone: ZoneInfo) -> Slot:
        """Return the slot of a device on a day, making the day's salt where there is none yet."""
        expires = datetime.fromtimestamp(expires_at(day, zone), UTC)
        salt = self._of(day, expires)
        mark = hmac.new(salt, f"{device}\0{submission}".encode(), hashlib.sha256).hexdigest()
        return Slot(day, device_hash(salt, device), mark, expires)

    def _of(self, day: date, expires: datetime) -> bytes:
        held = self._held
        if held is None or held[0] != day:
            held = self._held = (day, _salt(day, expires))
        return held[1]


def _salt(day: date, expires: datetime) -> bytes:
    partition = keys.salt(day.isoformat())
    try:
        return SaltItem.get(partition, keys.SALT).salt
    except SaltItem.DoesNotExist:
        made = SaltItem(partition, keys.SALT, salt=secrets.token_bytes(SALT_BYTES), ttl=expires)
    try:
        made.save(SALT_IS_NEW)
    except PutError as error:
        if code(error) != "ConditionalCheckFailedException":
            raise
        return SaltItem.get(partition, keys.SALT, consistent_read=True).salt
    return made.salt
