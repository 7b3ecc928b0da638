"""A unit's settings, in the interface's description."""

from collections.abc import Mapping

from chalicelib.domain import errors
from chalicelib.http.operation import READING_A_BODY, Operation, Parameter
from chalicelib.http.police import unit_bodies, unit_shapes

_REFUSED = (errors.Unauthorized, errors.Forbidden)
_UNIT = Parameter(
    "unit", "query", {"type": "string"}, "Code of a unit that the officer sees; the officer's own.", required=False
)

UNIT: Mapping[str, Operation] = {
    "police.unit:show_unit": Operation(
        "Where a unit's mail goes, who hears of its overdue cases, and how many mails it wants",
        {200: unit_shapes.UnitSettingsNow},
        (_UNIT,),
        problems=(*_REFUSED, errors.Invalid),
        officer=True,
    ),
    "police.unit:keep_unit": Operation(
        "Write a unit's settings over those of a version; the same again changes nothing",
        {200: unit_shapes.UnitSettingsNow},
        (_UNIT,),
        unit_bodies.SettingsBody,
        (*READING_A_BODY, *_REFUSED, errors.SettingsConflict),
        officer=True,
    ),
    "police.unit:send_test": Operation(
        "Send a test mail to the addresses of a unit and of its chief; three within any hour at most",
        {202: unit_shapes.MailTried},
        (),
        unit_bodies.TrialBody,
        (*READING_A_BODY, *_REFUSED, errors.MailsUsed),
        officer=True,
    ),
}
"""What each view of a unit's settings takes and answers."""
