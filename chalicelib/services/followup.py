"""Following a report: what everybody may see of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain import sighting
from chalicelib.domain.calendar import Part, day_of
from chalicelib.domain.catalogue import Category
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import PublicLocation, metres, public_location
from chalicelib.domain.report import Pattern, Status, Tier
from chalicelib.domain.sighting import Sighting
from chalicelib.domain.units import Unit
from chalicelib.domain.visibility import Case, Surface, is_public, public_from
from chalicelib.services import around
from chalicelib.store import keys, reports
from chalicelib.store.reports import Stored

MAX_RADIUS_M = 2_000
MAX_FOUND = 50
WINDOW_DAYS = 90
"""How long ago a report may have been created that a search by place finds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A report as the public sees it. Days are local; there is no time of day finer than a part of it.

    `sighted` is known of a report that was asked for by its id, not of those in lists.
    """

    report: Stored
    category: Category
    unit: Unit
    location: PublicLocation
    created_day: date
    occurred_day: date | None
    resolved_day: date | None
    sighted: sighting.Seen | None = None
    recheck_day: date | None = None


@dataclass(frozen=True, slots=True)
class Nearby:
    """A public report and how far its public place is from the point asked for, in metres."""

    seen: Seen
    distance_m: float


def public_report(report: str, instance: Instance, now: datetime) -> Seen:
    """Return the public view of a report; raises `NotFound` alike for unknown, deleted and not public ones.

    The page of an ordinary report is there at once, for whoever has its unguessable id: see `visibility.TABLE`.
    """
    found = reports.sighted(report)
    seen = None if found is None else _seen(found[0], instance, now, Surface.PAGE)
    if found is None or seen is None:
        raise NotFound
    return replace(seen, sighted=publicly_sighted(*found, instance, now))


def witnessed_report(report: str, instance: Instance, now: datetime) -> tuple[Stored, tuple[Sighting, ...]]:
    """Return a report that has a public page, with all its sightings, for whoever is about to add one.

    Raises `NotFound` as `public_report` does; the read is consistent, so that it finds what was just added.
    """
    found = reports.sighted(report, consistent=True)
    if found is None or _seen(found[0], instance, now, Surface.PAGE) is None:
        raise NotFound
    return found


def listed_report(report: str, instance: Instance, now: datetime) -> Seen | None:
    """Return the public view of a report that may stand in lists and on the map now, None of any other."""
    found = reports.sighted(report)
    seen = None if found is None else _seen(found[0], instance, now)
    if found is None or seen is None:
        return None
    return replace(seen, sighted=publicly_sighted(*found, instance, now))


def on_map(report: Stored, instance: Instance, now: datetime) -> Seen | None:
    """Return the public view of a report that has been read, None of one that lists and map do not show now."""
    return _seen(report, instance, now)


def publicly_sighted(
    report: Stored, sightings: Iterable[Sighting], instance: Instance, now: datetime, own: str | None = None
) -> sighting.Seen:
    """Return how often and when a case was seen, as far as the public may know now.

    A sighting waits as long as a report does: whoever looked every minute would else learn when somebody stands
    there. `own` is the mark of the one that counts at once, for whoever made it.
    """
    category, zone = instance.catalogue.categories[report.category], instance.zone
    known = [each for each in sightings if each.mark == own or public_from(category, each.at, zone) <= now]
    return sighting.fold(reported_times(report, instance), known)


def reported_times(report: Stored, instance: Instance) -> sighting.Times:
    """Return the times that the report itself names."""
    pattern = Pattern(report.days, tuple(Part(part) for part in report.parts)) if report.days else None
    occurred = None if report.occurred is None else keys.moment(report.occurred)
    return sighting.of_report(occurred, pattern, instance.zone)


def nearby(
    lat: float, lon: float, radius_m: float, category: str | None, instance: Instance, now: datetime
) -> list[Nearby]:
    """Return at most `MAX_FOUND` public reports of the last `WINDOW_DAYS` days within a radius, nearest first.

    Distances are great-circle metres to the *public* place: from exact distances to three points anybody could
    compute the exact place. Raises `Invalid` for a category that never was.
    """
    if category is not None and category not in instance.catalogue.categories:
        raise Invalid([FieldFault("category", Fault.UNKNOWN_CATEGORY)])
    oldest = now - timedelta(days=WINDOW_DAYS)
    found = []
    for stored in reports.near(around.cells(lat, lon, radius_m), around.months(oldest, now)):
        if stored.created < oldest or category not in (None, stored.category):
            continue
        seen = _seen(stored, instance, now)
        if seen is not None:
            distance = metres(lat, lon, seen.location.lat, seen.location.lon)
            if distance <= radius_m:
                found.append(Nearby(seen, distance))
    found.sort(key=lambda near: (near.distance_m, near.seen.report.id))
    return found[:MAX_FOUND]


def stands_on_map(report: Stored, instance: Instance, now: datetime) -> bool:
    """Tell whether a report stands in lists and on the map now."""
    return _seen(report, instance, now) is not None


def _seen(report: Stored, instance: Instance, now: datetime, surface: Surface = Surface.MAP) -> Seen | None:
    category = instance.catalogue.categories[report.category]
    case = Case(category, Status(report.status), Tier(report.tier), report.created, report.changed)
    location = public_location(report.cell, category.sensitivity)
    if location is None or not is_public(case, now, instance.zone, surface):
        return None
    zone = instance.zone
    return Seen(
        report=report,
        category=category,
        unit=instance.units[report.unit],
        location=location,
        created_day=date.fromisoformat(report.day),
        occurred_day=None if report.occurred is None else day_of(keys.moment(report.occurred), zone),
        resolved_day=None if report.resolved is None else day_of(keys.moment(report.resolved), zone),
        recheck_day=None if report.recheck is None else day_of(report.recheck, zone),
    )
