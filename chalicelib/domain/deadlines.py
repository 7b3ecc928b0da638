"""By when a unit must act: take-up, then verdict, each in days of 24 hours or in working days, as the category says.

Source: the guidelines' three days from entry to acquaintance (2019, § 5); the days of verification
are the category's, seven by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.catalogue import Category

DAY = timedelta(hours=24)
"""A day of a clock that runs: not the calendar's, which has 23 or 25 hours twice a year."""

RECHECK_DAYS = 3
"""What a unit has at least for a second look."""


@dataclass(frozen=True, slots=True)
class Due:
    """When the take-up and the verdict are due."""

    take_up: datetime
    verify: datetime


def due_at_acceptance(category: Category, accepted: datetime) -> Due:
    """Return both deadlines of a new report; the verdict's assumes take-up at the last moment."""
    take_up = _later(category, accepted, category.take_up_days)
    return Due(take_up, verify_due(category, take_up))


def verify_due(category: Category, taken_up: datetime) -> datetime:
    """Return when the verdict is due on a case taken up at `taken_up`."""
    return _later(category, taken_up, category.verify_days)


def _later(category: Category, instant: datetime, days: int) -> datetime:
    working = category.working_days
    return instant + days * DAY if working is None else working.after(instant, days)


def recheck_due(category: Category, verify: datetime | None, now: datetime) -> datetime:
    """Return until when a second look is due, after a first one at `now` met nothing.

    What is left of the verdict's days, and at least `RECHECK_DAYS` of the kind that the category counts: another
    window has to come round.
    """
    soonest = _later(category, now, RECHECK_DAYS)
    return soonest if verify is None else max(verify, soonest)
