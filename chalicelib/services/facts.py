"""What an event says of its report: when the report was filed, changed and resolved.

Instants are RFC 3339 text with offset, days `YYYY-MM-DD` of the instance's zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_bounds, day_of
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN
from chalicelib.domain.visibility import slot
from chalicelib.store.feed import FeedEvent

STATUS_TYPES = frozenset({"accepted", "imported", "status"})
"""Events that make a report or change its status."""

MOVED_TYPES = frozenset({"transfer", "location"})
"""Events that give a report another unit or place, and leave its status as it is."""

FOLDED_TYPES = STATUS_TYPES | MOVED_TYPES
"""Events that make or change what is published of a report; others (questions, pauses) leave it as it is."""

_MINUTE = len("2026-11-22T13:05")


def created_at(event: FeedEvent, zone: ZoneInfo) -> str | None:
    """Return when the report counts as filed, from its first event; None from a later one.

    An imported report knows its day but no hour: it counts from the day's beginning; one of the very day
    of the import from the import on, lest it appear on the map before its delay is over.
    """
    if event.type == "accepted":
        return event.at
    if event.type != "imported" or event.day is None:
        return None
    return event.at if event.day == day_at(event.at, zone) else day_start(event.day, zone)


def changed_at(event: FeedEvent, zone: ZoneInfo) -> str:
    """Return since when the report has stood as the event left it.

    An imported report changed on the day on which it was resolved, or was never changed.
    """
    if event.type != "imported":
        return event.at
    if event.resolved_day is not None:
        return day_start(event.resolved_day, zone)
    return created_at(event, zone) or event.at


def resolved_day(event: FeedEvent, zone: ZoneInfo) -> str | None:
    """Return the day on which the event closed the case; None where it did not."""
    if event.type == "imported":
        return event.resolved_day
    return None if Status(event.status) in OPEN else day_at(event.at, zone)


def slot_at(instant: str | None, zone: ZoneInfo) -> str | None:
    """Return the slot of an instant of filing, which does not tell the minute; None for None."""
    # Within a minute only its very first instant can belong to an earlier slot.
    return instant and _slot(instant[:_MINUTE], bool(instant[_MINUTE : _MINUTE + 7].strip(":.0+Z")), zone)


def day_at(instant: str, zone: ZoneInfo) -> str:
    """Return the local day of an instant in UTC."""
    return _local_day(instant[:_MINUTE], zone)


@lru_cache(maxsize=4096)
def _local_day(minute: str, zone: ZoneInfo) -> str:
    return day_of(datetime.fromisoformat(minute).replace(tzinfo=UTC), zone).isoformat()


@lru_cache(maxsize=4096)
def _slot(minute: str, past: bool, zone: ZoneInfo) -> str:  # noqa: FBT001 - a part of the cache's key
    return slot(datetime.fromisoformat(minute).replace(tzinfo=UTC, second=int(past)), zone).isoformat()


@lru_cache(maxsize=65536)
def day_start(day: str, zone: ZoneInfo) -> str:
    """Return the first instant of a local day, in UTC."""
    return day_bounds(date.fromisoformat(day), zone)[0].isoformat()
