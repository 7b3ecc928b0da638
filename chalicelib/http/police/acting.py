"""Views of what an officer does with one case; each answers with the whole case as it is then."""

from datetime import date
from functools import partial

from chalicelib.container import Container
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.partners import CODE
from chalicelib.domain.report import Status
from chalicelib.domain.roles import Deed
from chalicelib.domain.steps import Actor
from chalicelib.http.call import Call
from chalicelib.http.police.act_bodies import (
    ActBody,
    LocationBody,
    MergeBody,
    PauseBody,
    QuestionBody,
    StatusBody,
    TransferBody,
    addressee_of,
)
from chalicelib.http.police.doing import Doing
from chalicelib.http.reply import Reply
from chalicelib.services.casework import Casework
from chalicelib.services.pausing import Pausing
from chalicelib.services.routing import Routing
from chalicelib.store import partners
from chalicelib.store.step import Current

PAUSE = "pause_"
"""Begins the reasons of pauses where all reasons stand together."""


def change_status(call: Call, box: Container) -> Reply:
    """Take a step of the table."""
    doing, report_id = Doing(call, box, Deed.STEP), call.path["id"]
    body = doing.body(StatusBody)
    cases = doing.casebook(Casework, report_id)

    def step() -> None:
        named = partial(_partner_of, cases.in_sight(report_id), box)
        cases.take_step(
            report_id,
            Status(body.to),
            body.reason,
            Actor.POLICE,
            body.version,
            body.words,
            looked=body.looked,
            addressee=addressee_of(body.addressee, named),
        )

    doing.done(step, report_id)
    return doing.reply(report_id)


def _partner_of(case: Current, box: Container, code: str) -> str:
    """Return the name of an institution that serves where a case is; raises `Invalid` and names those that do."""
    found = partners.find(code) if CODE.fullmatch(code) else None
    if found is None or not found.serves(case.area):
        allowed = ", ".join(each.code for each in partners.serving(case.area))
        raise Invalid([FieldFault("addressee.partner", Fault.UNKNOWN_VALUE, {"allowed": allowed})])
    return found.names[box.instance.default_language]


def transfer(call: Call, box: Container) -> Reply:
    """Hand a case over to another unit."""
    doing, report_id = Doing(call, box, Deed.TRANSFER), call.path["id"]
    body = doing.body(TransferBody)
    cases = doing.casebook(Routing, report_id)
    doing.done(lambda: cases.transfer(report_id, body.unit, body.version, body.reason, body.words), report_id)
    return doing.reply(report_id)


def correct_location(call: Call, box: Container) -> Reply:
    """Put a case where it really is."""
    doing, report_id = Doing(call, box, Deed.CORRECT), call.path["id"]
    body = doing.body(LocationBody)
    cases = doing.casebook(Routing, report_id)
    doing.done(
        lambda: cases.correct(report_id, body.lat, body.lon, body.version, lambda: box.places, body.words), report_id
    )
    return doing.reply(report_id)


def merge(call: Call, box: Container) -> Reply:
    """Say that a case is the same as another."""
    doing, report_id = Doing(call, box, Deed.MERGE), call.path["id"]
    body = doing.body(MergeBody)
    cases = doing.casebook(Casework, report_id)
    doing.done(lambda: cases.merge(report_id, body.into, body.version, body.words), report_id)
    return doing.reply(report_id)


def ask(call: Call, box: Container) -> Reply:
    """Put the one question to the reporter."""
    doing, report_id = Doing(call, box, Deed.ASK), call.path["id"]
    body = doing.body(QuestionBody)
    cases = doing.casebook(Casework, report_id)
    doing.done(lambda: cases.ask(report_id, body.text, body.version), report_id)
    return doing.reply(report_id)


def pause(call: Call, box: Container) -> Reply:
    """Stop the clock of a case."""
    doing, report_id = Doing(call, box, Deed.PAUSE), call.path["id"]
    body = doing.body(PauseBody)
    cases, until = doing.casebook(Pausing, report_id), date.fromisoformat(body.until)
    doing.done(lambda: cases.pause(report_id, PAUSE + body.reason, until, body.version, body.words), report_id)
    return doing.reply(report_id)


def resume(call: Call, box: Container) -> Reply:
    """Let the clock of a case go on."""
    doing, report_id = Doing(call, box, Deed.PAUSE), call.path["id"]
    body = doing.body(ActBody)
    cases = doing.casebook(Pausing, report_id)
    doing.done(lambda: cases.resume(report_id, body.version, body.words), report_id)
    return doing.reply(report_id)
