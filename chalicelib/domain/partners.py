"""Institutions outside the police that cases are passed on to: what they may answer, where they serve, their tokens.

A token is ``czp_<code>_<secret>``: the code says which institution's it is, the secret is 256 random bits. The table
keeps a keyed hash of it, so that neither the table nor a backup opens anything.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chalicelib.domain.errors import PartnerInvalid

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}", re.ASCII)
"""What an institution may be called by machines."""

EVERYWHERE = "*"
"""The area of whoever serves the whole instance."""

TOKEN_LASTS = timedelta(days=365)
SECRET_BYTES = 32

ANSWERS_A_DAY = 200
"""Answers that one institution may give within a local day."""

WHOSE_LIMIT = 100
"""Code points of whom an institution names in its place."""

_PREFIX = "czp"
_SECRET = re.compile("[a-z2-7]{52}", re.ASCII)


class Verdict(StrEnum):
    """What an institution answers."""

    DONE = "done"
    NOT_OURS = "not_ours"


class Listed(StrEnum):
    """The two lists of an institution: what waits for its answer, and what it has answered."""

    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of institution, with its name in every language of the instance."""

    code: str
    names: Mapping[str, str]


def serves(served: str, area: str) -> bool:
    """Tell whether whoever serves one area may be asked about a case in another.

    Codes are hierarchical. A case knows its powiat and no finer area, so an institution of a gmina may be asked about
    the whole powiat: which of them it is, the officer knows.
    """
    return served == EVERYWHERE or area.startswith(served) or served.startswith(area)


def derived(secret: bytes) -> bytes:
    """Return the key of the tokens' hashes from a secret of the keyring."""
    return hmac.new(secret, b"partner-token", hashlib.sha256).digest()


def minted(code: str, randomness: bytes) -> str:
    """Return the token of `SECRET_BYTES` random bytes."""
    return f"{_PREFIX}_{code}_{b32encode(randomness).decode('ascii').lower().rstrip('=')}"


def code_of(token: str | None) -> str:
    """Return the code that a token names; raises `PartnerInvalid` for what is no token."""
    prefix, _, rest = (token or "").partition("_")
    code, _, secret = rest.partition("_")
    if prefix != _PREFIX or not CODE.fullmatch(code) or not _SECRET.fullmatch(secret):
        raise PartnerInvalid
    return code


def digest(key: bytes, token: str) -> str:
    """Return the keyed hash of a token, hexadecimal."""
    return hmac.new(key, token.encode("ascii"), hashlib.sha256).hexdigest()
