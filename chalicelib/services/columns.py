"""The columns of the published tables for analysts, as data: names, types, units, and what may stand in them.

What a column holds is told in words by `languages/dictionary`; `dictionary` puts the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """Types of columns, by their names in the Table Schema of Frictionless."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    MONTH = "yearmonth"


class Allowed(StrEnum):
    """Lists of values that a column may hold."""

    CATEGORY = "category"
    CATEGORY_OR_ALL = "category_or_all"
    ANY_CATEGORY_OR_ALL = "any_category_or_all"
    ORDINARY_OR_ALL = "ordinary_or_all"
    STATUS = "status"
    REASON = "reason"
    PART = "part"
    WINDOW = "window"
    CONFIDENCE = "confidence"
    TREND = "trend"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `unit` and `allowed` are None where there is none; what is `required` is never empty.

    `minimum` and `maximum` are in the unit, `pattern` is a regular expression for the whole value.
    """

    name: str
    kind: Kind
    unit: str | None = None
    required: bool = True
    allowed: Allowed | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class TableOfData:
    """A published table: its columns in their order, and those that together are different in every row."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def _text(name: str, *, required: bool = True, allowed: Allowed | None = None, pattern: str | None = None) -> Column:
    return Column(name, Kind.STRING, required=required, allowed=allowed, pattern=pattern)


def _day(name: str, *, required: bool = True) -> Column:
    return Column(name, Kind.DATE, "day", required)


def _reports(name: str, *, required: bool = True, minimum: int = 0) -> Column:
    return Column(name, Kind.INTEGER, "reports", required, minimum=minimum)


def _number(name: str, unit: str | None, minimum: float | None = None, maximum: float | None = None) -> Column:
    return Column(name, Kind.NUMBER, unit, required=False, minimum=minimum, maximum=maximum)


_CELL = "8[0-9a-f]{14}"

REPORTS = TableOfData(
    "reports",
    ("id",),
    (
        _text("id"),
        _text("category", allowed=Allowed.CATEGORY),
        _text("status", allowed=Allowed.STATUS),
        _text("reason", required=False, allowed=Allowed.REASON),
        _day("created_day"),
        _day("occurred_day", required=False),
        _text("part", required=False, allowed=Allowed.PART),
        _day("resolved_day", required=False),
        _text("cell", pattern=_CELL),
        Column("lat", Kind.NUMBER, "degrees", minimum=-90, maximum=90),
        Column("lon", Kind.NUMBER, "degrees", minimum=-180, maximum=180),
        _text("unit", required=False),
        _text("powiat", required=False),
        _text("gmina", required=False),
    ),
)

CELLS = TableOfData(
    "cells",
    ("cell", "resolution", "category", "window"),
    (
        _text("cell", pattern=_CELL),
        Column("resolution", Kind.INTEGER, minimum=5, maximum=9),
        _text("category", allowed=Allowed.CATEGORY_OR_ALL),
        _text("window", allowed=Allowed.WINDOW),
        # Of a vulnerable category, and of all of them together, a window can be empty while the other is not.
        _reports("reports"),
        Column("sources", Kind.INTEGER, "sources", minimum=0),
        _number("expected", "reports_30_days", 0),
        _number("z", "deviations"),
        _number("p_gi", "probability", 0, 1),
        _number("p_poisson", "probability", 0, 1),
        Column("hot", Kind.INTEGER, "per_cent", required=False, allowed=Allowed.CONFIDENCE),
        _number("z_national", "deviations"),
        Column("hot_national", Kind.INTEGER, "per_cent", required=False, allowed=Allowed.CONFIDENCE),
        _number("surprise", "log10", 0, 20),
        _text("trend", required=False, allowed=Allowed.TREND),
    ),
)

AREAS = TableOfData(
    "areas",
    ("level", "teryt", "category", "first_day"),
    (
        _text("level", allowed=Allowed.LEVEL),
        _text("teryt", required=False),
        _text("name"),
        _text("category", allowed=Allowed.ANY_CATEGORY_OR_ALL),
        _day("first_day"),
        _day("last_day"),
        _reports("reports", minimum=1),
        *(_reports(name, required=False) for name in ("confirmed", "passed_on", "unconfirmed", "eliminated", "open")),
        Column("population", Kind.INTEGER, "people", required=False, minimum=1),
        _number("per_1000", "reports_per_1000", 0),
    ),
)

RESPONSES = TableOfData(
    "responses",
    ("unit", "category", "month"),
    (
        _text("unit"),
        _text("name"),
        _text("category", allowed=Allowed.ORDINARY_OR_ALL),
        Column("month", Kind.MONTH, "month"),
        _reports("reports", minimum=1),
        _reports("open"),
        _reports("closed"),
        _reports("within_deadline"),
        _number("days_median", "days", 0),
        _number("days_p90", "days", 0),
    ),
)

TABLES: Mapping[str, TableOfData] = MappingProxyType(
    {table.name: table for table in (REPORTS, CELLS, AREAS, RESPONSES)}
)
"""Every table for analysts, by its name."""
