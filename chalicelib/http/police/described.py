"""The police routes in the interface's description."""

from collections.abc import Mapping

from chalicelib.domain import errors
from chalicelib.domain.report import Status, Tier
from chalicelib.http.operation import HtmlPage, Operation, Parameter
from chalicelib.http.police import case_shapes, me
from chalicelib.http.police.case import SIZES
from chalicelib.http.police.described_acts import ACTS
from chalicelib.http.police.described_plan import PLAN
from chalicelib.http.police.described_stats import STATS
from chalicelib.http.police.described_unit import UNIT
from chalicelib.services.police_queue import MOST, PAGE

LOGGED_IN = (errors.Unauthorized, errors.Forbidden)
"""What every police route may answer to whoever has not logged in, or not in the role that it takes."""

_TEXT = {"type": "string"}
_TRUTH = {"type": "boolean", "default": False}
_CASE = Parameter("id", "path", _TEXT, "The report's id.")

_FILTERS = (
    Parameter("status", "query", {"type": "string", "enum": list(Status)}, "Cases of this status.", required=False),
    Parameter("category", "query", _TEXT, "Code of a category.", required=False),
    Parameter("priority", "query", {"type": "integer", "enum": [1, 2, 3]}, "Of the category.", required=False),
    Parameter("tier", "query", {"type": "integer", "enum": [tier.value for tier in Tier]}, "Tier.", required=False),
    Parameter("unit", "query", _TEXT, "A unit that the officer sees, with those below it.", required=False),
    Parameter("overdue", "query", _TRUTH, "Those alone whose due time has passed.", required=False),
    Parameter("closed", "query", _TRUTH, "Those closed today, or on `day`, instead of the open ones.", required=False),
    Parameter("day", "query", {"type": "string", "format": "date"}, "Those closed on this local day.", required=False),
    Parameter("cursor", "query", _TEXT, "As the page before gave it.", required=False),
    Parameter(
        "limit",
        "query",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
        "Cases on a page; fewer are no sign of the last one.",
        required=False,
    ),
)

OPERATIONS: Mapping[str, Operation] = {
    "police.me:me": Operation(
        "Who has logged in, and what the console may show",
        {200: me.Me},
        problems=(errors.Unauthorized,),
        officer=True,
    ),
    "police.queue:list_cases": Operation(
        "Cases of the officer's units: the open ones by due time, or those closed on a day by the time of closing",
        {200: case_shapes.Queue},
        _FILTERS,
        problems=(errors.Unauthorized, errors.Invalid),
        officer=True,
    ),
    "police.case:show_case": Operation(
        "One case with everything that is known of it; reading words is noted in the audit first",
        {200: case_shapes.PoliceCase},
        (_CASE,),
        problems=(errors.Unauthorized, errors.NotFound),
        officer=True,
    ),
    "police.case:show_card": Operation(
        "The verification card of a case: one sheet of A4, in the language of Accept-Language",
        {200: HtmlPage},
        (_CASE,),
        problems=(errors.Unauthorized, errors.NotFound),
        officer=True,
    ),
    "police.case:show_photo": Operation(
        "An address at which a photo can be fetched for a minute; looking is noted in the audit first",
        {200: case_shapes.PhotoLink},
        (
            _CASE,
            Parameter("slot", "path", _TEXT, "The photo's place, from 1."),
            Parameter(
                "size", "query", {"type": "string", "enum": list(SIZES)}, "The whole by default.", required=False
            ),
        ),
        problems=(errors.Unauthorized, errors.NotFound, errors.Invalid),
        officer=True,
    ),
    **ACTS,
    **UNIT,
    **STATS,
    **PLAN,
}
"""What each police view takes and answers."""
