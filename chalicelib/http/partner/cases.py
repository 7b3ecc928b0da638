"""Views of an institution: who it is, what was passed on to it, and its answers."""

from typing import Literal, cast

from pydantic import Field, ValidationInfo, field_validator

from chalicelib.container import Container
from chalicelib.domain import text as texts
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.location import degrees
from chalicelib.domain.partners import WHOSE_LIMIT, Listed, Verdict
from chalicelib.http.body import Body, read, refuse
from chalicelib.http.call import Call, Query
from chalicelib.http.partner import shapes
from chalicelib.http.police.lines import unit_name
from chalicelib.http.public import public_body
from chalicelib.http.reply import Reply
from chalicelib.http.shapes import Status
from chalicelib.languages import negotiate
from chalicelib.services import partner_sight
from chalicelib.services.followup import on_map
from chalicelib.services.partnering import Partnering
from chalicelib.store import keys, partners
from chalicelib.store.partner_cases import Answered, PassedOn
from chalicelib.store.partners import Partner

TOKEN_HEADER = "Partner-Token"  # noqa: S105 - the name of a header
LONGEST_CURSOR = 200


class PartnerAnswerBody(Body):
    """An institution's answer; `whose` names the body whose case it is, with `not_ours` and only with it."""

    answer: Literal["done", "not_ours"]
    text: str | None = None
    whose: str | None = Field(None, validate_default=True)

    @field_validator("text")
    @classmethod
    def _text(cls, value: str | None) -> str | None:
        return _cleaned(value, "text", texts.DESCRIPTION_LIMIT)

    @field_validator("whose")
    @classmethod
    def _whose(cls, value: str | None, info: ValidationInfo) -> str | None:
        name, answer = _cleaned(value, "whose", WHOSE_LIMIT), info.data.get("answer")
        if answer == Verdict.NOT_OURS and name is None:
            refuse(FieldFault("whose", Fault.MISSING))
        if answer == Verdict.DONE and value is not None:
            refuse(FieldFault("whose", Fault.NOT_WANTED))
        return name


def partner_me(call: Call, box: Container) -> Reply:
    """Say whose token it is."""
    partner = holder(call, box)
    body: shapes.Me = {
        "partner": {"code": partner.code, "kind": partner.kind, "names": dict(partner.names)},
        # Without an end there is no token that counts.
        "expires_at": "" if partner.expires is None else keys.instant(partner.expires),
    }
    return Reply(body)


def list_passed_on(call: Call, box: Container) -> Reply:
    """List what waits for an answer, or what has been answered."""
    partner = holder(call, box)
    query = Query(call, "status", "cursor")
    status, cursor = query.chosen("status", Listed) or Listed.OPEN, query.text("cursor", LONGEST_CURSOR)
    query.done()
    page = _partnering(partner, box).cases(Listed(status), cursor)
    language = _language(call, box)
    body: shapes.PartnerCases = {
        "cases": [_case(each, language, box) for each in page.cases],
        "cursor": page.cursor,
    }
    return Reply(body, headers=_said_in(language))


def answer_passed_on(call: Call, box: Container) -> Reply:
    """Take an answer; the same again changes nothing."""
    partner = holder(call, box)
    given = read(PartnerAnswerBody, call.json_body())
    case = _partnering(partner, box).answer(call.path["id"], Verdict(given.answer), given.text, given.whose)
    language = _language(call, box)
    return Reply(_case(case, language, box), headers=_said_in(language))


def holder(call: Call, box: Container) -> Partner:
    """Return the institution whose token the request carries; raises `PartnerInvalid` without one that counts."""
    return partners.holder(
        (call.headers.get(TOKEN_HEADER.lower()) or "").strip(), box.secrets.keyring.partner_tokens, box.clock()
    )


def _partnering(partner: Partner, box: Container) -> Partnering:
    return Partnering.of(box.instance, partner, box.clock(), box.salts)


def _case(case: PassedOn, language: str, box: Container) -> shapes.PartnerCase:
    report, instance = case.report, box.instance
    category = instance.catalogue.categories[report.category]
    lat, lon = degrees(case.lat6), degrees(case.lon6)
    place = partner_sight.place(lat, lon, category.sensitivity) if case.is_theirs else None
    seen = on_map(report, instance, box.clock())
    return {
        "id": report.id,
        "category": category.code,
        "category_name": category.names[language],
        "status": cast("Status", report.status),
        "passed_at": keys.instant(case.at),
        "unit": unit_name(instance.units[report.unit]),
        "location": None if place is None else {"lat": place.lat, "lon": place.lon, "precision_m": place.precision_m},
        "place": None if place is None else box.place_names.place(place.lat, place.lon),
        "area": report.area,
        "area_name": box.place_names.area(report.area),
        "note": case.note if case.is_theirs else None,
        "public_note": case.public_note if case.is_theirs else None,
        "public": None if seen is None else public_body(seen),
        "answer": None if case.answered is None else _answer(case.answered),
    }


def _answer(given: Answered) -> shapes.PartnerAnswer:
    return {"answer": given.answer.value, "text": given.text, "whose": given.whose, "at": keys.instant(given.at)}


def _cleaned(value: str | None, field: str, limit: int) -> str | None:
    cleaned = None
    try:
        cleaned = None if value is None else texts.clean(value, field=field, limit=limit) or None
    except Invalid as invalid:
        refuse(*invalid.faults)
    return cleaned


def _language(call: Call, box: Container) -> str:
    instance = box.instance
    return negotiate(call.headers.get("accept-language"), instance.languages, instance.default_language)


def _said_in(language: str) -> dict[str, str]:
    return {"Content-Language": language, "Vary": "Accept-Language"}
