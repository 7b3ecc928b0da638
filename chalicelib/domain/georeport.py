"""The two states and the days of Open311 GeoReport v2, told from this map's own.

The standard knows a request as open or closed and by instants; this map has more statuses, and days are the finest
time that the public sees. An instant in an answer is therefore always the first of a local day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.report import Status

SPAN_DAYS = 90
"""How many days a search may reach over, and does if nothing is said (the standard's "GET Service Requests")."""


class State(StrEnum):
    """What the standard calls the status of a request."""

    OPEN = "open"
    CLOSED = "closed"


STATES = MappingProxyType(
    {
        Status.NEW: State.OPEN,
        Status.VERIFYING: State.OPEN,
        Status.CONFIRMED: State.OPEN,
        Status.PASSED_ON: State.OPEN,
        Status.UNCONFIRMED: State.CLOSED,
        Status.ELIMINATED: State.CLOSED,
        Status.JOKE: State.CLOSED,
        Status.WITHDRAWN: State.CLOSED,
        Status.MERGED: State.CLOSED,
    }
)
"""The state of each status; what is closed without ever being public is here too, so that the table is whole."""


def statuses_of(states: frozenset[State]) -> frozenset[Status]:
    """Return the statuses that the standard tells by these states."""
    return frozenset(status for status, state in STATES.items() if state in states)


def instant_of(day: date, zone: ZoneInfo) -> str:
    """Return the first instant of a local day with its offset, as the W3C's note on dates has it."""
    return datetime.combine(day, time.min, tzinfo=zone).isoformat()


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of filing, first and last included."""

    first: date
    last: date

    @classmethod
    def of(cls, start: datetime | None, end: datetime | None, today: date, zone: ZoneInfo) -> Period:
        """Return the days from `start` to `end` (aware); one that is missing is `SPAN_DAYS` from the other or today.

        Raises `Invalid` where the end is before the start, or more than `SPAN_DAYS` days after it.
        """
        span = timedelta(days=SPAN_DAYS)
        first = None if start is None else day_of(start, zone)
        last = None if end is None else day_of(end, zone)
        if last is None:
            last = today if first is None else min(max(today, first), first + span)
        if first is None:
            first = last - span
        if last < first:
            raise Invalid([FieldFault("end_date", Fault.EARLIER, {"other": "start_date"})])
        if last - first > span:
            raise Invalid([FieldFault("end_date", Fault.PERIOD_TOO_LONG, {"days": SPAN_DAYS})])
        return cls(first, last)
