"""What everybody may see of a report, as answers hold it."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, cast

from chalicelib.domain import sighting
from chalicelib.domain.checks import Window
from chalicelib.http import shapes
from chalicelib.http.common import unit_ref
from chalicelib.services.duplicates import Similar
from chalicelib.services.followup import Seen


def public_body(seen: Seen) -> shapes.PublicReport:
    """Return the public view of a report."""
    stored = seen.report
    return {
        "id": stored.id,
        "category": stored.category,
        "status": cast("shapes.Status", stored.status),
        "reason": stored.reason,
        "unit": unit_ref(seen.unit),
        "area": stored.area,
        "created_day": seen.created_day.isoformat(),
        "occurred_day": _day(seen.occurred_day),
        "part": cast("shapes.Part | None", stored.part),
        "days": list(stored.days),
        "parts": [cast("shapes.Part", part) for part in stored.parts],
        "resolved_day": _day(seen.resolved_day),
        "location": {
            "lat": seen.location.lat,
            "lon": seen.location.lon,
            "cell": seen.location.cell,
            "precision_m": seen.location.precision_m,
        },
    }


def case_body(seen: Seen) -> shapes.PublicCase:
    """Return the public view of a report that was asked for by its id: how often it was seen is known."""
    sighted = cast("sighting.Seen", seen.sighted)
    recheck = seen.recheck_day
    return {
        **public_body(seen),
        "sources": sighted.sources,
        "pattern": pattern(sighted),
        "checked": checked(seen.report.checked),
        "recheck_day": None if recheck is None else recheck.isoformat(),
        "addressee": _asked(seen),
    }


def _asked(seen: Seen) -> shapes.Asked | None:
    report = seen.report
    if report.passed_name is None:
        return None
    return {"name": report.passed_name, "answer": cast('Literal["done"] | None', report.passed_answer)}


def pattern(sighted: sighting.Seen) -> list[shapes.SeenAt]:
    """Return when a case was seen, in the order of the week."""
    return [{"day": day, "part": part.value, "count": n} for day, part, n in sighted.pattern]


def checked(windows: Iterable[Window]) -> list[shapes.CheckedWindow]:
    """Return windows in which somebody has looked."""
    return [{"day": day.isoformat(), "part": part.value} for day, part in windows]


def candidate_body(similar: Similar) -> shapes.Candidate:
    """Return what the reporter of a possible duplicate is shown of a case."""
    return {**case_body(similar.seen), "distance_m": similar.distance_m}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
