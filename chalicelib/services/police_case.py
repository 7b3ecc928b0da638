"""One case as an officer works on it: what is known of it, what may be done now, when to look next, what lies near."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import checks, duplicates, sighting, steps
from chalicelib.domain.checks import Suggested
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import metres
from chalicelib.domain.report import Status
from chalicelib.domain.roles import Deed
from chalicelib.domain.sighting import Seen
from chalicelib.domain.steps import OPEN, Actor, Step
from chalicelib.services import around
from chalicelib.services.followup import reported_times
from chalicelib.store import nearby, partners, reports
from chalicelib.store.casefile import Casefile, Line
from chalicelib.store.partners import Named

NEAR_M = 100
"""How far, in metres, open cases of the same category are looked for where the category names no larger radius."""

MOST_NEAR = 10
"""The most cases nearby that are named."""


@dataclass(frozen=True, slots=True)
class Near:
    """An open case of the same category nearby; `distance_m` is from exact place to exact place."""

    id: str
    status: Status
    created: datetime
    distance_m: float


def seen(line: Line, instance: Instance) -> Seen:
    """Return by how many devices a case was seen, and when: all of it, also what the public does not know yet."""
    return sighting.fold(reported_times(line.report, instance), line.sightings)


def suggested(line: Line, instance: Instance, now: datetime) -> list[Suggested]:
    """Return when to look next; nothing for a case that is closed."""
    if Status(line.report.status) not in OPEN:
        return []
    return checks.suggest(seen(line, instance).times, line.report.checked, now, instance.zone, line.due)


def next_steps(line: Line, may: Collection[Deed]) -> Sequence[Step]:
    """Return the steps of the table that an officer with these deeds may take of a case as it stands.

    A merger is none of them: it names another case, and is asked for apart.
    """
    return [
        step
        for step in steps.allowed(Status(line.report.status))
        if Actor.POLICE in step.actors and step.target is not Status.MERGED and Deed.STEP in may
    ]


def addressees(line: Line, may: Collection[Deed]) -> list[Named]:
    """Return the institutions that the case may be passed on to now; none, and no read, where it may not be."""
    if all(step.target is not Status.PASSED_ON for step in next_steps(line, may)):
        return []
    return partners.serving(line.report.area)


def merged_from(case: Casefile) -> list[str]:
    """Return the cases that went into this one, in the order of their coming."""
    return [event.other for event in case.events if event.type == "sighting_merged" and event.other is not None]


def near(line: Line, instance: Instance, now: datetime) -> list[Near]:
    """Return the open cases nearby that may be the same thing, nearest first, of the same category and unit.

    Half a read unit for each cell and month of the index by place, and for each case that it finds.
    """
    category = instance.catalogue.categories[line.report.category]
    radius = max(NEAR_M, category.duplicate_radius_m)
    oldest = now - timedelta(days=duplicates.DAYS)
    cells = around.cells_of_exact(line.lat, line.lon, radius)
    distances = {
        filed.id: metres(line.lat, line.lon, filed.lat, filed.lon)
        for filed in nearby.exact(cells, around.months(oldest, now), category.code, oldest)
        if filed.id != line.report.id and filed.status in OPEN
    }
    nearest = sorted((distance, case) for case, distance in distances.items() if distance <= radius)[:MOST_NEAR]
    # The index knows no more than it needs, and may be a moment old: whose a case is now, the case itself says.
    found = [
        Near(report.id, Status(report.status), report.created, distances[report.id])
        for report in reports.many(case for _, case in nearest)
        if report.unit == line.report.unit and Status(report.status) in OPEN
    ]
    return sorted(found, key=lambda each: (each.distance_m, each.id))
