"""The units that answer for places: who answers where, since when, and who stands above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and the areas it answers for.

    `code` is stable, upper-case ASCII; `short` is its name where room is short; `parent` is the
    code of the unit above or None; `areas` are codes of areas (strings: leading zeros count).
    `valid_from` and `valid_to` are its first and last day, None where open.
    """

    code: str
    name: str
    short: str
    kind: str
    parent: str | None
    areas: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Tell whether the unit answers on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Units:
    """All units that ever were; a report keeps the one it was given."""

    version: str
    _units: Mapping[str, Unit]
    _by_area: Mapping[str, tuple[Unit, ...]]

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Units:
        """Read the parsed `units.json`: garrisons, which have no parent, and the units under them.

        Raises `ValueError` where a code stands twice, a parent is unknown or in a circle, or two
        units answer for the same area on the same day.
        """
        rows = [_unit(row) for row in (*document["garrisons"], *document["units"])]
        units = {unit.code: unit for unit in rows}
        by_area: dict[str, tuple[Unit, ...]] = {}
        for unit in rows:
            for area in unit.areas:
                by_area[area] = (*by_area.get(area, ()), unit)
        _check(rows, units, by_area)
        return cls(document["version"], units, by_area)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units.values())

    def __getitem__(self, code: str) -> Unit:
        return self._units[code]

    def __contains__(self, code: object) -> bool:
        return code in self._units

    def unit_for(self, area: str, day: date) -> Unit:
        """Return the unit that answers for an area on a day.

        Codes of areas are hierarchical (TERYT: voivodeship, powiat, gmina), so where nobody
        answers for the very area, whoever answers for the nearest one that contains it does.
        Raises `LookupError` where nobody does at all.
        """
        for length in range(len(area), 0, -1):
            for unit in self._by_area.get(area[:length], ()):
                if unit.valid_on(day):
                    return unit
        raise LookupError(f"no unit answers for the area {area} on {day}")

    def chain(self, code: str) -> tuple[Unit, ...]:
        """Return the unit and everyone above it, upwards; the last is its garrison."""
        unit = self._units[code]
        return (unit,) if unit.parent is None else (unit, *self.chain(unit.parent))

    def garrison(self, code: str) -> Unit:
        """Return the topmost unit above `code`, or the unit itself where it is one."""
        return self.chain(code)[-1]


def _unit(row: Mapping[str, Any]) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        short=row.get("short", row["name"]),
        kind=row.get("kind", "garrison"),
        parent=row.get("parent"),
        areas=tuple(row.get("areas", ())),
        valid_from=_day(row.get("valid_from")),
        valid_to=_day(row.get("valid_to")),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _check(rows: list[Unit], units: Mapping[str, Unit], by_area: Mapping[str, tuple[Unit, ...]]) -> None:
    if len(units) < len(rows):
        raise ValueError("a unit's code stands twice")
    for unit in rows:
        seen = {unit.code}
        above = unit
        while above.parent is not None:
            if above.parent not in units or above.parent in seen:
                raise ValueError(f"{unit.code}: nobody stands above {above.code}")
            seen.add(above.parent)
            above = units[above.parent]
    for area, answering in by_area.items():
        for i, one in enumerate(answering):
            if any(_overlap(one, other) for other in answering[i + 1 :]):
                raise ValueError(f"two units answer for the area {area} on one day")


def _overlap(one: Unit, other: Unit) -> bool:
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    last = min(one.valid_to or date.max, other.valid_to or date.max)
    return first <= last
