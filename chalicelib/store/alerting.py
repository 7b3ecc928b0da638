"""What the delivery of an alert reads besides the alert: the report it tells of, and where units get mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.alerting import MAILS_PER_HOUR
from chalicelib.store import keys
from chalicelib.store.models import EventItem, MainItem, ReportItem, SightingItem
from chalicelib.store.unit_items import UnitItem


@dataclass(frozen=True, slots=True)
class Told:
    """What an alert may tell of a report: everything but the reporter's words, of which it says only that they exist.

    Coordinates are whole millionths of a degree, instants are in UTC, `cell` is the H3 index of resolution 11.
    """

    unit: str
    category: str
    status: str
    lat6: int
    lon6: int
    cell: str
    area: str
    boundaries: str
    created: datetime
    due_take_up: datetime | None
    due_verify: datetime | None
    occurred: datetime | None
    days: tuple[int, ...]
    parts: tuple[str, ...]
    has_text: bool
    tier: int


@dataclass(frozen=True, slots=True)
class Event:
    """The event that an alert tells of: when, why, which answer it was, and which body it names."""

    at: datetime
    reason: str | None
    answer: str | None
    body: str | None
    partner: str | None


def event(report: str, sequence: int) -> Event | None:
    """Read one event of a report; `None` when there is none."""
    try:
        item = EventItem.get(keys.report(report), keys.event(sequence))
    except EventItem.DoesNotExist:
        return None
    return Event(datetime.fromisoformat(item.at), item.reason, item.answer, item.addressee, item.partner)


def told(report: str) -> Told | None:
    """Read a report consistently; `None` when there is none."""
    try:
        item = MainItem.get(keys.report(report), keys.REPORT, consistent_read=True)
    except MainItem.DoesNotExist:
        return None
    if not isinstance(item, ReportItem):
        return None
    return Told(
        unit=item.unit,
        category=item.category,
        status=item.status,
        lat6=int(item.lat6),
        lon6=int(item.lon6),
        cell=item.cell,
        area=item.area,
        boundaries=item.boundaries,
        created=datetime.fromisoformat(item.created),
        due_take_up=_moment(item.due_take_up),
        due_verify=_moment(item.due_verify),
        occurred=_moment(item.occurred),
        days=tuple(sorted(int(day) for day in item.days or ())),
        parts=tuple(sorted(item.parts or ())),
        has_text=bool(item.text),
        tier=int(item.tier),
    )


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a unit and its chief get mail, without the addresses that take none, and how many mails within an hour.

    `flagged` tells whether there would be more, had none come back.
    """

    addresses: tuple[str, ...] = ()
    chief: tuple[str, ...] = ()
    mails_per_hour: int = MAILS_PER_HOUR
    flagged: bool = False


def mailbox(unit: str) -> Mailbox:
    """Return a unit's mailbox; empty where nothing is known of it."""
    try:
        item = UnitItem.get(keys.unit(unit), keys.META)
    except UnitItem.DoesNotExist:
        return Mailbox()
    flagged = item.flagged or frozenset[str]()
    limit = MAILS_PER_HOUR if item.mails_per_hour is None else min(int(item.mails_per_hour), MAILS_PER_HOUR)
    return Mailbox(
        tuple(address for address in item.addresses if address not in flagged),
        tuple(address for address in item.chief or () if address not in flagged),
        limit,
        flagged=bool(flagged),
    )


def sources(report: str) -> int:
    """Return how many independent sources name a case: its reporter, and whoever saw it too."""
    span = MainItem.sk.startswith(keys.sighting(""))
    return 1 + sum(int(item.sources) for item in SightingItem.query(keys.report(report), span))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
