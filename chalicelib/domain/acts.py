"""What the police do with a case without giving a verdict, as data: in which statuses, and for which reasons.

Source: the guidelines know the transfer to another unit and let the clock stand only for a recorded reason; which
reasons there are is this project's list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_bounds, day_of
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN, Reason


class Act(StrEnum):
    """What is done; the value is the type of the event that tells it."""

    QUESTION = "question"
    TRANSFER = "transfer"
    LOCATION = "location"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Row:
    """In which statuses an act is possible, and the reasons that may be given; the first stands where none is.

    Every case that is open may be asked about, handed over and put where it belongs. The clock of a case stands only
    while it is being checked: taking a case up takes no weather.
    """

    act: Act
    statuses: frozenset[Status]
    reasons: tuple[Reason, ...] = ()


ACTS: tuple[Row, ...] = (
    Row(Act.QUESTION, OPEN),
    Row(Act.TRANSFER, OPEN, (Reason.OTHER_AREA, Reason.OTHER_UNIT)),
    Row(Act.LOCATION, OPEN, (Reason.PLACE_CORRECTED,)),
    Row(
        Act.PAUSE,
        frozenset({Status.VERIFYING}),
        (
            Reason.PAUSE_WEATHER,
            Reason.PAUSE_SEASON,
            Reason.PAUSE_ACCESS,
            Reason.PAUSE_OTHER_BODY,
            Reason.PAUSE_COURT,
        ),
    ),
    Row(Act.RESUME, frozenset({Status.VERIFYING}), (Reason.RESUMED,)),
)
"""Whatever is not here is not possible."""

LONGEST_PAUSE_DAYS = 60
PAUSES = 3
"""How often the clock of one case may be stopped."""

TRANSFER_HOURS = 24
"""What a unit that gets an untaken case has at least for taking it up."""

_BY_ACT = {row.act: row for row in ACTS}


def check(act: Act, status: Status, reason: str | None, field: str) -> Reason | None:
    """Return the reason that is recorded, or raise `Invalid` for `field` or ``reason``.

    `field` is the member of the request that a closed case cannot take.
    """
    row = _BY_ACT[act]
    if status not in row.statuses:
        raise Invalid([FieldFault(field, Fault.CLOSED if status not in OPEN else Fault.NOT_WANTED)])
    if reason is None:
        return next(iter(row.reasons), None)
    if reason not in row.reasons:
        raise Invalid([FieldFault("reason", Fault.REASON_NOT_ALLOWED, {"allowed": ", ".join(row.reasons)})])
    return Reason(reason)


def possible(status: Status) -> tuple[Act, ...]:
    """Return what may be done with a case in a status, in the order of the table."""
    return tuple(row.act for row in ACTS if status in row.statuses)


def pause_end(until: date, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the local midnight, in UTC, with which the day `until` begins and the clock goes on.

    Raises `Invalid` for the field ``until``: not after today, or more than `LONGEST_PAUSE_DAYS` ahead.
    """
    today = day_of(now, zone)
    if not today < until <= today + timedelta(days=LONGEST_PAUSE_DAYS):
        limits = {"minimum": 1, "maximum": LONGEST_PAUSE_DAYS}
        raise Invalid([FieldFault("until", Fault.OUT_OF_RANGE, limits)])
    return day_bounds(until, zone)[0]


def rules() -> dict[str, Any]:
    """Return the table and its limits as `/v1/rules` serves them."""
    return {
        "table": [
            {
                "do": row.act.value,
                "statuses": [status.value for status in Status if status in row.statuses],
                "reasons": [reason.value for reason in row.reasons],
            }
            for row in ACTS
        ],
        "pauses": PAUSES,
        "longest_pause_days": LONGEST_PAUSE_DAYS,
        "transfer_leaves_hours": TRANSFER_HOURS,
    }
