"""How a case stands in a list of the police, and the parts of it that every view of a case has."""

from typing import cast

from chalicelib.container import Container
from chalicelib.domain.report import Status
from chalicelib.domain.units import Unit
from chalicelib.http.police import case_shapes
from chalicelib.http.police.unit_shapes import UnitName
from chalicelib.http.public import checked
from chalicelib.http.shapes import Status as StatusName
from chalicelib.services import police_case
from chalicelib.store import keys
from chalicelib.store.casefile import Line

_WAITS_FOR = {Status.NEW: "take_up", Status.VERIFYING: "verify"}


def row(line: Line, box: Container) -> case_shapes.QueueRow:
    """Return a case as one row of a list."""
    return {**case_line(line, box), "photos": line.photos}


def case_line(line: Line, box: Container) -> case_shapes.CaseLine:
    """Return what lists and the case itself say alike."""
    report, instance = line.report, box.instance
    return {
        "id": report.id,
        "version": line.version,
        "category": report.category,
        "priority": cast("case_shapes.Priority", instance.catalogue.categories[report.category].priority),
        "status": cast("StatusName", report.status),
        "reason": report.reason,
        "tier": 1 if report.tier == 1 else 2,
        "unit": unit_name(instance.units[report.unit]),
        "area": report.area,
        "area_name": box.place_names.area(report.area),
        "created_at": keys.instant(report.created),
        "due": due(line, box),
        "location": {"lat": line.lat, "lon": line.lon},
        "sources": police_case.seen(line, instance).sources,
        "has_text": line.has_text,
        "place": box.place_names.place(line.lat, line.lon),
        "asked": line.asked is not None,
        "answered": line.answered is not None,
        "checked": checked(report.checked),
    }


def due(line: Line, box: Container) -> case_shapes.DueNext:
    """Return what a case waits for. A deadline that a pause has moved on stands where it was moved to."""
    kind = "none" if line.due is None else _WAITS_FOR.get(Status(line.report.status), "none")
    return {
        "kind": cast(
            "case_shapes.DueKind", "recheck" if kind == "verify" and line.report.recheck is not None else kind
        ),
        "at": None if line.due is None else keys.instant(line.due),
        "overdue": line.due is not None and line.due < box.clock(),
        "paused": line.paused is not None,
    }


def unit_name(unit: Unit) -> UnitName:
    """Return how the police's answers name a unit."""
    return {"code": unit.code, "name": unit.name, "short": unit.short}
