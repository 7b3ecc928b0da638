"""Asking for a photo's upload: by receipt, within a day of the report, three at most."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import NotFound
from chalicelib.domain.photo import LIFETIME, WINDOW, MediaType, PhotosClosed, PhotosFull
from chalicelib.domain.receipt import parse, report_id
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN
from chalicelib.store import reports, uploads
from chalicelib.store.photos import Form, Vault
from chalicelib.store.secrets import Keyring

MARK_BYTES = 8


@dataclass(frozen=True, slots=True)
class Permitted:
    """A place that waits for one file until `expires`."""

    slot: int
    form: Form
    expires: datetime


def permit(receipt: str, kind: MediaType, size: int, keyring: Keyring, vault: Vault, now: datetime) -> Permitted:
    """Claim a place for a photo of the receipt's report and return what it is to be posted with.

    Raises `Invalid` for a mistyped receipt, `NotFound` where it opens nothing, `PhotosClosed` later than `WINDOW` after
    the acceptance and for a closed case, `PhotosFull` where every place is taken.
    """
    code = parse(receipt)
    key = keyring.receipt_key(code.key_version)
    report = None if key is None else reports.find(report_id(key, code), consistent=True)
    if report is None:
        raise NotFound
    if now > report.created + WINDOW or Status(report.status) not in OPEN:
        raise PhotosClosed(report.created + WINDOW)
    claimed = uploads.claim(report.id, kind, size, secrets.token_hex(MARK_BYTES), now)
    if claimed is None:
        raise PhotosFull
    slot, arriving = claimed
    return Permitted(slot, vault.form(arriving, kind), now + LIFETIME)
