"""What a reporter may do by receipt, as data: which deed, in which status, on which days.

Source: the deeds are the public contract's; the days are this project's. Four weeks after a threat is said to be gone
its reporter knows whether it is, eight weeks after it a new report tells more than an old one. For how long a receipt
opens its case is the table of retention's to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_bounds, day_of
from chalicelib.domain.report import Status
from chalicelib.domain.retention import Kept, goes_on
from chalicelib.domain.steps import OPEN


class Deed(StrEnum):
    """What a reporter can do."""

    WITHDRAW = "withdraw"
    ANSWER = "answer"
    GONE = "gone"
    STILL_THERE = "still_there"


class Answer(StrEnum):
    """The kinds of answer: two that need no words, and words."""

    GONE = "gone"
    STILL_THERE = "still_there"
    TEXT = "text"


class Asks(StrEnum):
    """Who asks: the police in their own words, or the map whether the threat is gone."""

    POLICE = "police"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Rule:
    """A deed is possible in a status, from the start of one local day to the end of another.

    Days are counted from the day on which the case was closed, which is day 0; None means that no day limits it.
    """

    deed: Deed
    status: Status
    first_day: int | None = None
    last_day: int | None = None


RULES: tuple[Rule, ...] = (
    Rule(Deed.WITHDRAW, Status.NEW),
    *(Rule(Deed.ANSWER, status) for status in Status if status in OPEN),
    Rule(Deed.GONE, Status.ELIMINATED, 28, 56),
    Rule(Deed.STILL_THERE, Status.UNCONFIRMED, 0, 7),
    Rule(Deed.STILL_THERE, Status.ELIMINATED, 0, 56),
)
"""Whatever is not here is not possible. To answer takes a question as well: see `may`."""

QUESTIONS = 1
"""How often the police may ask in one case."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules look at in a case.

    `changed` is when it was closed, or accepted; `asked` tells that the police have asked, `answered` that the reporter
    has replied to them, `gone` that the reporter has said of this very removal that the threat is gone.
    """

    status: Status
    changed: datetime
    asked: bool = False
    answered: bool = False
    gone: bool = False


def may(case: Standing, now: datetime, zone: ZoneInfo) -> tuple[Deed, ...]:
    """Return what the reporter can do at `now`, in the order of the table."""
    return tuple(rule.deed for rule in RULES if _fits(rule, case, now, zone) and _is_wanted(rule.deed, case))


def asks(case: Standing, now: datetime, zone: ZoneInfo) -> Asks | None:
    """Return which question is open at `now`; None where nobody asks."""
    possible = may(case, now, zone)
    if Deed.ANSWER in possible:
        return Asks.POLICE
    return Asks.GONE if Deed.GONE in possible else None


def begins(deed: Deed, case: Standing, zone: ZoneInfo) -> datetime | None:
    """Return the local midnight, in UTC, from which a deed is possible; None where no day limits it."""
    first = next((rule.first_day for rule in RULES if (rule.deed, rule.status) == (deed, case.status)), None)
    return None if first is None else _midnight(case, first, zone)


def until(deed: Deed, case: Standing, zone: ZoneInfo) -> datetime | None:
    """Return the local midnight, in UTC, at which a deed ends by time alone; None where none does."""
    last = next((rule.last_day for rule in RULES if (rule.deed, rule.status) == (deed, case.status)), None)
    return None if last is None else _midnight(case, last + 1, zone)


def expires(accepted: datetime, zone: ZoneInfo) -> datetime:
    """Return the local midnight, in UTC, from which the receipt of a report opens nothing."""
    return day_bounds(goes_on(Kept.RECEIPT, Status.NEW, day_of(accepted, zone)), zone)[0]


def _fits(rule: Rule, case: Standing, now: datetime, zone: ZoneInfo) -> bool:
    if rule.status is not case.status:
        return False
    if rule.first_day is not None and now < _midnight(case, rule.first_day, zone):
        return False
    return rule.last_day is None or now < _midnight(case, rule.last_day + 1, zone)


def _is_wanted(deed: Deed, case: Standing) -> bool:
    if deed is Deed.ANSWER:
        return case.asked and not case.answered
    return deed is not Deed.GONE or not case.gone


def _midnight(case: Standing, days: int, zone: ZoneInfo) -> datetime:
    return day_bounds(day_of(case.changed, zone) + timedelta(days=days), zone)[0]
