"""The closed periods by which the counts of vulnerable categories are told.

A window that moves every day tells a single report to whoever subtracts yesterday's count from today's. So these counts
are made for periods of four weeks that never overlap, from a Monday to a Sunday, and each period is told once.
"""

from __future__ import annotations

from datetime import date, timedelta

DAYS = 28
"""Length of a period."""

PERIODS = 13
"""How many periods stand for the longer window: 364 days."""

SETTLING = timedelta(days=7)
"""How long after its end a period is told: what is found to be a mistake in its first week is not in it."""


def period_of(day: date) -> int:
    """Return the number of the period that holds a day; they are numbered without a gap."""
    # The first day of the calendar, 0001-01-01, has the ordinal 1 and is a Monday.
    return (day.toordinal() - 1) // DAYS


def first_day(period: int) -> date:
    """Return the first day of a period."""
    return date.fromordinal(period * DAYS + 1)


def closed(day: date) -> range:
    """Return the periods that are told on a day, the oldest first: the last that has settled, and twelve before."""
    ended = period_of(day - SETTLING)
    return range(ended - PERIODS, ended)
