"""Following a report: what everybody may see of it, and what its reporter may."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import h3

from chalicelib.domain import visibility
from chalicelib.domain.calendar import day_of
from chalicelib.domain.catalogue import Category, Sensitivity
from chalicelib.domain.errors import Fault, FieldFault, Invalid, NotFound
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import OVERHANG, PublicLocation, public_location
from chalicelib.domain.receipt import Receipt, parse, report_id
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.units import Unit
from chalicelib.store import keys, reports
from chalicelib.store.reports import Happened, Stored
from chalicelib.store.secrets import Keyring

MAX_RADIUS_M = 2_000
MAX_FOUND = 50
WINDOW_DAYS = 90
"""How long ago a report may have been created that a search by place finds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A report as the public sees it. Days are local; there is no time of day finer than a part of it."""

    report: Stored
    category: Category
    unit: Unit
    location: PublicLocation
    created_day: date
    occurred_day: date | None
    resolved_day: date | None


@dataclass(frozen=True, slots=True)
class Nearby:
    """A public report and how far its public place is from the point asked for, in metres."""

    seen: Seen
    distance_m: float


@dataclass(frozen=True, slots=True)
class Followed:
    """A report as its reporter sees it: every step with its reason, and what is due when while it is open."""

    receipt: Receipt
    report: Stored
    category: Category
    unit: Unit
    location: PublicLocation | None
    public: bool
    events: tuple[Happened, ...]
    due_take_up: datetime | None
    due_verify: datetime | None


def public_report(report: str, instance: Instance, now: datetime) -> Seen:
    """Return the public view of a report; raises `NotFound` alike for unknown, deleted and not public ones.

    An ordinary report's page is there at once, for whoever has its unguessable id; only lists and the map wait for
    the publication time. A vulnerable one's page waits too.
    """
    found = reports.find(report)
    if found is None:
        raise NotFound
    category = instance.catalogue.categories[found.category]
    moment = now
    if category.sensitivity is Sensitivity.ORDINARY:
        moment = max(now, visibility.public_from(category, found.created, instance.zone))
    seen = _seen(found, instance, moment)
    if seen is None:
        raise NotFound
    return seen


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
    for stored in reports.near(_cells(lat, lon, radius_m), _months(oldest, now)):
        if stored.created < oldest or category not in (None, stored.category):
            continue
        seen = _seen(stored, instance, now)
        if seen is not None:
            distance = _metres(lat, lon, seen.location.lat, seen.location.lon)
            if distance <= radius_m:
                found.append(Nearby(seen, distance))
    found.sort(key=lambda near: (near.distance_m, near.seen.report.id))
    return found[:MAX_FOUND]


def followed(receipt: str, keyring: Keyring, instance: Instance, now: datetime) -> Followed:
    """Return what a receipt opens; raises `Invalid` for a mistyped one, `NotFound` where it opens nothing."""
    code = parse(receipt)
    key = keyring.receipt_key(code.key_version)
    history = None if key is None else reports.history(report_id(key, code))
    if history is None:
        raise NotFound
    report = history.report
    category = instance.catalogue.categories[report.category]
    return Followed(
        receipt=code,
        report=report,
        category=category,
        unit=instance.units[report.unit],
        location=public_location(report.cell, category.sensitivity),
        public=_seen(report, instance, now) is not None,
        events=history.events,
        due_take_up=history.due_take_up,
        due_verify=history.due_verify,
    )


def _seen(report: Stored, instance: Instance, now: datetime) -> Seen | None:
    category = instance.catalogue.categories[report.category]
    case = visibility.Case(category, Status(report.status), Tier(report.tier), report.created, report.changed)
    location = public_location(report.cell, category.sensitivity)
    if location is None or not visibility.is_public(case, now, instance.zone):
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
    )


def _cells(lat: float, lon: float, radius_m: float) -> list[str]:
    """Return the index cells that can hold a report whose public place is within the radius."""
    around = h3.latlng_to_cell(lat, lon, keys.PLACE_RESOLUTION)
    return [str(cell) for cell in h3.grid_disk(around, 2) if _nearest(cell, lat, lon) <= radius_m]


def _nearest(cell: str, lat: float, lon: float) -> float:
    """Return a lower bound of the distance from a point to any public place under a cell, in metres.

    A public place is the centre of a cell below this one, and those reach out of it by `OVERHANG`.
    """
    centre = h3.cell_to_latlng(cell)
    corner = max(h3.great_circle_distance(centre, corner, unit="m") for corner in h3.cell_to_boundary(cell))
    return _metres(lat, lon, *centre) - float(corner) * OVERHANG


def _metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    return float(h3.great_circle_distance((lat, lon), (other_lat, other_lon), unit="m"))


def _months(oldest: datetime, newest: datetime) -> list[str]:
    """Return the months ``yyyy-mm`` (UTC) from one instant to another, oldest first."""
    first, last = keys.instant(oldest)[:7], keys.instant(newest)[:7]
    months = [first]
    while months[-1] < last:
        year, month = int(months[-1][:4]), int(months[-1][5:])
        months.append(f"{year + month // 12:04d}-{month % 12 + 1:02d}")
    return months
