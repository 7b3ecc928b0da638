"""Days as people live them: the local calendar day of an instant, and its parts.

Every function takes the zone of the instance. Instants are aware datetimes in any zone; what is
returned as an instant is in UTC. A day has 23 or 25 hours where the clocks change, so nothing
here adds 24 hours to find a midnight.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


class Part(StrEnum):
    """A part of the day, by the local clock."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


PART_HOURS = MappingProxyType(
    {
        Part.MORNING: (6, 12),
        Part.AFTERNOON: (12, 18),
        Part.EVENING: (18, 22),
        Part.NIGHT: (22, 6),
    }
)
"""First hour and the hour after the last of each part; the night runs over midnight."""


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day of an instant in `zone`.

    Raises `ValueError` for a naive datetime, which belongs to no day.
    """
    return _local(instant, zone).date()


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the half-open interval of `day`, in UTC: its first instant and the next day's."""
    return _midnight(day, zone), _midnight(day + timedelta(days=1), zone)


def next_midnight(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant, in UTC, of the local day after the one of `instant`."""
    return day_bounds(day_of(instant, zone), zone)[1]


def part_of(instant: datetime, zone: ZoneInfo) -> tuple[date, Part]:
    """Return the part of the day and the day it counts for.

    A night belongs to the day on which it begins: 03:00 on Saturday is Friday's night.
    """
    local = _local(instant, zone)
    for part, (first, end) in PART_HOURS.items():
        if first <= local.hour < end:
            return local.date(), part
    if local.hour < PART_HOURS[Part.NIGHT][1]:
        return local.date() - timedelta(days=1), Part.NIGHT
    return local.date(), Part.NIGHT


def weekday(day: date) -> int:
    """Return the ISO weekday: 1 is Monday, 7 is Sunday."""
    return day.isoweekday()


def full_hour_from(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the first full hour of the local clock that is not before `instant`, in UTC."""
    local = _local(instant, zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    hour = instant.astimezone(UTC) - past
    return hour if not past else hour + HOUR


def month_later(day: date) -> date:
    """Return the same day of the next month, or that month's last day where it is shorter."""
    return months_later(day, 1)


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last day where it is shorter."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("an instant needs an offset")
    return instant.astimezone(zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # Where the clock skips midnight, fold=0 takes the offset before the change: the very
    # instant of the change, which is then the first of the day.
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
