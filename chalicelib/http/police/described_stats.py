"""The figures for commanders in the interface's description."""

from collections.abc import Mapping

from chalicelib.domain import errors
from chalicelib.domain.tally import By
from chalicelib.http.operation import CSV, Operation, Parameter
from chalicelib.http.police import stats_shapes
from chalicelib.http.police.stats import MOST, PAGE
from chalicelib.http.police.stats_asked import MOST_DAYS, USUAL_DAYS
from chalicelib.http.police.stats_body import STATUSES
from chalicelib.services.figures import FIGURES

_TEXT = {"type": "string"}
_DATE = {"type": "string", "format": "date"}

_ASKED = (
    Parameter("from", "query", _DATE, f"First local day of acceptance; {USUAL_DAYS} days by default.", required=False),
    Parameter(
        "to", "query", _DATE, f"Last one; at most {MOST_DAYS} days in all. The last counted one.", required=False
    ),
    Parameter("unit", "query", _TEXT, "A unit that the officer sees, with those below it.", required=False),
    Parameter(
        "by",
        "query",
        {"type": "string", "enum": list(By), "default": By.CATEGORY},
        "What the rows of the table are.",
        required=False,
    ),
)

STATS: Mapping[str, Operation] = {
    "police.stats:show_stats": Operation(
        "Figures of a unit with those below it, beside those of as many days before",
        {200: stats_shapes.Stats},
        _ASKED,
        problems=(errors.Unauthorized, errors.Invalid),
        officer=True,
        also=(CSV,),
    ),
    "police.stats:list_behind": Operation(
        "The reports behind a figure of the table",
        {200: stats_shapes.ReportsBehind},
        (
            *_ASKED,
            Parameter("key", "query", _TEXT, "Key of a row of that table.", required=False),
            Parameter("status", "query", {"type": "string", "enum": list(STATUSES)}, "Its column.", required=False),
            Parameter("figure", "query", {"type": "string", "enum": list(FIGURES)}, "Its column.", required=False),
            Parameter("cursor", "query", _TEXT, "As the page before gave it.", required=False),
            Parameter(
                "limit",
                "query",
                {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
                "Reports on a page.",
                required=False,
            ),
        ),
        problems=(errors.Unauthorized, errors.Invalid),
        officer=True,
    ),
}
"""What each view of figures takes and answers."""
