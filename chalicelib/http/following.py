"""Views of whoever looks at reports: everybody in public, the reporter by receipt."""

from typing import cast

from chalicelib.container import Container
from chalicelib.domain.errors import Fault, FieldFault, Invalid
from chalicelib.http import shapes
from chalicelib.http.call import Call, Query
from chalicelib.http.common import unit_ref
from chalicelib.http.filing import due, links, location
from chalicelib.http.public import case_body, public_body
from chalicelib.http.reply import BRIEF, Reply
from chalicelib.services import followup
from chalicelib.services.followup import MAX_RADIUS_M
from chalicelib.store import keys
from chalicelib.store.reports import Happened
from chalicelib.store.uploads import Upload

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
        "photos": [_photo(upload) for upload in followed.photos],
        "links": links(
            box.settings.site_url, stored.id, followed.receipt.shown, has_page=followed.location is not None
        ),
    }
    if followed.due_take_up is not None and followed.due_verify is not None:
        body["due"] = due(followed.due_take_up, followed.due_verify)
    return Reply(body)


def _entry(event: Happened) -> shapes.HistoryEntry:
    return {
        "at": keys.instant(event.at),
        "type": event.type,
        "from": cast("shapes.Status | None", event.from_status),
        "to": cast("shapes.Status", event.status),
        "reason": event.reason,
    }


def _photo(upload: Upload) -> shapes.Photo:
    shown: dict[str, object] = {"slot": upload.slot, "state": upload.state.value}
    if upload.reason is not None:
        shown["reason"] = upload.reason
    return cast("shapes.Photo", shown)
