"""What has changed on the public map in some local days: one line a report, and nothing that the map does not show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from chalicelib.domain.instance import Instance
from chalicelib.domain.subscription import Change
from chalicelib.services.facts import STATUS_TYPES
from chalicelib.services.points import Stage
from chalicelib.store import reports
from chalicelib.store.feed import Feed
from chalicelib.store.reports import Stored


def changes(feed: Feed, instance: Instance, days: Iterable[date], now: datetime) -> list[Change]:
    """Return the changes of local days that have ended, as the map shows them at `now`.

    The feed says which reports something happened to; how a report stands is read from the report itself, so that
    what was taken back since the day ended is not told. Whether it is shown, and where, is the map's own decision.
    """
    happened: dict[str, dict[int, tuple[str, int, str | None]]] = {}
    for day in days:
        for event in feed.day_events(day):
            if event.type in STATUS_TYPES:
                before = None if event.seq == 1 else event.from_status or ""
                happened.setdefault(event.id, {})[event.seq] = (day.isoformat(), event.seq, before)
    stage = Stage(instance)
    found = (_change(stored, happened[stored.id].values(), stage, now) for stored in reports.many(happened))
    return [change for change in found if change is not None]


def _change(
    stored: Stored, events: Iterable[tuple[str, int, str | None]], stage: Stage, now: datetime
) -> Change | None:
    point = stage.point(
        stored.id,
        stored.day,
        stored.cell,
        stored.category,
        stored.status,
        stored.tier,
        stored.created,
        stored.changed,
    )
    if point is None or not point.stands(int(now.timestamp())):
        return None
    units = stage.instance.units
    return Change(
        report=stored.id,
        category=stored.category,
        priority=stage.instance.catalogue.categories[stored.category].priority,
        status=stored.status,
        reason=stored.reason,
        lat=point.lat,
        lon=point.lon,
        powiat=stored.area,
        units=tuple(unit.code for unit in units.chain(stored.unit)) if stored.unit in units else (stored.unit,),
        events=tuple(sorted(events)),
    )


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the days from the first to the last, both included."""
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
