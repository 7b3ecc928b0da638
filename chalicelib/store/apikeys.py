"""API keys: who may file for others, how much a day, and whether still.

A key itself is shown once, when it is made; the table holds its SHA-256. That needs no salt and no slow hash: a key
is 160 random bits, which nobody can guess from its hash.
"""

import hashlib
import re
import secrets
from base64 import b32encode
from dataclasses import dataclass

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.errors import KeyInvalid
from chalicelib.store import keys
from chalicelib.store.failures import code
from chalicelib.store.models import MainItem, connection

PREFIX = "czk_"
RANDOM_BYTES = 20
NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}", re.ASCII)
"""What a key may be called: names stand in commands and in listings."""

_FORM = re.compile(f"{PREFIX}[a-z2-7]{{{RANDOM_BYTES * 8 // 5}}}", re.ASCII)


class ApiKeyItem(MainItem, discriminator="apikey"):
    """What a key allows, found by the key's hash."""

    name = UnicodeAttribute()
    limit = NumberAttribute()
    """Reports a local day."""
    active = BooleanAttribute()
    kv = NumberAttribute()
    """Version of the signing keys when the key was made: its receipts are derived under it."""
    created = UnicodeAttribute()


class NamedKeyItem(MainItem, discriminator="apikey_name"):
    """The hash of a key by its name, all in one partition, so that keys can be listed without a Scan."""

    hash = UnicodeAttribute()


# Two operators who choose one name at the same moment: the second is told, and no key is lost behind the other's name.
NAME_IS_FREE = NamedKeyItem.pk.does_not_exist()

# An update writes an item where there is none: a key that is gone must not come back as half of one.
KEY_IS_THERE = ApiKeyItem.pk.exists()


class NameTaken(Exception):
    """There is a key of this name."""


class NoSuchKey(Exception):
    """There is no key of this name."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the table knows it: `name` is what the operator calls it, `filer` what its reports are derived from."""

    label: str
    filer: str
    limit: int
    active: bool
    key_version: int
    created: str

    @property
    def name(self) -> str:
        """What receipts and quota are derived from; known to nobody outside."""
        return self.filer


def find(key: str | None) -> ApiKey:
    """Return an active key; raises `KeyInvalid` for one that is missing, unknown or revoked: half a read unit."""
    if key is None or not _FORM.fullmatch(key):
        raise KeyInvalid
    try:
        found = _read(ApiKeyItem.get(keys.api_key(digest(key)), keys.META))
    except ApiKeyItem.DoesNotExist:
        raise KeyInvalid from None
    if not found.active:
        raise KeyInvalid
    return found


def make(name: str, limit: int, key_version: int, created: str) -> str:
    """Make a key and return it: it cannot be read again. Raises `NameTaken`."""
    key = PREFIX + b32encode(secrets.token_bytes(RANDOM_BYTES)).decode("ascii").lower()
    hashed = digest(key)
    item = ApiKeyItem(
        keys.api_key(hashed), keys.META, name=name, limit=limit, active=True, kv=key_version, created=created
    )
    try:
        with TransactWrite(connection=connection()) as transaction:
            transaction.save(NamedKeyItem(keys.API_KEYS, name, hash=hashed), NAME_IS_FREE)
            transaction.save(item)
    except TransactWriteError as error:
        if code(error) != "TransactionCanceledException":
            raise
        raise NameTaken(name) from error
    return key


def revoke(name: str) -> None:
    """Let a key file no more, at once and for good; doing it again changes nothing. Raises `NoSuchKey`."""
    try:
        hashed = NamedKeyItem.get(keys.API_KEYS, name, consistent_read=True).hash
    except NamedKeyItem.DoesNotExist:
        raise NoSuchKey(name) from None
    ApiKeyItem(keys.api_key(hashed), keys.META).update([ApiKeyItem.active.set(value=False)], KEY_IS_THERE)


def listed() -> list[ApiKey]:
    """Return all keys by name, revoked ones too."""
    named = list(NamedKeyItem.query(keys.API_KEYS, consistent_read=True))
    found = {
        item.pk: _read(item) for item in ApiKeyItem.batch_get([(keys.api_key(each.hash), keys.META) for each in named])
    }
    return [found[keys.api_key(each.hash)] for each in named]


def digest(key: str) -> str:
    """Return the SHA-256 of a key, hexadecimal."""
    return hashlib.sha256(key.encode("ascii")).hexdigest()


def _read(item: ApiKeyItem) -> ApiKey:
    filer = item.pk.removeprefix(keys.api_key(""))
    return ApiKey(item.name, filer, int(item.limit), bool(item.active), int(item.kv), item.created)
