"""A case with everything that is known of it, as answers to the police hold it."""

from typing import cast

from chalicelib.container import Container
from chalicelib.domain import steps
from chalicelib.domain.checks import Suggested
from chalicelib.domain.roles import MAY, Officer
from chalicelib.domain.steps import Step
from chalicelib.http.check_words import why
from chalicelib.http.police import case_shapes
from chalicelib.http.police.lines import case_line, unit_name
from chalicelib.http.police.unit_shapes import UnitName
from chalicelib.http.public import checked, pattern
from chalicelib.http.shapes import Boundaries, Part
from chalicelib.services import police_case
from chalicelib.services.followup import stands_on_map
from chalicelib.services.police_case import Near
from chalicelib.store import keys
from chalicelib.store.casefile import Casefile, Line, Told
from chalicelib.store.partners import Named


def case_body(case: Casefile, who: Officer, box: Container, language: str) -> case_shapes.PoliceCase:
    """Return a case as its officer sees it; `language` is that of the reasons for suggested windows."""
    line, instance, now = case.line, box.instance, box.clock()
    sighted = police_case.seen(line, instance)
    return {
        **case_line(line, box),
        "occurred_at": line.report.occurred,
        "pattern": _recurs(line),
        "boundaries": cast("Boundaries", line.boundaries),
        "text": case.text,
        "photos": [{"slot": upload.slot, "state": upload.state.value} for upload in case.uploads],
        "history": [_event(event, box) for event in case.events],
        "question": _question(case),
        "sighted": {"sources": sighted.sources, "pattern": pattern(sighted)},
        "suggested": [_suggested(window, language) for window in police_case.suggested(line, instance, now)],
        "steps": [_step(step) for step in police_case.next_steps(line, MAY[who.role])],
        "addressees": [_addressee(each, box, language) for each in police_case.addressees(line, MAY[who.role])],
        "merged_from": police_case.merged_from(case),
        "merged_into": line.into,
        "near": [_near(each) for each in police_case.near(line, instance, now)],
        "links": {"public": _public_page(line, box)},
    }


def _recurs(line: Line) -> case_shapes.Recurs | None:
    report = line.report
    if not report.days:
        return None
    return {"days": list(report.days), "parts": [cast("Part", part) for part in report.parts]}


def _event(event: Told, box: Container) -> case_shapes.CaseEvent:
    # Every event that took the case to another unit names both: a transfer, and a place that is another unit's.
    moved = event.other_unit is not None
    body = {
        "seq": event.sequence,
        "at": keys.instant(event.at),
        "type": event.type,
        "from": event.from_status,
        "to": event.status,
        "reason": event.reason,
        "by": event.by,
        "answer": event.answer,
        "checked": checked(event.checked),
        "until": event.until,
        "addressee": _named(event),
        "unit_from": _unit(event.other_unit, box),
        "unit_to": _unit(event.unit, box) if moved else None,
        "other": event.other,
        "whose": event.whose,
        "text": event.text,
        "note": event.note,
    }
    return cast("case_shapes.CaseEvent", body)


def _unit(code: str | None, box: Container) -> UnitName | None:
    return None if code is None else unit_name(box.units[code])


def _named(event: Told) -> case_shapes.Addressee | None:
    if event.addressee is None:
        return None
    return {"partner": event.partner, "name": event.addressee, "note": event.brief}


def _addressee(partner: Named, box: Container, language: str) -> case_shapes.PossibleAddressee:
    names = partner.names
    return {
        "code": partner.code,
        "kind": partner.kind,
        "name": names.get(language) or names[box.instance.default_language],
    }


def _question(case: Casefile) -> case_shapes.CaseQuestion | None:
    asked, answered = (
        next((event for event in case.events if event.sequence == number), None)
        for number in (case.line.asked, case.line.answered)
    )
    if asked is None:
        return None
    return {
        "text": asked.text,
        "asked_at": keys.instant(asked.at),
        "answer": None if answered is None else answered.text,
        "answered_at": None if answered is None else keys.instant(answered.at),
    }


def _suggested(window: Suggested, language: str) -> case_shapes.SuggestedWindow:
    return {
        "day": window.day.isoformat(),
        "part": window.part.value,
        "score": window.score,
        "why": why(window, language),
    }


def _step(step: Step) -> case_shapes.NextStep:
    return {
        "to": step.target.value,
        "reasons": [reason.value for reason in step.reasons],
        "needs": [need.value for need in steps.needs(step)],
    }


def _near(case: Near) -> case_shapes.NearCase:
    return {
        "id": case.id,
        "status": case.status.value,
        "created_at": keys.instant(case.created),
        "distance_m": round(case.distance_m),
    }


def _public_page(line: Line, box: Container) -> str | None:
    if not stands_on_map(line.report, box.instance, box.clock()):
        return None
    return f"{box.settings.site_url}/#/map?show={line.report.id}"
