"""Views of whoever looks at reports in public."""

from chalicelib.container import Container
from chalicelib.http import shapes
from chalicelib.http.call import Call, Query
from chalicelib.http.public import case_body, public_body
from chalicelib.http.reply import BRIEF, Reply
from chalicelib.services import followup
from chalicelib.services.followup import MAX_RADIUS_M

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
