"""The routes of institutions in the interface's description."""

from collections.abc import Mapping

from chalicelib.domain import errors
from chalicelib.domain.partners import Listed
from chalicelib.http.operation import READING_A_BODY, Operation, Parameter
from chalicelib.http.partner import cases, shapes

_TEXT = {"type": "string"}
_TOKEN = Parameter(cases.TOKEN_HEADER, "header", _TEXT, "The institution's token, from its page's fragment.")
_LISTED = Parameter(
    "status", "query", {"type": "string", "enum": list(Listed), "default": Listed.OPEN}, "Which list.", required=False
)
_CURSOR = Parameter("cursor", "query", _TEXT, "As the page before gave it.", required=False)

OPERATIONS: Mapping[str, Operation] = {
    "partner.cases:partner_me": Operation(
        "Whose token it is", {200: shapes.Me}, (_TOKEN,), problems=(errors.PartnerInvalid,)
    ),
    "partner.cases:list_passed_on": Operation(
        "Cases that were passed on to the institution: those that wait, the oldest first, or those it has answered",
        {200: shapes.PartnerCases},
        (_TOKEN, _LISTED, _CURSOR),
        problems=(errors.PartnerInvalid, errors.Invalid),
    ),
    "partner.cases:answer_passed_on": Operation(
        "Answer that it is done, or that it is somebody else's; the same answer again changes nothing",
        {200: shapes.PartnerCase},
        (Parameter("id", "path", _TEXT, "The report's id."), _TOKEN),
        cases.PartnerAnswerBody,
        (
            *READING_A_BODY,
            *(errors.PartnerInvalid, errors.NotFound, errors.AlreadyAnswered, errors.PartnerUsed),
        ),
    ),
}
"""What each view of an institution takes and answers."""
