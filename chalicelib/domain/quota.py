"""One report a device and local calendar day, without remembering the device.

The day's salt makes yesterday's hashes worthless once it is deleted: nobody can then tell whether
two days saw the same device.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_bounds, next_midnight
from chalicelib.domain.errors import QuotaUsed
from chalicelib.domain.retention import DEVICE_HOURS

REPORTS_PER_DAY = 1
"""A device's reports a day. One, because the quota item's absence is the whole test."""


def device_hash(salt: bytes, device: str) -> str:
    """Return HMAC-SHA256(salt of the day, device) in hex: the only trace that a device leaves."""
    return hmac.new(salt, device.encode(), hashlib.sha256).hexdigest()


def expires_at(day: date, zone: ZoneInfo) -> int:
    """Return the epoch second at which the store itself forgets the hashes and the salt of `day`.

    Counted from the day's first instant, so that nothing of the day is kept longer.
    """
    return int((day_bounds(day, zone)[0] + timedelta(hours=DEVICE_HOURS)).timestamp())


def resets_at(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, from which the device may report again."""
    return next_midnight(now, zone)


def quota_used(now: datetime, zone: ZoneInfo, limit: int = REPORTS_PER_DAY) -> QuotaUsed:
    """Return the refusal for whoever has used the `limit` of today."""
    resets = resets_at(now, zone)
    return QuotaUsed(resets, math.ceil((resets - now).total_seconds()), limit)
