"""How long things are kept: the table that `/v1/rules` serves, the privacy page draws and the code obeys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from chalicelib.domain.calendar import months_later
from chalicelib.domain.report import Status


class Kept(StrEnum):
    """What is kept for a time that is promised to the public."""

    TEXT = "text"
    PHOTO = "photo"
    PLACE = "place"
    RECEIPT = "receipt"
    ROW = "row"
    DEVICE = "device"
    PSEUDONYM = "pseudonym"
    SUBSCRIPTION = "subscription"
    BUILD = "build"
    LOG = "log"
    AUDIT = "audit"
    PLAN = "plan"
    AGGREGATE = "aggregate"


class Unit(StrEnum):
    """The measure of a promise."""

    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    EVER = "ever"


class Since(StrEnum):
    """What the time is counted from."""

    CLOSING = "closing"
    ACCEPTANCE = "acceptance"
    LEAVING_MAP = "leaving_map"
    WINDOW = "window"
    SIGNING_UP = "signing_up"
    REPLACEMENT = "replacement"
    WRITING = "writing"


class Then(StrEnum):
    """What becomes of it afterwards: it is erased, made coarse, or opens nothing any more."""

    ERASED = "erased"
    COARSE = "coarse"
    CLOSED = "closed"
    KEPT = "kept"


class By(StrEnum):
    """Whose work keeps a promise: a step of the night, the morning's mails, whoever opens a receipt, or the logs."""

    ERASING = "nightly_erasing"
    PURGE = "nightly_purge"
    SWEEP = "nightly_sweep"
    MAILS = "daily_mails"
    READING = "every_reading"
    LOG_GROUPS = "log_groups"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Retention:
    """One promise: what is kept, how long, counted from when, and what becomes of it then.

    `length` is 0 where it goes in the next night, or stays for ever. `statuses` narrows it to cases that stand so.
    """

    kept: Kept
    length: int
    unit: Unit
    since: Since
    then: Then = Then.ERASED
    statuses: tuple[Status, ...] = ()


DEVICE_HOURS = 48
"""The hash of a device and the salt of its day: deleted in the night that follows; the store's own
expiry at this age is the second line."""

BUILD_HOURS = 48
"""A superseded build of the published files, so that a slow reader can finish with it."""

WORD_DAYS = 30
"""Texts, answers and photos, and what an institution sees of a case, after the case was closed."""

PLACE_MONTHS = 12
"""The exact place, after the case was closed; then the centre of its cell stands for it."""

RECEIPT_MONTHS = 12
"""What a receipt opens, after the report was accepted."""

ROW_YEARS = 5
"""A public row in the exports, after its report has left the map; then the case itself goes, but for its number."""

WINDOW_DAYS = 28
"""What tells within one square kilometre whether two reports come from one device."""

UNCONFIRMED_DAYS = 7
"""A subscription that nobody has confirmed."""

LOG_DAYS = 30
"""What the functions and the gateway write about their work."""

AUDIT_YEARS = 2
"""Which officer's login read or did what: as long as a supervision may ask."""

PLAN_YEARS = 1
"""A week's patrol plan, which names reports: so long that it can be compared with the same weeks a year ago."""

RETENTION: tuple[Retention, ...] = (
    Retention(Kept.TEXT, WORD_DAYS, Unit.DAYS, Since.CLOSING),
    Retention(Kept.TEXT, 0, Unit.DAYS, Since.CLOSING, statuses=(Status.WITHDRAWN,)),
    Retention(Kept.PHOTO, WORD_DAYS, Unit.DAYS, Since.CLOSING),
    Retention(Kept.PHOTO, 0, Unit.DAYS, Since.CLOSING, statuses=(Status.WITHDRAWN,)),
    Retention(Kept.PLACE, PLACE_MONTHS, Unit.MONTHS, Since.CLOSING, Then.COARSE),
    Retention(Kept.RECEIPT, RECEIPT_MONTHS, Unit.MONTHS, Since.ACCEPTANCE, Then.CLOSED),
    Retention(Kept.ROW, ROW_YEARS, Unit.YEARS, Since.LEAVING_MAP),
    Retention(Kept.DEVICE, DEVICE_HOURS, Unit.HOURS, Since.WRITING),
    Retention(Kept.PSEUDONYM, WINDOW_DAYS, Unit.DAYS, Since.WINDOW),
    Retention(Kept.SUBSCRIPTION, UNCONFIRMED_DAYS, Unit.DAYS, Since.SIGNING_UP),
    Retention(Kept.BUILD, BUILD_HOURS, Unit.HOURS, Since.REPLACEMENT),
    Retention(Kept.LOG, LOG_DAYS, Unit.DAYS, Since.WRITING),
    Retention(Kept.AUDIT, AUDIT_YEARS, Unit.YEARS, Since.WRITING),
    Retention(Kept.PLAN, PLAN_YEARS, Unit.YEARS, Since.WRITING),
    Retention(Kept.AGGREGATE, 0, Unit.EVER, Since.WRITING, Then.KEPT),
)
"""Every promise. Of two rows about the same thing the one that names the case's status holds."""


KEEPERS: Mapping[Kept, By] = MappingProxyType(
    {
        Kept.TEXT: By.ERASING,
        Kept.PHOTO: By.ERASING,
        Kept.PLACE: By.ERASING,
        Kept.ROW: By.ERASING,
        Kept.RECEIPT: By.READING,
        Kept.DEVICE: By.PURGE,
        Kept.PSEUDONYM: By.PURGE,
        Kept.SUBSCRIPTION: By.MAILS,
        Kept.BUILD: By.SWEEP,
        Kept.LOG: By.LOG_GROUPS,
        Kept.AUDIT: By.PURGE,
        Kept.PLAN: By.SWEEP,
        Kept.AGGREGATE: By.NOBODY,
    }
)
"""Who keeps each promise; the row is kept by the export of the same night, too."""


def goes_on(kept: Kept, status: Status, since: date) -> date:
    """Return the first local day in whose night a thing goes that has been counted since a day.

    The days, months or years are whole ones: what is kept for 30 days since the 1st goes in the night to the 32nd.
    """
    rows = [row for row in RETENTION if row.kept is kept and (not row.statuses or status in row.statuses)]
    row = max(rows, key=lambda row: bool(row.statuses))
    match row.unit:
        case Unit.DAYS:
            last = since + timedelta(days=row.length)
        case Unit.MONTHS:
            last = months_later(since, row.length)
        case Unit.YEARS:
            last = months_later(since, 12 * row.length)
        case _:
            raise ValueError(f"{kept} is not counted in local days")
    return last + timedelta(days=1)


def audit_days(first: date, night: date) -> list[date]:
    """Return the local days whose audit goes in the nights from `first` to `night`, the oldest first."""
    longest = (night - first).days + 366 * AUDIT_YEARS + 1
    days = (night - timedelta(days=number) for number in range(longest, 365 * AUDIT_YEARS - 1, -1))
    return [day for day in days if first <= goes_on(Kept.AUDIT, Status.NEW, day) <= night]


def row_expires(left_map: date) -> date:
    """Return the first day on which a row is no longer exported."""
    return goes_on(Kept.ROW, Status.NEW, left_map)
