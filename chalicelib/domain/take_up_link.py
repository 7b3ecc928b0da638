"""The link in an alert's mail by which a unit takes a case up without logging in.

``base64url(1.<report>.<unit>.<last day>).base64url(HMAC-SHA-256, the first 128 bits)``: good for that case, while it
is that unit's, to the end of the last day, and for nothing but taking it up. Whoever reads the unit's mail can use it:
that is whom the mail asks to. It travels in the fragment of an address and in a header, so that it is in nobody's log.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.errors import LinkExpired, NotFound

DAYS = 7
"""Local days after the mail's own on which its link still works."""

LONGEST = 200

_VERSION = "1"
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class TakeUpLink:
    """What a sound link says: which case may be taken up for which unit, and its last local day."""

    report: str
    unit: str
    last: date


def derived(secret: bytes) -> bytes:
    """Return the key of links from a secret of the keyring; it says nothing of the other keys made from that."""
    return hmac.new(secret, b"take-up-link", hashlib.sha256).digest()


def mint(key: bytes, report: str, unit: str, today: date) -> str:
    """Return the token of a mail sent on the local day `today`."""
    last = today + timedelta(days=DAYS)
    said = f"{_VERSION}.{report}.{unit}.{last.isoformat()}".encode()
    return f"{_text(said)}.{_text(_mac(key, said))}"


def read(key: bytes, token: str, today: date) -> TakeUpLink:
    """Return what a token says; raises `NotFound` for one that this map did not make, `LinkExpired` for an old one."""
    body, _, mac = token.partition(".")
    try:
        said, given = _bytes(body), _bytes(mac)
    except (binascii.Error, ValueError):
        raise NotFound from None
    if len(token) > LONGEST or not hmac.compare_digest(given, _mac(key, said)):
        raise NotFound
    _, report, unit, last = said.decode().split(".")
    link = TakeUpLink(report, unit, date.fromisoformat(last))
    if today > link.last:
        raise LinkExpired
    return link


def _mac(key: bytes, said: bytes) -> bytes:
    return hmac.new(key, said, hashlib.sha256).digest()[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    # Written one way only: what decodes to the same in another spelling is none of ours.
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _text(raw) != text:
        raise ValueError(text)
    return raw
