"""The links of a subscription's mails: a token that needs no memory.

``<21 characters: id> <9: when it was asked for, in milliseconds> <21: HMAC>``, all in Crockford's base32 in lower
case. The id is an HMAC of the address, so the token names nobody; the last part (105 bits) nobody but this map can
make. The moment binds a confirmation to the very letter that carried it; unsubscribing looks at the id alone, so that
every mail ever sent can end what it belongs to. The key is derived from the one that is never changed: a link in a
mail must work for as long as the mail is kept.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chalicelib.domain.email import Address
from chalicelib.domain.errors import NotFound
from chalicelib.domain.receipt import ALPHABET, base32

ID_LENGTH = 21
LENGTH = 51

_MOMENT_LENGTH = 9
_ALPHABET = ALPHABET.lower()


@dataclass(frozen=True, slots=True)
class TokenKey:
    """The two secrets: one makes ids of addresses, the other signs tokens."""

    ids: bytes = field(repr=False)
    tokens: bytes = field(repr=False)

    @classmethod
    def derived(cls, secret: bytes) -> TokenKey:
        """Derive both from a secret of the keyring; what one of them makes says nothing of the other."""
        return cls(*(hmac.new(secret, name, hashlib.sha256).digest() for name in (b"subscription", b"token")))


@dataclass(frozen=True, slots=True)
class Link:
    """What a sound token says: which subscription, and when the letter was asked for."""

    id: str
    asked: datetime


def subscription_id(key: TokenKey, address: Address) -> str:
    """Return the id of an address's subscription: 21 lower-case characters."""
    return base32(hmac.new(key.ids, address.known_as.encode(), hashlib.sha256).digest(), ID_LENGTH).lower()


def mint(key: TokenKey, link: Link) -> str:
    """Return the token of a link; the moment is kept to the millisecond."""
    body = link.id + _spelt(round(link.asked.timestamp() * 1000))
    return body + _mac(key, body)


def read(key: TokenKey, token: str) -> Link:
    """Return what a token says; raises `NotFound` for one that this map did not make."""
    body, mac = token[:-ID_LENGTH], token[-ID_LENGTH:]
    # Characters first: compare_digest takes ASCII only.
    if len(token) != LENGTH or not set(token) <= set(_ALPHABET) or not hmac.compare_digest(mac, _mac(key, body)):
        raise NotFound
    milliseconds = 0
    for character in body[ID_LENGTH:]:
        milliseconds = milliseconds << 5 | _ALPHABET.index(character)
    return Link(body[:ID_LENGTH], datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds))


def _mac(key: TokenKey, body: str) -> str:
    return base32(hmac.new(key.tokens, body.encode(), hashlib.sha256).digest(), ID_LENGTH).lower()


def _spelt(number: int) -> str:
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (_MOMENT_LENGTH - 1), -1, -5))
