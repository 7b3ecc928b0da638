"""Secrets that need no memory: the reporter's receipt, the report's id and the device token.

A receipt is derived from the device and its idempotency key, the id from the receipt, each under
a key of its own. So a retry finds the same receipt without any stored link between device and
report, the id does not lead back to the receipt, and without the keys nothing leads anywhere.

Receipt: 24 characters of Crockford's base32 in six groups: one of key version, 21 of HMAC
(105 bits), two of check. The whole, read as a number, leaves the remainder 1 modulo the prime
1021: any one mistyped character and any two characters swapped are noticed for certain.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from chalicelib.domain.errors import DeviceInvalid, Invalid
from chalicelib.domain.faults import Fault, FieldFault

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no I, L, O and U."""

RECEIPT_LENGTH = 24
ID_LENGTH = 21
DEVICE_BYTES = 16

_SECRET_LENGTH = 21
_CHECK_PRIME = 1021
_GROUP = 4
_TYPED_ALIKE = str.maketrans("OIL", "011")
_DROPPED = re.compile(r"[\s\-\u2010-\u2015]+")
_TOKEN = re.compile(r"v([1-9][0-9]{0,3})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """The two secrets of one key version (0 to 31): k1 makes receipts, k2 makes ids of them."""

    version: int
    k1: bytes = field(repr=False)
    k2: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt in canonical form: 24 upper-case characters, no separators."""

    code: str = field(repr=False)

    @property
    def key_version(self) -> int:
        """The version of the key that made it."""
        return ALPHABET.index(self.code[0])

    @property
    def shown(self) -> str:
        """The receipt as people see it: six groups of four."""
        return "-".join(self.code[i : i + _GROUP] for i in range(0, RECEIPT_LENGTH, _GROUP))


def derive(key: ReceiptKey, device: str, idempotency_key: UUID) -> Receipt:
    """Return the receipt of one submission: HMAC-SHA256(k1, device, 0, idempotency key)."""
    digest = hmac.new(key.k1, f"{device}\0{idempotency_key}".encode(), hashlib.sha256).digest()
    body = ALPHABET[key.version] + base32(digest, _SECRET_LENGTH)
    return Receipt(body + _check_characters(body))


def parse(text: str, *, header: str = "Receipt") -> Receipt:
    """Return the receipt that a person typed: case, spaces, dashes, O for 0, I and L for 1 are forgiven.

    Raises `Invalid` with the fault `mistyped` where length, alphabet or check are wrong.
    """
    code = _DROPPED.sub("", text).upper().translate(_TYPED_ALIKE)
    if len(code) != RECEIPT_LENGTH or not set(code) <= set(ALPHABET) or _number(code) % _CHECK_PRIME != 1:
        raise Invalid([FieldFault(header, Fault.MISTYPED)])
    return Receipt(code)


def report_id(key: ReceiptKey, receipt: Receipt) -> str:
    """Return the id of the receipt's report: 21 lower-case characters (105 bits) of HMAC(k2, receipt)."""
    return base32(hmac.new(key.k2, receipt.code.encode(), hashlib.sha256).digest(), ID_LENGTH).lower()


def mint_device(keys: Mapping[int, bytes], randomness: bytes) -> str:
    """Return a device token `v<key>.<128 bits>.<mac>` under the newest key.

    Raises `ValueError` unless `randomness` is 16 bytes.
    """
    if len(randomness) != DEVICE_BYTES:
        raise ValueError(f"a device is {DEVICE_BYTES} bytes")
    version = max(keys)
    device = _base64(randomness)
    return f"v{version}.{device}.{_mac(keys[version], version, device)}"


def verify_device(keys: Mapping[int, bytes], token: str) -> str:
    """Return the device that a token names: its 128 bits in 22 characters.

    Raises `DeviceInvalid` for anything that this map did not mint under one of `keys`.
    """
    match = _TOKEN.fullmatch(token)
    if match is None or int(match[1]) not in keys:
        raise DeviceInvalid
    version, device, mac = int(match[1]), match[2], match[3]
    if not hmac.compare_digest(mac, _mac(keys[version], version, device)):
        raise DeviceInvalid
    return device


def base32(digest: bytes, length: int) -> str:
    """Return the first `length` Crockford characters, five bits each, of a digest."""
    number = int.from_bytes(digest) >> (8 * len(digest) - 5 * length)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (length - 1), -1, -5))


def _mac(key: bytes, version: int, device: str) -> str:
    return _base64(hmac.new(key, f"device\0v{version}.{device}".encode(), hashlib.sha256).digest()[:DEVICE_BYTES])


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _number(code: str) -> int:
    number = 0
    for character in code:
        number = number << 5 | ALPHABET.index(character)
    return number


def _check_characters(body: str) -> str:
    check = (1 - (_number(body) << 10)) % _CHECK_PRIME
    return ALPHABET[check >> 5] + ALPHABET[check & 31]
