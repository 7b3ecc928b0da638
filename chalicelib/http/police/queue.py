"""The lists of an officer's units: open cases by due time, and those closed on a day."""

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.domain.faults import Fault
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.roles import Deed, Officer
from chalicelib.domain.steps import OPEN
from chalicelib.http.call import Call, Query
from chalicelib.http.police import case_shapes
from chalicelib.http.police.guard import codes_in_sight, officer
from chalicelib.http.police.lines import row
from chalicelib.http.reply import Reply
from chalicelib.services.police_queue import MOST, PAGE, Wanted, page
from chalicelib.store import keys

PARAMETERS = (
    *("status", "category", "priority", "tier", "unit", "overdue"),
    *("closed", "day", "cursor", "limit"),
)
LONGEST_CURSOR = 200

_TRUTH = ("true", "false")


def list_cases(call: Call, box: Container) -> Reply:
    """List one page of the cases of the units that an officer sees."""
    who = officer(call, box, Deed.READ)
    query = Query(call, *PARAMETERS)
    wanted = _wanted(query, who, box)
    cursor, limit = query.text("cursor", LONGEST_CURSOR), query.whole("limit", 1, MOST, PAGE)
    query.done()
    found = page(wanted, cursor, limit, box.instance, box.clock())
    body: case_shapes.Queue = {
        "reports": [row(line, box) for line in found.lines],
        "cursor": found.cursor,
        "now": keys.instant(box.clock()),
    }
    return Reply(body)


def _wanted(query: Query, who: Officer, box: Container) -> Wanted:
    instance = box.instance
    day = query.day("day")
    if query.chosen("closed", _TRUTH) == "true" and day is None:
        day = day_of(box.clock(), instance.zone)
    overdue = query.chosen("overdue", _TRUTH) == "true"
    if overdue and day is not None:
        query.fault("overdue", Fault.EXCLUSIVE, other="closed")
    priority, tier = query.chosen("priority", "123"), query.chosen("tier", [str(tier.value) for tier in Tier])
    return Wanted(
        units=_units(query, who, box),
        status=query.chosen("status", [status for status in Status if (status in OPEN) is (day is None)]),
        category=query.chosen("category", instance.catalogue.categories),
        priority=None if priority is None else int(priority),
        tier=None if tier is None else int(tier),
        overdue=overdue,
        closed=day,
    )


def _units(query: Query, who: Officer, box: Container) -> frozenset[str]:
    """Return the units asked for: all that the officer sees, or of these one with those below it."""
    units, seen = box.units, codes_in_sight(who, box)
    top = query.chosen("unit", seen)
    if top is None:
        return frozenset(seen)
    return frozenset(code for code in seen if any(above.code == top for above in units.chain(code)))
