"""One row of an import file: what it must hold, and everything that is wrong with one that does not.

Columns are the public contract's: `category` (code or name), `lat`, `lon`, `created_at`, and where they are known
`status`, `resolved_at`, `occurred_at`, `description`, `source`. With a projected reference system `x` and `y` stand
in place of `lat` and `lon`.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from chalicelib.domain.catalogue import Catalogue, Category
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.location import kept, micro
from chalicelib.domain.receipt import ID_LENGTH, base32
from chalicelib.domain.report import CLOCK_SKEW, Status
from chalicelib.domain.text import clean

T = TypeVar("T")

REQUIRED = ("category", "created_at")
OPTIONAL = ("status", "resolved_at", "occurred_at", "description", "source")
GEOGRAPHIC = ("lat", "lon")
PROJECTED = ("x", "y")

SOURCE_LIMIT = 64
"""Code points of the name of a source."""

Projection = Callable[[float, float], tuple[float, float]]
"""From x (easting) and y (northing) in metres to latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A good row: degrees, aware times in UTC, a clean description ("" where there is none)."""

    category: Category
    lat: float
    lon: float
    created: datetime
    status: Status
    resolved: datetime | None
    occurred: datetime | None
    description: str
    source: str | None

    @property
    def identity(self) -> bytes:
        """What makes the row the same in another run; its status is not part of it, for that changes."""
        parts = (
            self.category.code,
            micro(self.lat),
            micro(self.lon),
            self.created.isoformat(),
            self.occurred and self.occurred.isoformat(),
            self.description,
            self.source,
        )
        return "\x1f".join("" if part is None else str(part) for part in parts).encode()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads records of one file: with its catalogue, the zone of times without offset, and the time now."""

    catalogue: Catalogue
    zone: ZoneInfo
    now: datetime
    projection: Projection | None = None

    def header_faults(self, columns: Sequence[str]) -> list[FieldFault]:
        """Return what is wrong with the header row: columns missing, unknown or given twice."""
        place = PROJECTED if self.projection else GEOGRAPHIC
        missing = [name for name in (*REQUIRED, *place) if name not in columns]
        unknown = [name for name in columns if name not in (*REQUIRED, *place, *OPTIONAL)]
        repeated = sorted({name for name in columns if columns.count(name) > 1})
        return [
            *(FieldFault(name, Fault.MISSING) for name in missing),
            *(FieldFault(name, Fault.UNKNOWN_FIELD) for name in unknown),
            *(FieldFault(name, Fault.REPEATED) for name in repeated),
        ]

    def row(self, record: Mapping[str, str]) -> ImportRow:
        """Return the row of a record.

        Raises `Invalid` with every fault of the record.
        """
        faults: list[FieldFault] = []
        cells = {name: value.strip() for name, value in record.items()}
        category = _caught(faults, self._category, cells)
        place = _caught(faults, self._place, cells)
        created = _caught(faults, self._created, cells)
        status = _caught(faults, _status, cells)
        resolved = _caught(faults, self._later, cells, "resolved_at", created)
        occurred = _caught(faults, self._occurred, cells)
        description = _caught(faults, clean, cells.get("description", ""))
        source = _caught(faults, _source, cells)
        if faults or category is None or place is None or created is None or status is None or description is None:
            raise Invalid(faults)
        return ImportRow(category, *place, created, status, resolved, occurred, description, source)

    def _category(self, cells: Mapping[str, str]) -> Category:
        text = _required(cells, "category")
        found = self.catalogue.find(text)
        if found is None:
            raise Invalid([FieldFault("category", Fault.UNKNOWN_CATEGORY)])
        return found

    def _place(self, cells: Mapping[str, str]) -> tuple[float, float]:
        names = PROJECTED if self.projection else GEOGRAPHIC
        faults: list[FieldFault] = []
        first, second = (_caught(faults, _number, cells, name) for name in names)
        if first is None or second is None:
            raise Invalid(faults)
        lat, lon = self.projection(first, second) if self.projection else (first, second)
        bounds = ((names[0], lat, 90), (names[1], lon, 180))
        faults = [
            FieldFault(name, Fault.OUT_OF_RANGE, {"minimum": -limit, "maximum": limit})
            for name, value, limit in bounds
            if not abs(value) <= limit
        ]
        if faults:
            raise Invalid(faults)
        return kept(lat), kept(lon)

    def _created(self, cells: Mapping[str, str]) -> datetime:
        return self._past("created_at", _required(cells, "created_at"))

    def _occurred(self, cells: Mapping[str, str]) -> datetime | None:
        text = cells.get("occurred_at", "")
        return self._past("occurred_at", text) if text else None

    def _later(self, cells: Mapping[str, str], name: str, created: datetime | None) -> datetime | None:
        text = cells.get(name, "")
        if not text:
            return None
        moment = self._past(name, text)
        if created is not None and moment < created:
            raise Invalid([FieldFault(name, Fault.EARLIER, {"other": "created_at"})])
        return moment

    def _past(self, name: str, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise Invalid([FieldFault(name, Fault.NOT_A_TIME)]) from error
        if moment > self.now + CLOCK_SKEW:
            raise Invalid([FieldFault(name, Fault.IN_THE_FUTURE)])
        return moment


def imported_id(key: bytes, identity: bytes, ordinal: int) -> str:
    """Return the id of an imported report: HMAC(key, identity ‖ ordinal), as long as every report's.

    `ordinal` counts the rows of a file that are the same in everything. The key is secret, so that nobody
    can find an exact place or a description by trying which one gives a public id.
    """
    digest = hmac.new(key, b"import\0%d\0%b" % (ordinal, identity), hashlib.sha256).digest()
    return base32(digest, ID_LENGTH).lower()


def _caught(faults: list[FieldFault], read: Callable[..., T], *arguments: object) -> T | None:
    try:
        return read(*arguments)
    except Invalid as invalid:
        faults.extend(invalid.faults)
        return None


def _required(cells: Mapping[str, str], name: str) -> str:
    text = cells.get(name, "")
    if not text:
        raise Invalid([FieldFault(name, Fault.MISSING)])
    return text


def _number(cells: Mapping[str, str], name: str) -> float:
    try:
        number = float(_required(cells, name))
    except ValueError as error:
        raise Invalid([FieldFault(name, Fault.WRONG_TYPE, {"expected": "number"})]) from error
    if not math.isfinite(number):
        raise Invalid([FieldFault(name, Fault.WRONG_TYPE, {"expected": "number"})])
    return number


def _status(cells: Mapping[str, str]) -> Status:
    text = cells.get("status", "") or Status.NEW
    if text not in tuple(Status):
        raise Invalid([FieldFault("status", Fault.UNKNOWN_VALUE, {"allowed": ", ".join(Status)})])
    return Status(text)


def _source(cells: Mapping[str, str]) -> str | None:
    return clean(cells.get("source", ""), field="source", limit=SOURCE_LIMIT) or None
