"""What of a closed case goes in which night, by the tables of retention and of visibility."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from chalicelib.domain.report import Status
from chalicelib.domain.retention import Kept, goes_on
from chalicelib.domain.steps import OPEN
from chalicelib.domain.visibility import last_day

PARTS = (Kept.TEXT, Kept.PHOTO, Kept.PLACE, Kept.ROW)
"""What goes of a case, in this order; the row takes the whole case with it, but for its number and its events."""

CLOSED = tuple(status for status in Status if status not in OPEN)

_DAY, _NONE, _SHIFT = timedelta(days=1), timedelta(0), timedelta(days=7)


def goes(part: Kept, status: Status, closed: date) -> date:
    """Return the local day in whose night a part of a case goes that was closed on a local day."""
    since = closed if part is not Kept.ROW else last_day(status, closed) or closed
    return goes_on(part, status, since)


def due(status: Status, closed: date, today: date) -> frozenset[Kept]:
    """Return the parts of a closed case that must not be there any more after the night of `today`."""
    return frozenset(part for part in PARTS if goes(part, status, closed) <= today)


def closing_days(after: date, today: date, parts: Sequence[Kept] = PARTS) -> list[date]:
    """Return the days of closing of which a part goes in the nights after `after` up to that of `today`, sorted."""
    return sorted({day for part in parts for status in CLOSED for day in _closings(part, status, after, today)})


def _closings(part: Kept, status: Status, after: date, today: date) -> Iterator[date]:
    # The later a case was closed, the later its parts go; months of several lengths shift that by three days at most.
    day = today
    while (ahead := goes(part, status, day) - today) > _NONE:
        day -= max(_DAY, ahead - _SHIFT)
    while goes(part, status, day) > after:
        yield day
        day -= _DAY
