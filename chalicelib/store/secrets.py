"""The signing keys: an SSM SecureString with a JSON document, read once in the life of a process.

The document is ``{"imports": "<hex>", "keys": [{"version": 1, "device": "<hex>", "k1": "<hex>", "k2": "<hex>"}, …]}``.
`imports` derives the ids of imported reports and is never changed, so that a file imported again finds its rows. One
version covers the other three keys: `device` signs device tokens, `k1` derives receipts, `k2` derives ids from
receipts. Devices are minted under the newest version. Everything that a device files is derived under the version of
its own token, so that a retry finds its report on both sides of a change of keys, and without trying every key.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain import partners, take_up_link
from chalicelib.domain.errors import DeviceInvalid, Unavailable
from chalicelib.domain.receipt import DEVICE_BYTES, ReceiptKey, mint_device, verify_device
from chalicelib.domain.subscription_token import TokenKey

KEY_BYTES = 32
RETRY_AFTER = 5


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

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Keyring":
        """Read the parsed document; `KeyError` or `ValueError` where it is not of the form above."""
        rows = document["keys"]
        device = {row["version"]: bytes.fromhex(row["device"]) for row in rows}
        receipt = {row["version"]: _receipt_key(row) for row in rows}
        return cls(device, receipt, bytes.fromhex(document["imports"]))

    def mint(self, randomness: bytes) -> Device:
        """Return a new device under the newest key; `randomness` is `DEVICE_BYTES` bytes."""
        return self.verify(mint_device(self.device, randomness))

    def verify(self, token: str) -> Device:
        """Return the device of a token; raises `DeviceInvalid` for one that this map did not mint."""
        name = verify_device(self.device, token)
        # The verified form is v<version>.<device>.<mac>.
        return Device(token, name, int(token[1 : token.index(".")]))

    @cached_property
    def proof(self) -> bytes:
        """The secret that signs challenges of the proof of work: of the newest key, for they live only minutes."""
        return hmac.new(self.device[max(self.device)], b"proof", hashlib.sha256).digest()

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


class Secrets:
    """Reads the keyring at first use."""

    def __init__(self, ssm: Any, parameter: str) -> None:
        self._ssm = ssm
        self._parameter = parameter

    @cached_property
    def keyring(self) -> Keyring:
        """The keys; raises `Unavailable` while the parameter cannot be read, and tries again at the next use."""
        try:
            answer = self._ssm.get_parameter(Name=self._parameter, WithDecryption=True)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(RETRY_AFTER) from error
        return Keyring.from_document(json.loads(answer["Parameter"]["Value"]))

    def new_device(self) -> Device:
        """Return a device that nobody has yet."""
        return self.keyring.mint(secrets.token_bytes(DEVICE_BYTES))

    def device(self, token: str | None) -> Device:
        """Return the device of the token that a request carries; raises `DeviceInvalid` without one."""
        if token is None:
            raise DeviceInvalid
        return self.keyring.verify(token)


def new_document() -> str:
    """Return a document with one new key version, for a fresh deployment."""
    row = {name: secrets.token_hex(KEY_BYTES) for name in ("device", "k1", "k2")}
    return json.dumps({"imports": secrets.token_hex(KEY_BYTES), "keys": [{"version": 1, **row}]})


def _receipt_key(row: Mapping[str, Any]) -> ReceiptKey:
    return ReceiptKey(row["version"], bytes.fromhex(row["k1"]), bytes.fromhex(row["k2"]))
