"""The data dictionary: what every column of the published tables holds, as data.

The columns are those of `columns`, the words those of `languages/dictionary`. The published dictionary and the schemas
of the Data Package (`datapackage`) are made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.domain.calendar import Part
from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.instance import Instance
from chalicelib.domain.steps import STEPS, Reason
from chalicelib.domain.visibility import TABLE as SIGHTS
from chalicelib.domain.visibility import Shown, Surface
from chalicelib.hotspots.trends import Trend
from chalicelib.languages import texts
from chalicelib.services.columns import TABLES, Allowed, Column, TableOfData

LANGUAGES = ("pl", "en", "uk")
"""The languages of the dictionary, whatever the instance's own are."""

HEADER = (
    *("table", "column", "position", "type", "unit", "required", "allowed"),
    *(f"description_{language}" for language in LANGUAGES),
)
"""Columns of the dictionary as a table."""

WINDOWS = ("365d", "28d")
CONFIDENCES = ("0", "90", "95", "99")
TRENDS = tuple(kind.name.lower() for kind in Trend)
LEVELS = ("country", "voivodeship", "powiat")
ALL = "all"


def allowed(column: Column, instance: Instance) -> tuple[str, ...]:
    """Return the values that a column may hold, in their order; none where anything may stand."""
    match column.allowed:
        case None:
            return ()
        case Allowed.CATEGORY:
            return _codes(instance, {Sensitivity.ORDINARY, Sensitivity.VULNERABLE})
        case Allowed.CATEGORY_OR_ALL:
            return (ALL, *_codes(instance, {Sensitivity.ORDINARY, Sensitivity.VULNERABLE}))
        case Allowed.ANY_CATEGORY_OR_ALL:
            return (ALL, *_codes(instance, set(Sensitivity)))
        case Allowed.ORDINARY_OR_ALL:
            return (ALL, *_codes(instance, {Sensitivity.ORDINARY}))
        case _:
            return _FIXED[column.allowed]


def document(names: Iterable[str], instance: Instance) -> dict[str, Any]:
    """Return the published dictionary of the tables of these names."""
    return {
        "languages": list(LANGUAGES),
        "tables": [_table(TABLES[name], instance) for name in names],
    }


def rows(names: Iterable[str], instance: Instance) -> Iterator[tuple[Any, ...]]:
    """Yield the dictionary as a table with the columns of `HEADER`, one row a column."""
    for table in (TABLES[name] for name in names):
        for position, column in enumerate(table.columns, start=1):
            yield (
                table.name,
                column.name,
                position,
                column.kind.value,
                column.unit,
                "true" if column.required else "false",
                " ".join(allowed(column, instance)),
                *(describe(table, column, language) for language in LANGUAGES),
            )


def title(table: TableOfData, language: str) -> str:
    """Return the name of a table for people."""
    return texts("dictionary", language)[f"{table.name}.title"]


def summary(table: TableOfData, language: str) -> str:
    """Return what a table is."""
    return texts("dictionary", language)[f"{table.name}.summary"]


def describe(table: TableOfData, column: Column, language: str) -> str:
    """Return what a column holds."""
    return texts("dictionary", language)[f"{table.name}.{column.name}"]


def _table(table: TableOfData, instance: Instance) -> dict[str, Any]:
    return {
        "name": table.name,
        "titles": {language: title(table, language) for language in LANGUAGES},
        "descriptions": {language: summary(table, language) for language in LANGUAGES},
        "key": list(table.key),
        "columns": [_column(table, column, instance) for column in table.columns],
    }


def _column(table: TableOfData, column: Column, instance: Instance) -> dict[str, Any]:
    limits = {"minimum": column.minimum, "maximum": column.maximum, "pattern": column.pattern}
    unit = column.unit
    return {
        "name": column.name,
        "type": column.kind.value,
        "required": column.required,
        **({} if unit is None else {"unit": unit, "units": words("unit", unit)}),
        **{name: limit for name, limit in limits.items() if limit is not None},
        **({"allowed": values} if (values := _values(column, instance)) else {}),
        "descriptions": {language: describe(table, column, language) for language in LANGUAGES},
    }


def _values(column: Column, instance: Instance) -> list[dict[str, Any]]:
    return [{"value": value, "labels": _labels(column.allowed, value, instance)} for value in allowed(column, instance)]


def _labels(kind: Allowed | None, value: str, instance: Instance) -> dict[str, str]:
    if value in instance.catalogue.categories:
        names = instance.catalogue.categories[value].names
        return {language: names.get(language, names[instance.default_language]) for language in LANGUAGES}
    if kind in _ELSEWHERE:
        return {language: texts(_ELSEWHERE[kind], language)[value] for language in LANGUAGES}
    return words("value", value)


def words(kind: str, name: str) -> dict[str, str]:
    """Return what a unit or a value (`kind`) is called, by language."""
    return {language: texts("dictionary", language)[f"{kind}.{name}"] for language in LANGUAGES}


def _codes(instance: Instance, sensitivities: set[Sensitivity]) -> tuple[str, ...]:
    return tuple(row.code for row in instance.catalogue.categories.values() if row.sensitivity in sensitivities)


_PUBLIC_STATUSES = tuple(
    dict.fromkeys(
        status.value for row in SIGHTS if row.sight(Surface.ROW).shown is not Shown.NEVER for status in row.statuses
    )
)

# A reason stands in a row as the reason of the step that led to the row's status.
_PUBLIC_REASONS = {reason for step in STEPS if step.target in _PUBLIC_STATUSES for reason in step.reasons}

_FIXED: Mapping[Allowed, tuple[str, ...]] = {
    Allowed.STATUS: _PUBLIC_STATUSES,
    Allowed.REASON: tuple(reason.value for reason in Reason if reason in _PUBLIC_REASONS),
    Allowed.PART: tuple(part.value for part in Part),
    Allowed.WINDOW: WINDOWS,
    Allowed.CONFIDENCE: CONFIDENCES,
    Allowed.TREND: TRENDS,
    Allowed.LEVEL: LEVELS,
}

_ELSEWHERE: Mapping[Allowed | None, str] = {
    Allowed.STATUS: "statuses",
    Allowed.REASON: "reasons",
    Allowed.PART: "parts",
}
"""Areas of the languages that have the words of these values already."""
