"""Views of somebody who files a report."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import DeviceInvalid, Invalid, Problem, ProofInvalid
from chalicelib.domain.faults import FieldFault
from chalicelib.domain.location import PublicLocation, cell_at
from chalicelib.domain.network import Kind
from chalicelib.domain.proof import HELD_FACTOR
from chalicelib.domain.report import NewReport
from chalicelib.http import shapes
from chalicelib.http.body import ChallengeBody, ReportBody, Rules, read, uuid_of
from chalicelib.http.call import Call
from chalicelib.http.common import callers_network, unit_ref
from chalicelib.http.reply import Reply
from chalicelib.http.similar import acknowledged
from chalicelib.services import proof
from chalicelib.services.case import NewCase
from chalicelib.services.duplicates import Duplicates
from chalicelib.services.intake import Filed, Intake, Submission
from chalicelib.services.surges import Place, Surges
from chalicelib.store import keys
from chalicelib.store.quota import DeviceQuota
from chalicelib.store.secrets import Device
from chalicelib.store.witness import REPORTED

DEVICE_HEADER = "device-token"
KEY_HEADER = "Idempotency-Key"
COOKIE_AGE = 365 * 24 * 3600
"""Seconds that a browser keeps the token: as long as its key may be kept."""


def challenge(call: Call, box: Container) -> Reply:
    """Tell a device whether it may report, and give it a token if it has none that is valid."""
    body = read(ChallengeBody, call.json_body())
    device = _known_device(call, box) or box.secrets.new_device()
    key, intake = uuid_of(body.idempotency_key, "idempotency_key"), _intake(call, box)
    resets_at = intake.may_report(device, key)
    made = _work(call, box, key, intake.now)
    answer: shapes.Challenge = {"challenge": made, "may_report": resets_at is None}
    if resets_at is not None:
        answer["resets_at"] = keys.instant(resets_at)
    if body.client == "api":
        answer["device"] = device.token
        return Reply(answer)
    return Reply(answer, headers={"Set-Cookie": _cookie(device, secure=box.settings.cookie_secure)})


def file_report(call: Call, box: Container) -> Reply:
    """File a report: 201, or 200 and the same body where this very submission was filed before."""
    body = call.json_body()
    device = box.secrets.device(device_token(call, box))
    intake = _intake(call, box)

    def draft() -> NewReport:
        rules = Rules(box.instance.catalogue, intake.now, day_of(intake.now, box.instance.zone))
        return read(ReportBody, body, rules).draft()

    key = _key(call, draft)
    # Before anything is looked up for the caller. Who was accepted and lost the answer solves another challenge.
    if box.proof.work(intake.now) and not proof.holds(
        box.secrets.keyring.proofs.values(), _proof(body), key, intake.now
    ):
        draft()  # What is wrong with the body is told at once: nobody shall compute twice for want of a field.
        raise ProofInvalid
    filed = intake.file(Submission.of(box.secrets.keyring, device, key), draft)
    answer = filed_body(filed, box.settings.site_url)
    if not filed.new:
        return Reply(answer)
    return Reply(answer, 201, headers={"Location": f"/v1/reports/{filed.id}"})


def _work(call: Call, box: Container, key: UUID, now: datetime) -> shapes.Work | None:
    work = box.proof.work(now)
    if work is None:
        return None
    if callers_network(call, box, now).is_full(Kind.REPORT):
        work = work.times(HELD_FACTOR)
    return cast("shapes.Work", proof.challenge(box.secrets.keyring.proof, key, work, now))


def _key(call: Call, draft: Callable[[], NewReport]) -> UUID:
    """Return the idempotency key; `Invalid` for a wrong one names the faults of the body with it."""
    try:
        return call.uuid_header(KEY_HEADER)
    except Invalid as wrong_key:
        body_faults = _faults(draft)
        raise Invalid([*wrong_key.faults, *body_faults]) from None


def _proof(body: bytes) -> str | None:
    """Return the proof that a body holds, whatever else is wrong with it."""
    try:
        held = json.loads(body)
    except (ValueError, RecursionError):
        return None
    given = held.get("proof") if isinstance(held, dict) else None
    return given if isinstance(given, str) else None


def _faults(draft: Callable[[], NewReport]) -> Sequence[FieldFault]:
    try:
        draft()
    except Problem as wrong_body:
        return wrong_body.faults
    return ()


def filed_body(filed: Filed, site_url: str) -> shapes.Filed:
    """Return how an accepted report is told to its reporter."""
    receipt = filed.receipt.shown
    return {
        "id": filed.id,
        "receipt": receipt,
        "status": "new",
        "tier": 1 if filed.tier == 1 else 2,
        "category": filed.category,
        "unit": unit_ref(filed.unit),
        "created_at": keys.instant(filed.created),
        "due": due(filed.due.take_up, filed.due.verify),
        "location": location(filed.location),
        "links": links(site_url, filed.id, receipt, has_page=filed.location is not None),
    }


def due(take_up: datetime, verify: datetime) -> shapes.Due:
    """Return both deadlines."""
    return {"take_up": keys.instant(take_up), "verify": keys.instant(verify)}


def location(place: PublicLocation | None) -> shapes.Location | None:
    """Return a public place, or None."""
    if place is None:
        return None
    return {"lat": place.lat, "lon": place.lon, "cell": place.cell, "precision_m": place.precision_m}


def links(site_url: str, report_id: str, receipt: str, *, has_page: bool) -> shapes.Links:
    """Return the site's pages of a report; what must stay secret stands in the fragment."""
    return {
        "public": f"{site_url}/#/map?show={report_id}" if has_page else None,
        "follow": f"{site_url}/#/follow?receipt={receipt}",
    }


def _intake(call: Call, box: Container) -> Intake:
    # The one look at the clock: it decides the day, whatever the time is when the transaction ends.
    now = box.clock()
    network = callers_network(call, box, now)
    duplicates = Duplicates(box.instance, now, lambda case: network.spend(Kind.HINT, case))
    return Intake(
        box.instance,
        lambda: box.places,
        DeviceQuota(box.salts),
        now,
        refuse_duplicate=lambda case: acknowledged(duplicates, case),
        tier=network.tier,
        witness=lambda filer, cell, day: box.windows.witness(filer.name, cell, day, box.instance.zone),
        watch=lambda case, witness: Surges(box.instance, now).watch(_place(case), witness, REPORTED),
        admit=lambda: box.door.admit(now),
    )


def _place(case: NewCase) -> Place:
    return Place(case.id, case.category.code, case.unit.code, cell_at(case.draft.lat, case.draft.lon))


def _known_device(call: Call, box: Container) -> Device | None:
    try:
        return box.secrets.device(device_token(call, box))
    except DeviceInvalid:
        return None


def device_token(call: Call, box: Container) -> str | None:
    """Return the device token that a request carries: the header's before the cookie's."""
    return call.headers.get(DEVICE_HEADER) or call.cookies.get(_cookie_name(secure=box.settings.cookie_secure))


def _cookie_name(*, secure: bool) -> str:
    # With the prefix a browser takes the cookie only over TLS, from this very host, for all its paths.
    return "__Host-device" if secure else "device"


def _cookie(device: Device, *, secure: bool) -> str:
    attributes = f"Max-Age={COOKIE_AGE}; Path=/; HttpOnly; SameSite=Strict"
    return f"{_cookie_name(secure=secure)}={device.token}; {attributes}{'; Secure' if secure else ''}"
