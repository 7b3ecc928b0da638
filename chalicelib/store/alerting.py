"""What the delivery of an alert reads besides the alert: the report it tells of, and where units get mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.store import keys
from chalicelib.store.models import EventItem, MainItem, ReportItem
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
    """The event that an alert tells of: when, why, and which answer of the reporter's it was."""

    at: datetime
    reason: str | None
    answer: str | None


def event(report: str, sequence: int) -> Event | None:
    """Read one event of a report; `None` when there is none."""
    try:
        item = EventItem.get(keys.report(report), keys.event(sequence))
    except EventItem.DoesNotExist:
        return None
    return Event(datetime.fromisoformat(item.at), item.reason, item.answer)


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


def addresses(unit: str) -> list[str]:
    """Return where a unit gets mail; empty where nothing is known of it."""
    try:
        return list(UnitItem.get(keys.unit(unit), keys.META).addresses)
    except UnitItem.DoesNotExist:
        return []


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
