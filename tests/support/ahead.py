"""Moments of the days to come, by the clock of the people the map is for.

Around midnight their day is another than that of UTC: a test that counted days there would look at the wrong night.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.clock import system_clock
from chalicelib.domain.calendar import day_of

ZONE = ZoneInfo("Europe/Warsaw")


def ahead(days: int, at: time) -> datetime:
    """A time of the local day that is so many days ahead."""
    return datetime.combine(day_of(system_clock(), ZONE) + timedelta(days=days), at, ZONE)
