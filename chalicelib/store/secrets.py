"""The signing keys: an SSM SecureString with a JSON document, which a process reads again every few minutes.

The document is ``{"imports": "<hex>", "keys": [{"version": 1, "device": "<hex>", "k1": "<hex>", "k2": "<hex>"}, …]}``.
`imports` derives the ids of imported reports and is never changed, so that a file imported again finds its rows. One
version covers the other three keys: `device` signs device tokens, `k1` derives receipts, `k2` derives ids from
receipts. Devices are minted under the newest version that has begun. Everything that a device files is derived under
the version of its own token, so that a retry finds its report on both sides of a change of keys, and without trying
every key.

A version may say ``since``, before which nothing is made under it, and ``retired``, from when its tokens and
challenges count no more, while its receipts still open their cases. Both are UTC times as `keys.instant` writes them:

    put into the document ── every process has read it ── since ── another version's since ── retired ── taken out
      believed                                             minted   believed                  receipts alone
"""

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.clock import Clock, system_clock
from chalicelib.domain import partners, take_up_link
from chalicelib.domain.errors import DeviceInvalid, Unavailable
from chalicelib.domain.receipt import DEVICE_BYTES, ReceiptKey, mint_device, verify_device
from chalicelib.domain.subscription_token import TokenKey
from chalicelib.store.keys import moment

KEY_BYTES = 32
RETRY_AFTER = 5

FRESH = timedelta(minutes=5)
"""After this the keys are read again."""

KEPT = timedelta(hours=24)
"""After this keys that could not be read again are believed no more."""

PAUSE = timedelta(minutes=1)
"""The least time between two readings, however many versions that nobody knows are asked for."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device that this map has given a token: the token, its 128 bits as text, and its key version."""

    token: str
    name: str
    key_version: int


@dataclass(frozen=True)
class Keyring:
    """All keys that still count, by version."""

    device: Mapping[int, bytes]
    receipt: Mapping[int, ReceiptKey]
    imports: bytes

    newest: int
    """The version under which devices are minted."""

    seals: frozenset[str]
    """What the distribution shows to be known by, of every version that is kept: it learns of a new one later."""

    @classmethod
    def from_document(cls, document: Mapping[str, Any], now: datetime) -> "Keyring":
        """Read the parsed document as it counts now; `KeyError` or `ValueError` where it is not of the form above."""
        rows = document["keys"]
        counting = [row for row in rows if "retired" not in row or now < moment(row["retired"])]
        begun = [row["version"] for row in counting if "since" not in row or moment(row["since"]) <= now]
        if not begun:
            raise ValueError("no version of the keys has begun")
        device = {row["version"]: bytes.fromhex(row["device"]) for row in counting}
        receipt = {row["version"]: _receipt_key(row) for row in rows}
        seals = frozenset(seal(bytes.fromhex(row["device"])) for row in rows)
        return cls(device, receipt, bytes.fromhex(document["imports"]), begun[-1], seals)

    def mint(self, randomness: bytes) -> Device:
        """Return a new device under the newest key; `randomness` is `DEVICE_BYTES` bytes."""
        return self.verify(mint_device({self.newest: self.device[self.newest]}, randomness))

    def verify(self, token: str) -> Device:
        """Return the device of a token; raises `DeviceInvalid` for one that this map did not mint."""
        name = verify_device(self.device, token)
        # The verified form is v<version>.<device>.<mac>.
        return Device(token, name, int(token[1 : token.index(".")]))

    @property
    def proof(self) -> bytes:
        """The secret that signs challenges of the proof of work."""
        return self.proofs[self.newest]

    @cached_property
    def proofs(self) -> Mapping[int, bytes]:
        """The secrets by which challenges are known again, by version: a change of keys costs nobody a second work."""
        return {version: hmac.new(key, b"proof", hashlib.sha256).digest() for version, key in self.device.items()}

    @cached_property
    def subscriptions(self) -> TokenKey:
        """The keys of subscriptions: from the one that never changes, so that the link of an old mail still works."""
        return TokenKey.derived(self.imports)

    @cached_property
    def take_up_links(self) -> bytes:
        """The key of the links by which a unit takes a case up from its mail."""
        return take_up_link.derived(self.imports)

    @cached_property
    def partner_tokens(self) -> bytes:
        """The key of the hashes of institutions' tokens."""
        return partners.derived(self.imports)

    def receipt_key(self, version: int) -> ReceiptKey | None:
        """Return the key of a receipt's version, or None where it is no longer kept."""
        return self.receipt.get(version)


def seal(device: bytes) -> str:
    """Return what the distribution shows to be known by, from a version's key of devices."""
    return hmac.new(device, b"distribution", hashlib.sha256).hexdigest()


class Secrets:
    """Reads the keyring at first use, and again every `FRESH`."""

    def __init__(self, ssm: Any, parameter: str, clock: Clock = system_clock) -> None:
        self._ssm = ssm
        self._parameter = parameter
        self._clock = clock
        self._lock = threading.Lock()
        self._keyring: Keyring | None = None
        self._read: datetime | None = None
        self._tried: datetime | None = None

    @property
    def keyring(self) -> Keyring:
        """The keys; raises `Unavailable` while they cannot be read, or could not be for `KEPT`."""
        return self._current(FRESH)

    def _current(self, fresh: timedelta) -> Keyring:
        with self._lock:
            now = self._clock()
            if self._keyring is None or self._is_due(now, fresh):
                self._reread(now)
            if self._keyring is None or self._read is None or now - self._read > KEPT:
                raise Unavailable(RETRY_AFTER)
            return self._keyring

    def _is_due(self, now: datetime, fresh: timedelta) -> bool:
        return self._read is None or self._tried is None or (now - self._read >= fresh and now - self._tried >= PAUSE)

    def _reread(self, now: datetime) -> None:
        self._tried = now
        try:
            answer = self._ssm.get_parameter(Name=self._parameter, WithDecryption=True)
            self._keyring = Keyring.from_document(json.loads(answer["Parameter"]["Value"]), now)
        except (BotoCoreError, ClientError, KeyError, TypeError, ValueError):
            # What was read before counts for as long as `KEPT` says; a first reading is tried again at the next use.
            return
        self._read = now

    def new_device(self) -> Device:
        """Return a device that nobody has yet."""
        return self.keyring.mint(secrets.token_bytes(DEVICE_BYTES))

    def device(self, token: str | None) -> Device:
        """Return the device of the token that a request carries; raises `DeviceInvalid` without one."""
        if token is None:
            raise DeviceInvalid
        try:
            return self.keyring.verify(token)
        except DeviceInvalid:
            # It may be of a version that another process knows already.
            return self._current(PAUSE).verify(token)


def new_document() -> str:
    """Return a document with one new key version, for a fresh deployment."""
    return json.dumps({"imports": secrets.token_hex(KEY_BYTES), "keys": [new_row(1)]})


def new_row(version: int) -> dict[str, Any]:
    """Return a new version of the three keys."""
    return {"version": version, **{name: secrets.token_hex(KEY_BYTES) for name in ("device", "k1", "k2")}}


def _receipt_key(row: Mapping[str, Any]) -> ReceiptKey:
    return ReceiptKey(row["version"], bytes.fromhex(row["k1"]), bytes.fromhex(row["k2"]))
