"""The patrol plan in the interface's description."""

from collections.abc import Mapping

from chalicelib.domain import errors
from chalicelib.http.operation import CSV, HTML, Operation, Parameter
from chalicelib.http.police import plan_shapes

PLAN: Mapping[str, Operation] = {
    "police.plan:show_plan": Operation(
        "Where and when a unit with those below it is likeliest to be needed in a week, and why",
        {200: plan_shapes.Plan},
        (
            Parameter(
                "week",
                "query",
                {"type": "string", "pattern": "^[0-9]{4}-W[0-9]{2}$"},
                "ISO week, this one by default.",
                required=False,
            ),
            Parameter("unit", "query", {"type": "string"}, "A unit that the officer sees.", required=False),
        ),
        problems=(errors.Unauthorized, errors.NotFound, errors.Invalid),
        officer=True,
        also=(CSV, HTML),
    ),
}
"""What the view of the plan takes and answers."""
