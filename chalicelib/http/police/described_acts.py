"""What officers do, in the interface's description."""

from collections.abc import Mapping

from pydantic import BaseModel, RootModel
from typing_extensions import TypedDict

from chalicelib.domain import errors
from chalicelib.domain.errors import Problem
from chalicelib.http.operation import READING_A_BODY, Operation, Parameter
from chalicelib.http.police import act_bodies, take_up
from chalicelib.http.police.case_shapes import PoliceCase
from chalicelib.http.police.unit_shapes import UnitName
from chalicelib.http.shapes import Status


class Moved(TypedDict):
    """A case that has left the officer's sight: where it is now."""

    id: str
    version: int
    status: Status
    unit: UnitName


class MovedCase(RootModel[PoliceCase | Moved]):
    """The whole case, or, where another unit has it now that the officer does not see, where it went."""


_CASE = Parameter("id", "path", {"type": "string"}, "The report's id.")
_KEY = Parameter(
    "Idempotency-Key",
    "header",
    {"type": "string", "format": "uuid"},
    "Chosen by the client, the same for every try: what was done is not done again.",
    required=False,
)
_LINK = Parameter(take_up.LINK_HEADER, "header", {"type": "string"}, "The token of a mail's link, from its fragment.")


def _act(
    summary: str, body: type[BaseModel], *problems: type[Problem], answer: type = PoliceCase, limited: bool = True
) -> Operation:
    """Describe a deed at one case; `limited` tells that some role does not have it."""
    refused = (errors.Unauthorized, *((errors.Forbidden,) if limited else ()))
    met = (*READING_A_BODY, *refused, errors.NotFound, errors.Conflict, *problems)
    return Operation(summary, {200: answer}, (_CASE, _KEY), body, met, officer=True)


ACTS: Mapping[str, Operation] = {
    "police.acting:change_status": _act("Take a step of the table", act_bodies.StatusBody),
    "police.acting:transfer": _act(
        "Hand a case over to another unit", act_bodies.TransferBody, answer=MovedCase, limited=False
    ),
    "police.acting:correct_location": _act(
        "Put a case where it really is; its unit is found anew",
        act_bodies.LocationBody,
        errors.OutsideCountry,
        answer=MovedCase,
    ),
    "police.acting:merge": _act("Merge a new case into another", act_bodies.MergeBody),
    "police.acting:ask": _act("Put the one question to the reporter", act_bodies.QuestionBody),
    "police.acting:pause": _act("Stop the clock of a case until a local day begins", act_bodies.PauseBody),
    "police.acting:resume": _act("Let the clock of a case go on", act_bodies.ActBody),
    "police.take_up:take_up": Operation(
        "Take up many cases: all of them, or none and every reason why not",
        {200: take_up.TakenUpTogether},
        (_KEY,),
        act_bodies.TakeUpBody,
        (*READING_A_BODY, errors.Unauthorized, errors.Forbidden, errors.Stale),
        officer=True,
    ),
    "police.take_up:show_link": Operation(
        "The case of an alert's mail; looking does nothing",
        {200: take_up.LinkedCase},
        (_LINK,),
        problems=(errors.NotFound, errors.LinkExpired, errors.Invalid),
    ),
    "police.take_up:use_link": Operation(
        "Take the case of an alert's mail up, without a login; doing it again changes nothing",
        {200: take_up.LinkedCase},
        (_LINK,),
        problems=(errors.NotFound, errors.LinkExpired, errors.TooLate, errors.Invalid),
    ),
}
"""What each view of an officer's deeds takes and answers."""
