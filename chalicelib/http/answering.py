"""Views of whoever holds a receipt: the whole case, answering, and taking it back."""

from collections.abc import Sequence
from typing import cast

from chalicelib.container import Container
from chalicelib.domain.answers import Answer
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.receipt import Receipt, parse
from chalicelib.http import receipt_shapes
from chalicelib.http.answer_body import AnswerBody
from chalicelib.http.body import read
from chalicelib.http.call import Call
from chalicelib.http.common import unit_ref
from chalicelib.http.filing import due, links, location
from chalicelib.http.public import checked, pattern
from chalicelib.http.reply import Reply
from chalicelib.http.shapes import Status, UnitRef
from chalicelib.services.answering import Answering
from chalicelib.services.receipts import Merged, Opened, Question, opened
from chalicelib.store import keys
from chalicelib.store.history import Happened
from chalicelib.store.uploads import Upload

RECEIPT_HEADER = "Receipt"


def show_receipt(call: Call, box: Container) -> Reply:
    """Show a report to whoever holds its receipt."""
    return _reply(opened(receipt(call), box.secrets.keyring, box.instance, box.clock()), box)


def answer(call: Call, box: Container) -> Reply:
    """Take an answer; what is wrong with the receipt and with the body is told together."""
    body = call.json_body()
    try:
        code = receipt(call)
    except Invalid as wrong_receipt:
        raise Invalid([*wrong_receipt.faults, *_faults(body)]) from None
    given = read(AnswerBody, body)
    return _reply(_answering(box).answer(code, Answer(given.answer), given.text), box)


def withdraw(call: Call, box: Container) -> Reply:
    """Take a report back; there is nothing to say with it, so no body is read."""
    return _reply(_answering(box).withdraw(receipt(call)), box)


def receipt(call: Call) -> Receipt:
    """Return the receipt that the request carries; raises `Invalid` where it is missing or mistyped."""
    given = call.headers.get(RECEIPT_HEADER.lower())
    if given is None:
        raise Invalid([FieldFault(RECEIPT_HEADER, Fault.MISSING)])
    return parse(given, header=RECEIPT_HEADER)


def _faults(body: bytes) -> Sequence[FieldFault]:
    try:
        read(AnswerBody, body)
    except Invalid as wrong_body:
        return wrong_body.faults
    return ()


def _answering(box: Container) -> Answering:
    return Answering(box.instance, box.secrets.keyring, box.clock())


def _reply(case: Opened, box: Container) -> Reply:
    stored, history = case.report, case.history
    body: receipt_shapes.Receipt = {
        "id": stored.id,
        "category": stored.category,
        "status": cast("Status", stored.status),
        "reason": stored.reason,
        "tier": 1 if stored.tier == 1 else 2,
        "unit": unit_ref(case.unit),
        "created_at": keys.instant(stored.created),
        "expires_at": keys.instant(case.expires),
        "location": location(case.location),
        "public": case.public,
        "history": [_entry(event, box) for event in history.events],
        "question": None if case.question is None else _question(case.question),
        "may": [deed.value for deed in case.may],
        "photos": [_photo(upload) for upload in case.photos],
        "merged": None if case.merged is None else _merged(case.merged, box.settings.site_url),
        "sources": case.sighted.sources,
        "pattern": pattern(case.sighted),
        "links": links(box.settings.site_url, stored.id, case.receipt.shown, has_page=case.location is not None),
    }
    if history.due_take_up is not None and history.due_verify is not None:
        body["due"] = due(history.due_take_up, history.due_verify)
    return Reply(body)


def _entry(event: Happened, box: Container) -> receipt_shapes.HistoryEntry:
    return cast(
        "receipt_shapes.HistoryEntry",
        {
            "at": keys.instant(event.at),
            "type": event.type,
            "from": event.from_status,
            "to": event.status,
            "reason": event.reason,
            "by": event.by,
            "answer": event.answer,
            "text": event.text,
            "checked": checked(event.checked),
            "addressee": event.addressee,
            "unit_from": _unit(event.unit_from, box),
            "unit_to": _unit(event.unit_to, box),
            "until": None if event.until is None else keys.instant(event.until),
            "hash": event.chain,
        },
    )


def _unit(code: str | None, box: Container) -> UnitRef | None:
    return None if code is None else unit_ref(box.units[code])


def _photo(upload: Upload) -> receipt_shapes.Photo:
    shown: dict[str, object] = {"slot": upload.slot, "state": upload.state.value}
    if upload.reason is not None:
        shown["reason"] = upload.reason
    return cast("receipt_shapes.Photo", shown)


def _question(question: Question) -> receipt_shapes.Question:
    return {
        "kind": question.asks.value,
        "text": question.text,
        "asked_at": keys.instant(question.asked),
        "until": None if question.until is None else keys.instant(question.until),
    }


def _merged(target: Merged, site_url: str) -> receipt_shapes.Merged:
    return {
        "status": cast("Status", target.status),
        "reason": target.reason,
        "unit": unit_ref(target.unit),
        "history": [
            {"day": day.isoformat(), "to": cast("Status", status), "reason": reason}
            for day, status, reason in target.steps
        ],
        "public": None if target.page is None else f"{site_url}/#/map?show={target.page}",
    }
