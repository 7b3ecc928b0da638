"""What a report is: its words of state, what is filed, and what is kept of it.

Limits and names are the public contract's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from chalicelib.domain.calendar import Part
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault

OLDEST_OCCURRENCE = timedelta(days=30)
"""How long ago the thing reported may have happened."""

CLOCK_SKEW = timedelta(minutes=5)
"""How far a reporter's clock may run ahead of ours."""


class Status(StrEnum):
    """Where a case stands: the police guidelines' seven, and two that leave the map."""

    NEW = "new"
    VERIFYING = "verifying"
    CONFIRMED = "confirmed"
    PASSED_ON = "passed_on"
    UNCONFIRMED = "unconfirmed"
    ELIMINATED = "eliminated"
    JOKE = "joke"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Tier(IntEnum):
    """How far a report is believed before an officer has seen it.

    The second tier takes what comes over a soft budget: accepted, but not public until confirmed.
    """

    ORDINARY = 1
    HELD = 2


class Origin(StrEnum):
    """How a report came in: filed by a person, or loaded in bulk."""

    WEB = "web"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Pattern:
    """When a thing keeps happening: ISO weekdays (1 is Monday) and parts of those days."""

    days: tuple[int, ...]
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, days: Iterable[int], parts: Iterable[str]) -> Pattern:
        """Return the pattern in calendar order.

        Raises `Invalid` with every fault: nothing chosen, a value that is no weekday or part,
        a value given twice.
        """
        days, parts = list(days), list(parts)
        faults = [
            *_choice_faults("pattern.days", days, list(range(1, 8))),
            *_choice_faults("pattern.parts", parts, [part.value for part in Part]),
        ]
        if faults:
            raise Invalid(faults)
        return cls(tuple(sorted(days)), tuple(part for part in Part if part in parts))


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report as it is filed, read and clean, before it has a place, a unit or an id.

    `lat` and `lon` are WGS 84 degrees; `occurred_at` is aware; `description` has passed
    `text.clean`; `acknowledge` are the ids of the duplicates that the reporter has been shown.
    """

    category: str
    lat: float
    lon: float
    occurred_at: datetime | None = None
    pattern: Pattern | None = None
    description: str | None = None
    acknowledge: tuple[str, ...] = ()


def occurrence_faults(occurred_at: datetime, now: datetime) -> list[FieldFault]:
    """Return what is wrong with the time at which a thing is said to have happened."""
    if occurred_at < now - OLDEST_OCCURRENCE:
        return [FieldFault("occurred_at", Fault.TOO_OLD, {"days": OLDEST_OCCURRENCE.days})]
    if occurred_at > now + CLOCK_SKEW:
        return [FieldFault("occurred_at", Fault.IN_THE_FUTURE)]
    return []


def _choice_faults(field: str, chosen: Sequence[object], allowed: Sequence[object]) -> list[FieldFault]:
    if not chosen:
        return [FieldFault(field, Fault.EMPTY)]
    if any(value not in allowed for value in chosen):
        return [FieldFault(field, Fault.UNKNOWN_VALUE, {"allowed": ", ".join(map(str, allowed))})]
    if len(set(chosen)) < len(chosen):
        return [FieldFault(field, Fault.REPEATED)]
    return []
