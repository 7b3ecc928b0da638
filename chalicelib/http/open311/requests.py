"""Views of what has been reported: one request, and lists of them, as the public may see them."""

from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault
from chalicelib.domain.georeport import STATES, Period, State, instant_of, statuses_of
from chalicelib.domain.report import Status
from chalicelib.http.call import Call
from chalicelib.http.check_words import told
from chalicelib.http.open311 import shapes
from chalicelib.http.open311.answer import AREA, answered, language_of, named
from chalicelib.http.open311.arguments import Arguments
from chalicelib.http.public import pattern
from chalicelib.http.reply import BRIEF, Reply
from chalicelib.http.shapes import Part
from chalicelib.languages import texts
from chalicelib.services import followup, georeport
from chalicelib.services.followup import Seen
from chalicelib.services.georeport import IDS_LIMIT, PAGE_LIMIT, REACH, Page
from chalicelib.services.published import MAX_RADIUS_M, Circle, Wanted

DEFAULT_RADIUS_M = 500
ROOT = "service_requests"

# The verdict's clock runs in these statuses and in no other.
_CLOCK_RUNS = frozenset({Status.NEW, Status.VERIFYING})


def requests(call: Call, box: Container) -> Reply:
    """List requests, newest first; those of given ids in the order of the ids."""
    instance, now = box.instance, box.clock()
    query = Arguments(call.query)
    query.jurisdiction(instance.code)
    ids = query.listed("service_request_id", IDS_LIMIT)
    if ids:
        # By the standard the ids override all other arguments.
        query.done()
        return _listed(call, box, georeport.named(ids, instance, now))
    wanted, page = _wanted(query, box, day_of(now, instance.zone)), _page(query)
    query.done()
    return _listed(call, box, georeport.listed(box.points, wanted, page, instance, now))


def request(call: Call, box: Container) -> Reply:
    """Show one request."""
    report = named(call)
    query = Arguments(call.query)
    query.jurisdiction(box.instance.code)
    if not report:
        query.fault("service_request_id", Fault.MISSING)
    query.done()
    return _listed(call, box, [followup.public_report(report, box.instance, box.clock())])


def _wanted(query: Arguments, box: Container, today: date) -> Wanted:
    instance = box.instance
    categories = query.chosen("service_code", list(instance.catalogue.categories))
    states = query.chosen("status", list(State))
    start, end = query.moment("start_date"), query.moment("end_date")
    period = Period(today, today)
    try:
        period = Period.of(start, end, today, instance.zone)
    except Invalid as invalid:
        query.faults.extend(invalid.faults)
    statuses = statuses_of(frozenset(State(state) for state in states or State))
    return Wanted(period.first, period.last, categories or None, statuses, _circle(query))


def _circle(query: Arguments) -> Circle | None:
    """Return the place to search around; half a point is a fault of the other half."""
    lat, lon = query.number("lat", -90, 90), query.number("long", -180, 180)
    radius = query.number("radius", 1, MAX_RADIUS_M)
    halves = {"lat": query.text("lat"), "long": query.text("long")}
    if any(halves.values()) or radius is not None:
        for name in [name for name, value in halves.items() if value is None]:
            query.fault(name, Fault.MISSING)
    if lat is None or lon is None:
        return None
    return Circle(lat, lon, DEFAULT_RADIUS_M if radius is None else radius)


def _page(query: Arguments) -> Page:
    size = query.whole("page_size", 1, PAGE_LIMIT, PAGE_LIMIT)
    return Page(query.whole("page", 1, REACH // size, 1), size)


def _listed(call: Call, box: Container, found: list[Seen]) -> Reply:
    language, extended = language_of(call, box), call.query.get("extensions") == ["true"]
    document = [_request(seen, box.instance.zone, language, extended=extended) for seen in found]
    return answered(call, ROOT, document, language, cache=BRIEF)


def _request(seen: Seen, zone: ZoneInfo, language: str, *, extended: bool) -> shapes.Request:
    stored = seen.report
    status = Status(stored.status)
    body: shapes.Request = {
        "service_request_id": stored.id,
        "status": STATES[status].value,
        "status_notes": _notes(seen, zone, language),
        "extended_status": status.value,
        "service_name": seen.category.names[language],
        "service_code": stored.category,
        "description": None,
        "agency_responsible": seen.unit.name,
        "service_notice": texts(AREA, language)[f"notice.{status}"],
        "requested_datetime": instant_of(seen.created_day, zone),
        "updated_datetime": _updated(seen, zone),
        "expected_datetime": _expected(seen, zone),
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": seen.location.lat,
        "long": seen.location.lon,
        "media_url": None,
    }
    if extended:
        body["extended_attributes"] = _extended(seen)
    return body


def _notes(seen: Seen, zone: ZoneInfo, language: str) -> str | None:
    """Return why the case stands as it does, and when the police have looked for it."""
    stored = seen.report
    reason = [] if stored.reason is None else [texts("reasons", language)[stored.reason]]
    checked = told(stored.checked, language, zone, again=stored.recheck is not None)
    return " ".join([*reason, *checked]) or None


def _updated(seen: Seen, zone: ZoneInfo) -> str | None:
    """Return the day on which the case took its status, where the report itself tells it."""
    if seen.resolved_day is not None:
        return instant_of(seen.resolved_day, zone)
    return instant_of(seen.created_day, zone) if seen.report.status == Status.NEW else None


def _expected(seen: Seen, zone: ZoneInfo) -> str | None:
    """Return the day by which the police shall have given their verdict, while its clock runs."""
    due = seen.report.due_verify
    if due is None or Status(seen.report.status) not in _CLOCK_RUNS:
        return None
    return instant_of(day_of(due, zone), zone)


def _extended(seen: Seen) -> shapes.Extended:
    stored = seen.report
    body: shapes.Extended = {
        "reason": stored.reason,
        "unit": seen.unit.code,
        "area": stored.area,
        "created_day": seen.created_day.isoformat(),
        "occurred_day": _day(seen.occurred_day),
        "part": cast("Part | None", stored.part),
        "days": list(stored.days),
        "parts": [cast("Part", part) for part in stored.parts],
        "resolved_day": _day(seen.resolved_day),
        "cell": seen.location.cell,
        "precision_m": seen.location.precision_m,
    }
    if seen.sighted is not None:
        body["sources"] = seen.sighted.sources
        body["pattern"] = pattern(seen.sighted)
    return body


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
