"""Views of whoever looks at reports: everybody in public, the reporter by receipt."""

from datetime import date
from typing import cast

from chalicelib.container import Container
from chalicelib.domain import sighting
from chalicelib.domain.errors import Fault, FieldFault, Invalid
from chalicelib.http import shapes
from chalicelib.http.call import Call, Query
from chalicelib.http.common import unit_ref
from chalicelib.http.filing import due, links, location
from chalicelib.http.reply import BRIEF, Reply
from chalicelib.services import followup
from chalicelib.services.duplicates import Similar
from chalicelib.services.followup import MAX_RADIUS_M, Seen
from chalicelib.store import keys
from chalicelib.store.reports import Happened

RECEIPT_HEADER = "Receipt"
DEFAULT_RADIUS_M = 500
LONGEST_CODE = 64


def show_report(call: Call, box: Container) -> Reply:
    """Show one report in public."""
    seen = followup.public_report(call.path["id"], box.instance, box.clock())
    return Reply(case_body(seen), cache=BRIEF)


def nearby(call: Call, box: Container) -> Reply:
    """List public reports near a point, nearest first."""
    query = Query(call, "lat", "lon", "radius_m", "category")
    lat, lon = query.number("lat", -90, 90), query.number("lon", -180, 180)
    radius_m = query.number("radius_m", 1, MAX_RADIUS_M, default=DEFAULT_RADIUS_M)
    category = query.text("category", LONGEST_CODE)
    query.done()
    found = followup.nearby(lat, lon, radius_m, category, box.instance, box.clock())
    listed: list[shapes.NearReport] = [
        {**public_body(near.seen), "distance_m": round(near.distance_m, 1)} for near in found
    ]
    body: shapes.Nearby = {"reports": listed}
    return Reply(body, cache=BRIEF)


def show_receipt(call: Call, box: Container) -> Reply:
    """Show a report to whoever holds its receipt."""
    given = call.headers.get(RECEIPT_HEADER.lower())
    if given is None:
        raise Invalid([FieldFault(RECEIPT_HEADER, Fault.MISSING)])
    followed = followup.followed(given, box.secrets.keyring, box.instance, box.clock())
    stored = followed.report
    body: shapes.Receipt = {
        "id": stored.id,
        "category": stored.category,
        "status": cast("shapes.Status", stored.status),
        "reason": stored.reason,
        "tier": 1 if stored.tier == 1 else 2,
        "unit": unit_ref(followed.unit),
        "created_at": keys.instant(stored.created),
        "location": location(followed.location),
        "public": followed.public,
        "history": [_entry(event) for event in followed.events],
        "question": None,
        "links": links(
            box.settings.site_url, stored.id, followed.receipt.shown, has_page=followed.location is not None
        ),
    }
    if followed.due_take_up is not None and followed.due_verify is not None:
        body["due"] = due(followed.due_take_up, followed.due_verify)
    return Reply(body)


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
    return {**public_body(seen), "sources": sighted.sources, "pattern": pattern(sighted)}


def pattern(sighted: sighting.Seen) -> list[shapes.SeenAt]:
    """Return when a case was seen, in the order of the week."""
    return [{"day": day, "part": part.value, "count": n} for day, part, n in sighted.pattern]


def candidate_body(similar: Similar) -> shapes.Candidate:
    """Return what the reporter of a possible duplicate is shown of a case."""
    return {**case_body(similar.seen), "distance_m": similar.distance_m}


def _entry(event: Happened) -> shapes.HistoryEntry:
    return {
        "at": keys.instant(event.at),
        "type": event.type,
        "from": cast("shapes.Status | None", event.from_status),
        "to": cast("shapes.Status", event.status),
        "reason": event.reason,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
