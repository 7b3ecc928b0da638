"""A request as the views see it: read from the gateway's event once, with its traps taken out.

The gateway hands path parameters percent-encoded, absent maps as null, and repeated query parameters as lists.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import UUID

from chalicelib.domain.errors import Invalid, Malformed, TooLarge, UnsupportedMediaType
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.network import Address, address, viewer

MAX_BODY = 32 * 1024
"""Bytes of a body; the largest honest one is a tenth of that."""

JSON = "application/json"
VIEWER_ADDRESS = "cloudfront-viewer-address"
SEAL = "czujka-seal"
"""What the distribution, and nobody else, adds to each request that it passes on."""
FORM = "application/x-www-form-urlencoded"

MAX_FIELDS = 200
"""Fields of a form; the largest honest one has a tenth of that."""


LONGEST_CHOICE = 64

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,20})?", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Call:
    """One request: `route` is the pattern it matched, `headers` have lower-case names, `query` all values of each."""

    method: str
    route: str
    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    request_id: str
    _event: Mapping[str, Any]

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Call":
        """Read a REST API proxy event."""
        context = event["requestContext"]
        return cls(
            method=context["httpMethod"],
            route=context["resourcePath"],
            path={name: unquote(value) for name, value in (event.get("pathParameters") or {}).items()},
            query=event.get("multiValueQueryStringParameters") or {},
            headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
            request_id=context.get("requestId", ""),
            _event=event,
        )

    def source(self, seals: Collection[str] = ()) -> Address | None:
        """Return the caller's address, None where there is none that can be read.

        It is the gateway's own finding; behind the distribution, whose edge is all that the gateway sees there, it is
        the distribution's, which is known by one of the `seals`: whoever goes past it has none, and is taken for who
        they are. What the caller says of itself (`X-Forwarded-For`, `Forwarded`) counts for nothing.
        """
        given = self.headers.get(SEAL, "").encode()
        if any(hmac.compare_digest(given, seal.encode()) for seal in seals):
            return viewer(self.headers.get(VIEWER_ADDRESS))
        return address((self._event["requestContext"].get("identity") or {}).get("sourceIp"))

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by name; of two of one name the first, which is the one of the more specific path."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        found: dict[str, str] = {}
        for name, _, value in pairs:
            found.setdefault(name, value)
        return found

    def json_body(self) -> bytes:
        """Return the body of a request that must be JSON, not yet parsed.

        Raises `UnsupportedMediaType`, `TooLarge`, or `Malformed` for one that is empty or not decodable.
        """
        if self._media_type != JSON:
            raise UnsupportedMediaType
        body = self._body()
        if len(body) > MAX_BODY:
            raise TooLarge(MAX_BODY)
        if not body.strip():
            raise Malformed
        return body

    def form_body(self) -> list[tuple[str, str]]:
        """Return the fields of a body that must be a form (``application/x-www-form-urlencoded``), in their order.

        Raises `UnsupportedMediaType`, `TooLarge`, or `Malformed` for one that is no UTF-8 or has too many fields.
        """
        if self._media_type != FORM:
            raise UnsupportedMediaType
        body = self._body()
        if len(body) > MAX_BODY:
            raise TooLarge(MAX_BODY)
        try:
            # By the standard of forms the bytes are ASCII, the characters of UTF-8 are written with per cent signs.
            return parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
        except ValueError as error:
            raise Malformed from error

    def uuid_header(self, name: str) -> UUID:
        """Return a header that is a UUID; raises `Invalid` where it is missing or none."""
        value = self.headers.get(name.lower())
        if value is None:
            raise Invalid([FieldFault(name, Fault.MISSING)])
        text = value.strip().lower()
        if not _UUID.fullmatch(text):
            raise Invalid([FieldFault(name, Fault.NOT_A_UUID)])
        return UUID(text)

    @property
    def _media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def _body(self) -> bytes:
        body = self._event.get("body") or ""
        if not self._event.get("isBase64Encoded"):
            return str(body).encode("utf-8", "surrogatepass")
        try:
            return base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Malformed from error


def decimal(text: str) -> float | None:
    """Return a plain decimal number, or None for anything else."""
    return float(text) if _NUMBER.fullmatch(text) else None


class Query:
    """Reads declared query parameters one by one and remembers what is wrong with each, to tell all at once."""

    def __init__(self, call: Call, *declared: str) -> None:
        self._given = call.query
        self._faults = [FieldFault(name, Fault.UNKNOWN_FIELD) for name in sorted(call.query.keys() - set(declared))]

    def text(self, name: str, longest: int) -> str | None:
        """Return an optional text, or None."""
        values = self._given.get(name, [])
        if len(values) > 1:
            self._faults.append(FieldFault(name, Fault.REPEATED))
        elif values and len(values[0]) > longest:
            self._faults.append(FieldFault(name, Fault.TOO_LONG, {"limit": longest, "length": len(values[0])}))
        return values[0] if values else None

    def number(self, name: str, minimum: float, maximum: float, default: float | None = None) -> float:
        """Return a decimal number; required without a `default`. What it returns for a faulty one means nothing."""
        values = self._given.get(name, [])
        if not values and default is not None:
            return default
        fault = _number_fault(name, values, minimum, maximum)
        if fault is None:
            return float(values[0])
        self._faults.append(fault)
        return minimum

    def chosen(self, name: str, allowed: Iterable[str]) -> str | None:
        """Return an optional one of some values, or None."""
        value, possible = self.text(name, LONGEST_CHOICE), list(allowed)
        if value is None or value in possible:
            return value
        self.fault(name, Fault.UNKNOWN_VALUE, allowed=", ".join(possible))
        return None

    def day(self, name: str) -> date | None:
        """Return an optional day ``YYYY-MM-DD``, or None."""
        value = self.text(name, LONGEST_CHOICE)
        if value is None:
            return None
        try:
            return date.fromisoformat(value if _DAY.fullmatch(value) else "")
        except ValueError:
            self.fault(name, Fault.WRONG_TYPE, expected="date")
            return None

    def whole(self, name: str, minimum: int, maximum: int, default: int) -> int:
        """Return a whole number; what it returns for a faulty one means nothing."""
        number = self.number(name, minimum, maximum, default)
        if number != int(number):
            self.fault(name, Fault.WRONG_TYPE, expected="integer")
        return int(number)

    def fault(self, name: str, code: Fault, **params: str | float) -> None:
        """Remember a fault that only the caller can find."""
        self._faults.append(FieldFault(name, code, params))

    def done(self) -> None:
        """Raise `Invalid` with every fault, if there is any."""
        if self._faults:
            raise Invalid(self._faults)


def _number_fault(name: str, values: list[str], minimum: float, maximum: float) -> FieldFault | None:
    if not values:
        return FieldFault(name, Fault.MISSING)
    if len(values) > 1:
        return FieldFault(name, Fault.REPEATED)
    if not _NUMBER.fullmatch(values[0]):
        return FieldFault(name, Fault.WRONG_TYPE, {"expected": "number"})
    if not minimum <= float(values[0]) <= maximum:
        return FieldFault(name, Fault.OUT_OF_RANGE, {"minimum": minimum, "maximum": maximum})
    return None
