"""The quota table: which devices have reported on a day, under hashes that the day's salt makes.

Nothing here decides; the transaction in `chalicelib.store.accept` does. Looking first only spares a used device
the price of a transaction that is bound to fail.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from chalicelib.domain.quota import REPORTS_PER_DAY, device_hash, expires_at
from chalicelib.store import quota_keys
from chalicelib.store.claims import Claim, Count, Slot
from chalicelib.store.conditional import held
from chalicelib.store.quota_items import SaltItem

SALT_BYTES = 32

# Two processes that meet the day's first report at once must end with one salt, or one device would have two hashes
# and two reports: the put of the second fails, and it reads the first's.
SALT_IS_NEW = SaltItem.pk.does_not_exist()


class QuotaProvider(Protocol):
    """Says how many reports a day somebody has. A device's, an API key's; an electronic identity's would be a third."""

    @property
    def limit(self) -> int:
        """Reports a day."""

    def claim(self, filer: str, submission: UUID, day: date, zone: ZoneInfo) -> Claim:
        """Return the claim of one submission of `filer` (its name under the signing keys) on a local day.

        Raises what the store raises: the day's salt may have to be read or made.
        """


class Salts:
    """The salts of the days that this process has met; one is kept, so that no deleted salt outlives its day."""

    def __init__(self) -> None:
        self._held: tuple[date, bytes] | None = None

    def of_day(self, day: date, zone: ZoneInfo) -> tuple[bytes, datetime]:
        """Return the day's salt, made where there is none yet, and when the store forgets what is made with it."""
        expires = datetime.fromtimestamp(expires_at(day, zone), UTC)
        return self._of(day, expires), expires

    def _of(self, day: date, expires: datetime) -> bytes:
        held = self._held
        if held is None or held[0] != day:
            held = self._held = (day, shared_salt(quota_keys.salt(day.isoformat()), expires))
        return held[1]


@dataclass(frozen=True, slots=True)
class DeviceQuota:
    """A device has one report a day."""

    salts: Salts
    limit: int = REPORTS_PER_DAY

    def claim(self, filer: str, submission: UUID, day: date, zone: ZoneInfo) -> Slot:
        """Return the device's slot of the day."""
        salt, expires = self.salts.of_day(day, zone)
        mark = hmac.new(salt, f"{filer}\0{submission}".encode(), hashlib.sha256).hexdigest()
        return Slot(day, device_hash(salt, filer), mark, expires)


@dataclass(frozen=True, slots=True)
class KeyQuota:
    """An API key has as many reports a day as its operator has granted."""

    salts: Salts
    limit: int

    def claim(self, filer: str, submission: UUID, day: date, zone: ZoneInfo) -> Count:  # noqa: ARG002
        """Return one of the key's reports of the day, whichever submission it is for."""
        salt, expires = self.salts.of_day(day, zone)
        # No device is called so: its name holds no zero byte.
        return Count(day, device_hash(salt, f"key\0{filer}"), self.limit, expires)


def shared_salt(partition: str, expires: datetime) -> bytes:
    """Return the salt that all processes share under a partition of its own, made where there is none yet."""
    try:
        return SaltItem.get(partition, quota_keys.SALT).salt
    except SaltItem.DoesNotExist:
        made = SaltItem(partition, quota_keys.SALT, salt=secrets.token_bytes(SALT_BYTES), ttl=expires)
    if held(made.save, SALT_IS_NEW):
        return made.salt
    return SaltItem.get(partition, quota_keys.SALT, consistent_read=True).salt
