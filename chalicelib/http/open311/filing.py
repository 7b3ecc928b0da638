"""The view of whoever files a request for others, with an API key; the rules are those of every report.

The standard's fields that would name a person, a device, an address or a file are taken and forgotten.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import CategoryWithdrawn, Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.network import Kind
from chalicelib.domain.report import NewReport
from chalicelib.http.body import MAX_ACKNOWLEDGED, ReportBody, Rules, read
from chalicelib.http.call import Call, decimal
from chalicelib.http.common import callers_network
from chalicelib.http.filing import KEY_HEADER, links
from chalicelib.http.open311 import shapes
from chalicelib.http.open311.answer import AREA, PREFIX, answered, format_of, language_of
from chalicelib.http.open311.arguments import Arguments
from chalicelib.http.open311.requests import ROOT
from chalicelib.http.open311.services import ATTRIBUTES
from chalicelib.http.reply import Reply
from chalicelib.http.similar import acknowledged
from chalicelib.languages import texts
from chalicelib.services.duplicates import Duplicates
from chalicelib.services.intake import Filed, Intake, Submission
from chalicelib.store import apikeys
from chalicelib.store.apikeys import ApiKey
from chalicelib.store.quota import KeyQuota
from chalicelib.store.secrets import Keyring

_NAMES = {
    "category": "service_code",
    "lon": "long",
    "occurred_at": "attribute[occurred_at]",
    "pattern": "attribute[days]",
    "pattern.days": "attribute[days]",
    "pattern.parts": "attribute[parts]",
}
"""What the fields of a report are called in the standard's form."""

_ONCE = "occurred_at"
_DIGIT = re.compile("[0-9]", re.ASCII)


def file_request(call: Call, box: Container) -> Reply:
    """File a report: the same answer again where the key and the header `Idempotency-Key` are the same."""
    form = Arguments.of_pairs(call.form_body())
    key = apikeys.find(form.text("api_key"))
    form.jurisdiction(box.instance.code)
    submission_key = _submission_key(call, form)
    fields = _fields(form)
    intake = _intake(call, box, key)

    def draft() -> NewReport:
        rules = Rules(box.instance.catalogue, intake.now, day_of(intake.now, box.instance.zone))
        try:
            report = read(ReportBody, json.dumps(fields).encode(), rules).draft()
        except Invalid as invalid:
            raise Invalid([*form.faults, *_named(invalid.faults, form)]) from None
        except CategoryWithdrawn:
            form.done(FieldFault("service_code", Fault.CATEGORY_WITHDRAWN))
            raise
        form.done()
        return report

    keyring = box.secrets.keyring
    filed = intake.file(Submission.of(keyring, _filer(key, keyring), submission_key), draft)
    language = language_of(call, box)
    body = _submitted(filed, box, language, extended=form.text("extensions") == "true")
    location = {"Location": f"{PREFIX}requests/{filed.id}.{format_of(call)}"} if filed.new else {}
    return answered(call, ROOT, [body], language, headers=location)


def _submission_key(call: Call, form: Arguments) -> UUID:
    """Return the idempotency key; a client of the standard knows none: each of its requests is one of its own."""
    if call.headers.get(KEY_HEADER.lower()) is not None:
        try:
            return call.uuid_header(KEY_HEADER)
        except Invalid as wrong_key:
            form.faults.extend(wrong_key.faults)
    return uuid4()


def _fields(form: Arguments) -> dict[str, Any]:
    """Return the body of a report, as the native route takes it, that the form says; its faults stay in it."""
    answers = form.attributes(ATTRIBUTES)
    moments = answers.pop(_ONCE, [])
    if len(moments) > 1:
        form.fault(_NAMES[_ONCE], Fault.REPEATED)
    pattern = {
        name: [int(value) if _DIGIT.fullmatch(value) else value for value in values] for name, values in answers.items()
    }
    said = {
        "category": form.text("service_code"),
        "lat": _number(form.text("lat")),
        "lon": _number(form.text("long")),
        "description": form.text("description"),
        "occurred_at": moments[0].strip() if moments else None,
        "pattern": pattern or None,
        "acknowledge": form.listed("acknowledge", MAX_ACKNOWLEDGED) or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _number(text: str | None) -> float | str | None:
    """Return a number; what is none stays text, for the body's own check to name."""
    number = None if text is None else decimal(text.strip())
    return text if number is None else number


def _named(faults: Sequence[FieldFault], form: Arguments) -> list[FieldFault]:
    """Return a report's faults under the form's names; an address in the place of a point is a fault of its own."""
    named = [replace(fault, field=_name(fault.field), params=_params(fault)) for fault in faults]
    missing = [fault for fault in named if fault.field in {"lat", "long"} and fault.code is Fault.MISSING]
    address = next((name for name in ("address_string", "address_id") if form.given(name)), None)
    if len(missing) == 2 and address is not None:
        return [*(fault for fault in named if fault not in missing), FieldFault(address, Fault.ADDRESS_ALONE)]
    return named


def _name(field: str) -> str:
    known = [name for name in _NAMES if field == name or field.startswith(f"{name}.")]
    return _NAMES[max(known, key=len)] if known else field


def _params(fault: FieldFault) -> dict[str, object]:
    if "other" not in fault.params:
        return dict(fault.params)
    return {**fault.params, "other": _name(str(fault.params["other"]))}


def _filer(key: ApiKey, keyring: Keyring) -> ApiKey:
    """Return the key under a version that still counts: the operator's keys outlive the signing keys."""
    if key.key_version in keyring.device:
        return key
    return replace(key, key_version=keyring.newest)


def _intake(call: Call, box: Container, key: ApiKey) -> Intake:
    now = box.clock()
    # How much one network may file is the key's matter; how often it is told of one case is not.
    network = callers_network(call, box, now)
    duplicates = Duplicates(box.instance, now, lambda case: network.spend(Kind.HINT, case))
    return Intake(
        box.instance,
        lambda: box.places,
        KeyQuota(box.salts, key.limit),
        now,
        refuse_duplicate=lambda case: acknowledged(duplicates, case),
        admit=lambda: box.door.admit(now),
    )


def _submitted(filed: Filed, box: Container, language: str, *, extended: bool) -> shapes.Submitted:
    words, receipt = texts(AREA, language), filed.receipt.shown
    follow = links(box.settings.site_url, filed.id, receipt, has_page=False)["follow"]
    day = day_of(filed.due.take_up, box.instance.zone).isoformat()
    notice = words["notice.filed"].format(receipt=receipt, follow=follow, unit=filed.unit.name, day=day)
    if filed.location is None or filed.tier != 1:
        notice = f"{notice} {words['notice.not_shown']}"
    body: shapes.Submitted = {"service_request_id": filed.id, "service_notice": notice, "account_id": None}
    if extended:
        body["extended_attributes"] = {"receipt": receipt, "follow": follow, "tier": filed.tier}
    return body
