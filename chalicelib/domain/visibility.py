"""Who sees a report, where, how exactly, from when and until when: one table for every public surface.

Sources: the days are those of the national map (7 days grey, one calendar month eliminated, both
to midnight), the precision and the delays are this project's, so that a point on the map neither
leads to a person nor to the reporter who still stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_bounds, day_of, full_hour_from, month_later, next_midnight
from chalicelib.domain.catalogue import Category, Sensitivity
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.retention import row_expires
from chalicelib.domain.steps import Reason


class Shown(StrEnum):
    """How exactly the public sees a report: a fine cell, a coarse one, in totals only, or not.

    Of counts: in full, from `SMALL_CELL` on and coarsened, in totals of an area from `SMALL_CELL` on, or not.
    """

    EXACT = "exact"
    COARSE = "coarse"
    AGGREGATE = "aggregate"
    NEVER = "never"


class Surface(StrEnum):
    """Where the public may meet a report.

    `PAGE` is what answers to whoever has the report's unguessable id; `MAP` is wherever reports are listed or
    told of to others: map, search by place, possible duplicates, lists of Open311, e-mails to subscribers;
    `ROW` is a row of the exports, `COUNT` a part of a number.
    """

    PAGE = "page"
    MAP = "map"
    ROW = "row"
    COUNT = "count"


class Begins(StrEnum):
    """From when: at once, at a full hour `DELAY` after filing or later, that and the next local day, midnight."""

    AT_ONCE = "at_once"
    FULL_HOUR = "full_hour"
    NEXT_DAY = "next_day"
    MIDNIGHT = "midnight"


class Lasts(StrEnum):
    """How long a status stays on the map after the last change, to midnight."""

    ALWAYS = "always"
    SEVEN_DAYS = "seven_days"
    ONE_MONTH = "one_month"
    NEVER = "never"


class Ends(StrEnum):
    """When a surface forgets: when the case leaves the map, `retention.ROW_YEARS` years later, or never."""

    WITH_MAP = "with_map"
    FIVE_YEARS_LATER = "five_years_later"
    NEVER = "never"


DELAY = timedelta(minutes=30)
"""A report appears at the first full hour that is at least so long after its filing, or later."""

SMALL_CELL = 5
"""The fewest reports that a published figure about vulnerable or hidden categories may rest on."""

NOT_COUNTED = frozenset({Reason.NOT_A_THREAT})
"""Verdicts that take a report out of the statistics whatever its status."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one surface shows, and from when."""

    shown: Shown
    begins: Begins


@dataclass(frozen=True, slots=True)
class Row:
    """What the public sees of the reports of one class in these statuses.

    `held` are those that only an officer's confirmation makes public: of the second tier, or of a category marked so.
    """

    sensitivity: Sensitivity
    held: bool
    statuses: tuple[Status, ...]
    sights: tuple[Sight, Sight, Sight, Sight]
    lasts: Lasts

    def sight(self, surface: Surface) -> Sight:
        """Return what a surface shows."""
        return self.sights[_ORDER[surface]]


_ORDER = {surface: number for number, surface in enumerate(Surface)}

_OPEN = (Status.NEW, Status.VERIFYING, Status.CONFIRMED, Status.PASSED_ON)
_BELIEVED = (Status.CONFIRMED, Status.PASSED_ON)
_EXACT = Sight(Shown.EXACT, Begins.FULL_HOUR)
_COARSE = Sight(Shown.COARSE, Begins.NEXT_DAY)
_UNSEEN = Sight(Shown.NEVER, Begins.NEXT_DAY)

# Surface by surface: page, map, row, count.
_OF_THINGS = (Sight(Shown.EXACT, Begins.AT_ONCE), _EXACT, _EXACT, Sight(Shown.EXACT, Begins.MIDNIGHT))
_OF_PEOPLE = (_COARSE, _COARSE, _COARSE, Sight(Shown.COARSE, Begins.MIDNIGHT))
_OF_SECRETS = (_UNSEEN, _UNSEEN, _UNSEEN, Sight(Shown.AGGREGATE, Begins.MIDNIGHT))

TABLE = (
    Row(Sensitivity.ORDINARY, False, _OPEN, _OF_THINGS, Lasts.ALWAYS),
    Row(Sensitivity.ORDINARY, False, (Status.UNCONFIRMED,), _OF_THINGS, Lasts.SEVEN_DAYS),
    Row(Sensitivity.ORDINARY, False, (Status.ELIMINATED,), _OF_THINGS, Lasts.ONE_MONTH),
    Row(Sensitivity.ORDINARY, True, _BELIEVED, _OF_THINGS, Lasts.ALWAYS),
    Row(Sensitivity.ORDINARY, True, (Status.ELIMINATED,), _OF_THINGS, Lasts.ONE_MONTH),
    Row(Sensitivity.VULNERABLE, False, _OPEN, _OF_PEOPLE, Lasts.ALWAYS),
    Row(Sensitivity.VULNERABLE, False, (Status.UNCONFIRMED,), _OF_PEOPLE, Lasts.SEVEN_DAYS),
    Row(Sensitivity.VULNERABLE, False, (Status.ELIMINATED,), _OF_PEOPLE, Lasts.ONE_MONTH),
    Row(Sensitivity.VULNERABLE, True, _BELIEVED, _OF_PEOPLE, Lasts.ALWAYS),
    Row(Sensitivity.VULNERABLE, True, (Status.ELIMINATED,), _OF_PEOPLE, Lasts.ONE_MONTH),
    Row(Sensitivity.HIDDEN, False, (*_OPEN, Status.UNCONFIRMED, Status.ELIMINATED), _OF_SECRETS, Lasts.NEVER),
    Row(Sensitivity.HIDDEN, True, (*_BELIEVED, Status.ELIMINATED), _OF_SECRETS, Lasts.NEVER),
)
"""The whole table; what is not here is neither shown nor counted anywhere."""

SURFACE_ENDS = MappingProxyType(
    {
        Surface.PAGE: Ends.WITH_MAP,
        Surface.MAP: Ends.WITH_MAP,
        Surface.ROW: Ends.FIVE_YEARS_LATER,
        Surface.COUNT: Ends.NEVER,
    }
)
"""When each surface forgets a case."""

_ROWS = {(row.sensitivity, row.held, status): row for row in TABLE for status in row.statuses}
_LASTS = {status: row.lasts for row in TABLE if row.sensitivity is Sensitivity.ORDINARY for status in row.statuses}


@dataclass(frozen=True, slots=True)
class Case:
    """What visibility depends on; `created` and `changed` are aware instants, `reason` is the latest step's."""

    category: Category
    status: Status
    tier: Tier
    created: datetime
    changed: datetime
    reason: str | None = None


def shown(case: Case, now: datetime, zone: ZoneInfo, surface: Surface = Surface.MAP) -> Shown:
    """Return how exactly the public sees a case on a surface at `now`: the one answer for all of them."""
    lasting = span(case, zone, surface)
    if lasting is None or now < lasting[0] or (lasting[1] is not None and now >= lasting[1]):
        return Shown.NEVER
    return told(case.category, case.status, case.tier, case.reason, surface)


def span(case: Case, zone: ZoneInfo, surface: Surface = Surface.MAP) -> tuple[datetime, datetime | None] | None:
    """Return from when and until before when (UTC; None: no end) a surface shows a case as it is; None for never."""
    if told(case.category, case.status, case.tier, case.reason, surface) is Shown.NEVER:
        return None
    row = _ROWS[case.category.sensitivity, _held(case.category, case.tier), case.status]
    begins = _begins(row.sight(surface).begins, case.created, zone)
    return begins, _ends(SURFACE_ENDS[surface], case.status, case.changed, zone)


def told(category: Category, status: Status, tier: Tier, reason: str | None, surface: Surface) -> Shown:
    """Return how exactly a surface shows such a case in its time.

    What is public only once it is confirmed is counted only then, too: a count in a small cell would tell as much.
    """
    row = _ROWS.get((category.sensitivity, _held(category, tier), status))
    if row is None or (surface is Surface.COUNT and reason in NOT_COUNTED):
        return Shown.NEVER
    return row.sight(surface).shown


@cache
def finest(sensitivity: Sensitivity, surface: Surface = Surface.MAP) -> Shown:
    """Return the most that a surface ever shows of a class."""
    order = list(Shown)
    return min((row.sight(surface).shown for row in TABLE if row.sensitivity is sensitivity), key=order.index)


def is_public(case: Case, now: datetime, zone: ZoneInfo, surface: Surface = Surface.MAP) -> bool:
    """Tell whether a surface shows a case with a place at `now`."""
    return shown(case, now, zone, surface) in {Shown.EXACT, Shown.COARSE}


def public_from(category: Category, created: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which what was told of a class at `created` appears on the map at the earliest."""
    row = next(row for row in TABLE if row.sensitivity is category.sensitivity)
    return _begins(row.sight(Surface.MAP).begins, created, zone)


def public_until(status: Status, changed: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the local midnight, in UTC, at which a case leaves the map; None for no end.

    A case that is never on the map has left it when it changed.
    """
    last = last_day(status, day_of(changed, zone))
    if last is None:
        return None if _LASTS.get(status) is Lasts.ALWAYS else changed
    return day_bounds(last, zone)[1]


def last_day(status: Status, changed: date) -> date | None:
    """Return the last local day on which a case that changed on a day is on the map; None for no end, or never."""
    match _LASTS.get(status):
        case Lasts.SEVEN_DAYS:
            return changed + timedelta(days=7)
        case Lasts.ONE_MONTH:
            return month_later(changed)
        case _:
            return None


def slot(created: datetime, zone: ZoneInfo) -> datetime:
    """Return the last instant, in whole seconds, of the day that appears on the map together with `created`.

    It is all that anything published may depend on: whatever knows the slot alone cannot tell the minute.
    """
    last = full_hour_from(created + DELAY, zone) - DELAY
    return min(last, next_midnight(created, zone) - timedelta(seconds=1))


def _held(category: Category, tier: Tier) -> bool:
    return tier is Tier.HELD or category.public_after_confirmation


def _begins(rule: Begins, created: datetime, zone: ZoneInfo) -> datetime:
    match rule:
        case Begins.AT_ONCE:
            return created
        case Begins.FULL_HOUR:
            return full_hour_from(created + DELAY, zone)
        case Begins.NEXT_DAY:
            return max(full_hour_from(created + DELAY, zone), next_midnight(created, zone))
    # Begins.MIDNIGHT is what is left.
    return next_midnight(created, zone)


def _ends(rule: Ends, status: Status, changed: datetime, zone: ZoneInfo) -> datetime | None:
    last = last_day(status, day_of(changed, zone))
    if rule is Ends.NEVER or last is None:
        return None
    gone = last + timedelta(days=1) if rule is Ends.WITH_MAP else row_expires(last)
    return day_bounds(gone, zone)[0]
