"""Working days: all but the weekend and the holidays, which an instance gives as data with their years.

A holiday is a day of the year, the first given weekday on or after one ("the first Monday of September" is the first
Monday from 1 September on), or so many days from Easter Sunday of the western churches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.easter import easter

_DAY = timedelta(days=1)
_WEEK = 7
LEAP_YEAR = 2024
"""A year that has every day of the year."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day off each year.

    Either `easter`, days from Easter Sunday, or `day`, one of the year as ``MM-DD``, with `weekday` (1 is Monday)
    the first such day from there on. `first` and `last` are the years of its validity, None leaves that side open.
    """

    easter: int | None = None
    day: str | None = None
    weekday: int | None = None
    first: int | None = None
    last: int | None = None

    @classmethod
    def from_document(cls, row: Mapping[str, Any]) -> Holiday:
        """Read one entry; `ValueError` where it is not just one kind of day, or no day at all."""
        holiday = cls(row.get("easter"), row.get("date"), row.get("weekday"), row.get("from"), row.get("to"))
        if (holiday.easter is None) is (holiday.day is None):
            raise ValueError(f"a holiday needs either `easter` or `date`: {dict(row)}")
        if holiday.weekday is not None and (holiday.day is None or not 1 <= holiday.weekday <= _WEEK):
            raise ValueError(f"a holiday's weekday is 1 to 7, from a date on: {dict(row)}")
        holiday.on(LEAP_YEAR)
        return holiday

    def as_document(self) -> dict[str, Any]:
        """Return the entry as an instance spells it."""
        row = {"easter": self.easter, "date": self.day, "weekday": self.weekday, "from": self.first, "to": self.last}
        return {name: value for name, value in row.items() if value is not None}

    def on(self, year: int) -> date | None:
        """Return the day of this holiday in a year; None where it is none then."""
        if (self.first is not None and year < self.first) or (self.last is not None and year > self.last):
            return None
        if self.day is None:
            sunday: date = easter(year)
            return sunday + timedelta(days=self.easter or 0)
        if self.day == "02-29" and not _is_leap(year):
            return None
        found = date.fromisoformat(f"{year}-{self.day}")
        return found if self.weekday is None else found + timedelta(days=(self.weekday - found.isoweekday()) % _WEEK)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The working days of an instance; `weekend` are ISO weekdays, 1 is Monday."""

    zone: ZoneInfo
    weekend: frozenset[int] = frozenset()
    holidays: tuple[Holiday, ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any], zone: ZoneInfo) -> WorkingDays:
        """Read ``working_days`` of `instance.json`; `ValueError` where no day is left, or a holiday is none."""
        weekend = frozenset(document["weekend"])
        if not weekend < frozenset(range(1, _WEEK + 1)):
            raise ValueError("the weekend is some of the days 1 to 7, and not all of them")
        return cls(zone, weekend, tuple(Holiday.from_document(row) for row in document["holidays"]))

    def are(self, day: date) -> bool:
        """Tell whether people work on a day."""
        return day.isoweekday() not in self.weekend and day not in _off(self.holidays, day.year)

    def after(self, instant: datetime, days: int) -> datetime:
        """Return the instant, in UTC, that lies so many working days after another.

        The local time of day stays. What begins on a day off begins with the first working day after it. Where the
        clocks skip that time of day it is read as before the change, so as an hour later.
        """
        local = instant.astimezone(self.zone)
        day, clock = local.date(), local.time()
        if not self.are(day):
            day, clock = self._next(day), time.min
        for _ in range(days):
            day = self._next(day)
        return datetime.combine(day, clock, self.zone).astimezone(UTC)

    def _next(self, day: date) -> date:
        day += _DAY
        while not self.are(day):
            day += _DAY
        return day


@lru_cache(maxsize=64)
def _off(holidays: tuple[Holiday, ...], year: int) -> frozenset[date]:
    return frozenset(day for day in (holiday.on(year) for holiday in holidays) if day is not None)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
