"""Views that take cases up: many at once, and one from the mail that told of it."""

from typing_extensions import TypedDict

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.report import Status
from chalicelib.domain.roles import Deed
from chalicelib.domain.take_up_link import TakeUpLink, read
from chalicelib.http.call import Call
from chalicelib.http.police.act_bodies import TakeUpBody
from chalicelib.http.police.doing import Doing, noted
from chalicelib.http.police.lines import unit_name
from chalicelib.http.police.unit_shapes import UnitName
from chalicelib.http.reply import Reply
from chalicelib.services.bulk import TakeUp
from chalicelib.services.mail_link import MailLink
from chalicelib.store import step
from chalicelib.store.audit import Noted
from chalicelib.store.step import Current

LINK_HEADER = "Take-Up"

BY_MAIL = "mail-link"
"""Who has acted, in the audit, where a mail's link was used."""


class TakenUp(TypedDict):
    """A case after it was taken up, as far as a list needs to know."""

    id: str
    version: int
    status: str
    due_at: str | None


class TakenUpTogether(TypedDict):
    """The cases that were taken up with one request."""

    reports: list[TakenUp]


class LinkedCase(TypedDict):
    """What a mail's link shows of its case, and whether it can still be taken up by it."""

    id: str
    category: str
    status: str
    reason: str | None
    unit: UnitName
    area: str
    area_name: str | None
    created_at: str
    take_up_due_at: str | None
    may_take_up: bool
    valid_until: str


def take_up(call: Call, box: Container) -> Reply:
    """Take up many cases: all of them, or none."""
    doing = Doing(call, box, Deed.TAKE_UP)
    body = doing.body(TakeUpBody)
    cases = doing.casebook(TakeUp, *body.ids)
    doing.done(lambda: cases.take_up(dict(zip(body.ids, body.versions, strict=True))), *body.ids)
    after = step.currents(body.ids)
    taken: TakenUpTogether = {"reports": [_taken(after[report_id]) for report_id in body.ids if report_id in after]}
    return Reply(taken)


def show_link(call: Call, box: Container) -> Reply:
    """Show the case of a mail's link; nothing is done by looking, so that whatever scans mails does nothing."""
    link = _link(call, box)
    return Reply(_linked(MailLink(box.instance, box.clock()).show(link), link, box))


def use_link(call: Call, box: Container) -> Reply:
    """Take the case of a mail's link up; doing it again changes nothing."""
    link, now = _link(call, box), box.clock()
    # Whoever reads the unit's mail has no login: what is noted is how the unit showed itself.
    entry = Noted(now, BY_MAIL, BY_MAIL, link.unit, Deed.TAKE_UP.value, link.report)
    return Reply(_linked(MailLink(box.instance, now, also=noted([entry], box)).take_up(link), link, box))


def _link(call: Call, box: Container) -> TakeUpLink:
    given = call.headers.get(LINK_HEADER.lower())
    if given is None:
        raise Invalid([FieldFault(LINK_HEADER, Fault.MISSING)])
    return read(box.secrets.keyring.take_up_links, given.strip(), day_of(box.clock(), box.instance.zone))


def _taken(case: Current) -> TakenUp:
    return {"id": case.id, "version": case.version, "status": case.status, "due_at": case.due_verify}


def _linked(case: Current, link: TakeUpLink, box: Container) -> LinkedCase:
    return {
        "id": case.id,
        "category": case.category,
        "status": case.status,
        "reason": case.reason,
        "unit": unit_name(box.units[case.unit]),
        "area": case.area,
        "area_name": box.place_names.area(case.area),
        "created_at": case.created,
        "take_up_due_at": case.due_take_up if case.status == Status.NEW else None,
        "may_take_up": case.status == Status.NEW,
        "valid_until": link.last.isoformat(),
    }
