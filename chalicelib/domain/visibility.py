"""Who sees a report, how exactly, from when and until when: one table for map, page and exports.

Sources: the days are those of the national map (7 days grey, one calendar month eliminated, both
to midnight), the precision and the delays are this project's, so that a point on the map neither
leads to a person nor to the reporter who still stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_bounds, day_of, full_hour_from, month_later, next_midnight
from chalicelib.domain.catalogue import Category, Sensitivity
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.retention import row_expires
from chalicelib.domain.steps import Reason


class Shown(StrEnum):
    """How exactly the public sees a report: a fine cell, a coarse one, in totals only, or not."""

    EXACT = "exact"
    COARSE = "coarse"
    AGGREGATE = "aggregate"
    NEVER = "never"


class Lasts(StrEnum):
    """How long a status stays on the map after the last change."""

    ALWAYS = "always"
    SEVEN_DAYS = "seven_days"
    ONE_MONTH = "one_month"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class StatusRule:
    """What a status means to the public.

    `held` tells whether it is also shown of reports that only a confirmation makes public: those
    of the second tier, and of categories marked so. `counted` tells whether a report enters the
    statistics, `counted_held` the same for the second tier.
    """

    lasts: Lasts
    held: bool
    counted: bool
    counted_held: bool


STATUS_RULES = MappingProxyType(
    {
        Status.NEW: StatusRule(Lasts.ALWAYS, held=False, counted=True, counted_held=False),
        Status.VERIFYING: StatusRule(Lasts.ALWAYS, held=False, counted=True, counted_held=False),
        Status.CONFIRMED: StatusRule(Lasts.ALWAYS, held=True, counted=True, counted_held=True),
        Status.PASSED_ON: StatusRule(Lasts.ALWAYS, held=True, counted=True, counted_held=True),
        Status.UNCONFIRMED: StatusRule(Lasts.SEVEN_DAYS, held=False, counted=True, counted_held=False),
        Status.ELIMINATED: StatusRule(Lasts.ONE_MONTH, held=True, counted=True, counted_held=True),
        Status.JOKE: StatusRule(Lasts.NEVER, held=False, counted=False, counted_held=False),
        Status.WITHDRAWN: StatusRule(Lasts.NEVER, held=False, counted=False, counted_held=False),
        Status.MERGED: StatusRule(Lasts.NEVER, held=False, counted=False, counted_held=False),
    }
)
"""Status by status; the age comes from `Lasts`, the precision from `CLASS_SHOWN`."""

CLASS_SHOWN = MappingProxyType(
    {
        Sensitivity.ORDINARY: Shown.EXACT,
        Sensitivity.VULNERABLE: Shown.COARSE,
        Sensitivity.HIDDEN: Shown.AGGREGATE,
    }
)
"""How exactly a report of each class is shown where its status and age allow it at all."""

NOT_COUNTED = frozenset({Reason.NOT_A_THREAT})
"""Verdicts that take a report out of the statistics whatever its status."""

DELAY = timedelta(minutes=30)
"""A report appears at the first full hour that is at least so long after its filing, or later."""

SMALL_CELL = 5
"""The fewest reports that a published figure about vulnerable or hidden categories may rest on."""


@dataclass(frozen=True, slots=True)
class Case:
    """What visibility depends on; `created` and `changed` are aware instants."""

    category: Category
    status: Status
    tier: Tier
    created: datetime
    changed: datetime


def public_from(category: Category, created: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, before which nobody but the police sees a report.

    Every report waits for the full hour, a vulnerable one for the next local day as well.
    """
    full_hour = full_hour_from(created + DELAY, zone)
    if category.sensitivity is Sensitivity.ORDINARY:
        return full_hour
    return max(full_hour, next_midnight(created, zone))


def public_until(status: Status, changed: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the local midnight, in UTC, at which a case leaves the map; None for no end.

    A case that is never on the map has left it when it changed.
    """
    last = _last_day(status, day_of(changed, zone))
    if last is None:
        return None if STATUS_RULES[status].lasts is Lasts.ALWAYS else changed
    return day_bounds(last, zone)[1]


def shown(case: Case, now: datetime, zone: ZoneInfo) -> Shown:
    """Return how exactly the public sees a case at `now`, on the map and on its page alike."""
    if not _ever_shown(case) or now < public_from(case.category, case.created, zone):
        return Shown.NEVER
    until = public_until(case.status, case.changed, zone)
    if until is not None and now >= until:
        return Shown.NEVER
    return CLASS_SHOWN[case.category.sensitivity]


def is_public(case: Case, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether a case has a point on the map and a public page at `now`."""
    return shown(case, now, zone) in {Shown.EXACT, Shown.COARSE}


def in_exports(case: Case, today: date, zone: ZoneInfo) -> bool:
    """Tell whether a case has a row in the exports of `today`.

    It has while it may be on the map, and for `retention.ROW_YEARS` years after it left.
    """
    if not _ever_shown(case) or case.category.sensitivity is Sensitivity.HIDDEN:
        return False
    if day_of(public_from(case.category, case.created, zone), zone) > today:
        return False
    last = _last_day(case.status, day_of(case.changed, zone))
    return last is None or today < row_expires(last)


def counted(category: Category, status: Status, reason: str | None, tier: Tier) -> bool:
    """Tell whether a case enters the statistics; `reason` is that of its latest step.

    What is public only once it is confirmed is counted only then: a count in a small cell would tell as much.
    """
    if reason in NOT_COUNTED:
        return False
    rule = STATUS_RULES[status]
    return rule.counted_held if _needs_confirmation(category, tier) else rule.counted


def _needs_confirmation(category: Category, tier: Tier) -> bool:
    return tier is Tier.HELD or category.public_after_confirmation


def _ever_shown(case: Case) -> bool:
    rule = STATUS_RULES[case.status]
    if rule.lasts is Lasts.NEVER:
        return False
    return rule.held or not _needs_confirmation(case.category, case.tier)


def _last_day(status: Status, changed: date) -> date | None:
    match STATUS_RULES[status].lasts:
        case Lasts.SEVEN_DAYS:
            return changed + timedelta(days=7)
        case Lasts.ONE_MONTH:
            return month_later(changed)
        case _:
            return None
