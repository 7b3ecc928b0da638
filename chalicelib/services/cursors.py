"""Cursors of lists: a place in their order, written so that nobody takes it for anything else."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault

_POSITION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9a-z]{1,64}", re.ASCII)


def cursor_of(position: str) -> str:
    """Return the cursor that asks for what follows a position (`keys.at_id`)."""
    return urlsafe_b64encode(position.encode()).decode().rstrip("=")


def position_of(cursor: str) -> str:
    """Return the position of a cursor; raises `Invalid` for the field ``cursor`` where it is none."""
    try:
        position = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (Error, ValueError):
        position = ""
    if not _POSITION.fullmatch(position):
        raise Invalid([FieldFault("cursor", Fault.MISTYPED)])
    return position
