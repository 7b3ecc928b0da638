"""The weekly patrol plan: as JSON, as a sheet, and as a page to print."""

from typing import cast

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import NotFound
from chalicelib.domain.faults import Fault
from chalicelib.domain.roles import Deed
from chalicelib.http.call import JSON, Call, Query
from chalicelib.http.operation import CSV, HTML
from chalicelib.http.police import plan_shapes
from chalicelib.http.police.guard import codes_in_sight, officer
from chalicelib.http.police.plan_csv import sheet
from chalicelib.http.police.plan_page import POLICY, page
from chalicelib.http.reply import Reply
from chalicelib.languages import negotiate
from chalicelib.services.plan_files import Week
from chalicelib.services.plans import Plans
from chalicelib.store.objects import Objects

LONGEST_WEEK = 8


def show_plan(call: Call, box: Container) -> Reply:
    """Show where and when a unit is likeliest to be needed in a week."""
    who = officer(call, box, Deed.FIGURES)
    query = Query(call, "week", "unit")
    unit = query.chosen("unit", codes_in_sight(who, box))
    week = _week(query, box)
    query.done()
    work = Objects(box.s3, box.settings.work_bucket)
    found = Plans(work, box.units, box.place_names).plan(week, unit or who.unit)
    if found is None:
        raise NotFound
    plan = cast("plan_shapes.Plan", found)
    instance = box.instance
    language = negotiate(call.headers.get("accept-language"), instance.languages, instance.default_language)
    headers = {"Content-Language": language, "Vary": "Accept, Accept-Language"}
    wanted = _wanted(call)
    if wanted == "text/csv":
        name = f"plan-{plan['week']}.csv"
        headers |= {"Content-Type": CSV, "Content-Disposition": f'attachment; filename="{name}"'}
        return Reply(sheet(plan, instance, language), headers=headers)
    if wanted == "text/html":
        headers |= {"Content-Type": HTML, "Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
        return Reply(page(plan, instance, language), headers=headers)
    return Reply(plan, headers=headers)


def _week(query: Query, box: Container) -> Week:
    """Return the week that is asked for; this one, where none is."""
    this = Week.of(day_of(box.clock(), box.instance.zone))
    text = query.text("week", LONGEST_WEEK)
    if text is None:
        return this
    try:
        return Week.read(text)
    except ValueError:
        query.fault("week", Fault.MISTYPED)
        return this


def _wanted(call: Call) -> str:
    """Return the form that the caller names first of those there are: whoever takes anything gets JSON."""
    named = [part.partition(";")[0].strip().lower() for part in call.headers.get("accept", "").split(",")]
    return next((form for form in named if form in {JSON, "text/csv", "text/html"}), JSON)
