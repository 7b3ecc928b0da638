"""Windows of 28 days in which one device keeps one pseudonym in one small area, and never longer.

So it can be known whether three reports at one corner come from three devices, without being able to follow anyone:
two deeds of a device can be joined inside one cell of about one square kilometre and one window only, and not at all
once the window's salt is destroyed.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import h3

from chalicelib.domain.calendar import day_bounds
from chalicelib.domain.location import COARSE_RESOLUTION

LENGTH = timedelta(days=28)

FIRST = date(2024, 1, 1)
"""The first day of a window, from which all others are counted: a Monday, so that each holds four of each weekday."""

GRACE = timedelta(days=2)
"""How long after its end a window is kept at most, if the night that closes it never came."""


def window_of(day: date) -> date:
    """Return the first local day of the window that holds a day."""
    return FIRST + (day - FIRST) // LENGTH * LENGTH


def closed_windows(since: date, today: date) -> list[date]:
    """Return the first days of the windows that have ended between two days, the one that holds `since` among them."""
    first = window_of(since)
    return [first + number * LENGTH for number in range((window_of(today) - first) // LENGTH)]


def expires_at(window: date, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which the store itself forgets a window."""
    return day_bounds(window + LENGTH, zone)[0] + GRACE


def pseudonym(salt: bytes, device: str, cell: str) -> str:
    """Return HMAC-SHA256(salt of the window, device, 0, the area's cell) in hex; `cell` is any cell in the area."""
    area = h3.cell_to_parent(cell, COARSE_RESOLUTION)
    return hmac.new(salt, f"{device}\0{area}".encode(), hashlib.sha256).hexdigest()
