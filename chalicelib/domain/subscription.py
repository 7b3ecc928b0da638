"""A subscription: which changes of the public map somebody wants to hear of by mail.

It holds an address and a choice and nothing else: no device, no name, no time of day. What it matches is what the
public map shows; so a mail can tell nothing that the map does not.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import h3

from chalicelib.domain.location import MICRO
from chalicelib.domain.retention import UNCONFIRMED_DAYS

MIN_RADIUS_M = 100
MAX_RADIUS_M = 20_000

PENDING_DAYS = UNCONFIRMED_DAYS
"""How long an address may wait for its confirmation before it is forgotten."""

PENDING = timedelta(days=PENDING_DAYS)

CATCH_UP_DAYS = 7
"""The most local days that one mail tells of, after days on which none could go out."""

MOST_LINES = 50
"""Lines of one mail; what is left out is counted."""


class Kind(StrEnum):
    """The ways to say where."""

    CIRCLE = "circle"
    GMINA = "gmina"
    POWIAT = "powiat"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Circle:
    """A point in whole millionths of a degree and a radius in whole metres."""

    lat6: int
    lon6: int
    radius_m: int

    @property
    def centre(self) -> tuple[float, float]:
        """Latitude and longitude in degrees."""
        return self.lat6 / MICRO, self.lon6 / MICRO


@dataclass(frozen=True, slots=True)
class Area:
    """Where: a circle, or the code of an area of the register or of a police unit."""

    kind: Kind
    code: str = ""
    circle: Circle | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to hear of: no categories means all; `language` is that of the mails."""

    area: Area
    categories: frozenset[str]
    language: str

    def document(self) -> str:
        """Return the choice as JSON text, as the store keeps it."""
        circle = self.area.circle
        where = [circle.lat6, circle.lon6, circle.radius_m] if circle else self.area.code
        return json.dumps([self.area.kind.value, where, sorted(self.categories), self.language], separators=(",", ":"))

    @classmethod
    def of_document(cls, text: str) -> Choice:
        """Read what `document` wrote."""
        kind, where, categories, language = json.loads(text)
        area = Area(Kind(kind), circle=Circle(*where)) if kind == Kind.CIRCLE else Area(Kind(kind), where)
        return cls(area, frozenset(categories), language)


@dataclass(frozen=True, slots=True)
class Change:
    """One report that the public map shows, and what has become of it: one line of a mail.

    `lat` and `lon` are degrees of the *public* place; `units` are the codes of its unit and of all above; `events`
    are what happened to it: local day (ISO), number, and the status before, None for the report's own arrival.
    """

    report: str
    category: str
    priority: int
    status: str
    reason: str | None
    lat: float
    lon: float
    powiat: str
    units: tuple[str, ...]
    events: tuple[tuple[str, int, str | None], ...]

    def since(self, day: str) -> tuple[bool, str] | None:
        """Return whether the report is new, and the day of the last event, counting the days after `day`.

        None where nothing is to be told: no event, or a status that is the same again at the end.
        """
        later = sorted(event for event in self.events if event[0] > day)
        if not later:
            return None
        before = later[0][2]
        return None if before == self.status else (before is None, later[-1][0])


def metres(area: Circle, lat: float, lon: float) -> float:
    """Return the great-circle metres from a circle's centre to a point in degrees."""
    return float(h3.great_circle_distance(area.centre, (lat, lon), unit="m"))


def covers(area: Area, change: Change, gmina: str | None) -> bool:
    """Tell whether an area holds the public place of a change; `gmina` is the code there, where it is known."""
    match area.kind:
        case Kind.CIRCLE if area.circle is not None:
            return metres(area.circle, change.lat, change.lon) <= area.circle.radius_m
        case Kind.UNIT:
            return area.code in change.units
        case Kind.POWIAT:
            return area.code == change.powiat
        case _:
            return area.code == gmina


def wants(choice: Choice, change: Change) -> bool:
    """Tell whether a choice takes a change's category."""
    return not choice.categories or change.category in choice.categories


def public(choice: Choice) -> Mapping[str, Any]:
    """Return the choice as the interface tells it."""
    circle = choice.area.circle
    where: Any = choice.area.code
    if circle is not None:
        where = {"lat": circle.centre[0], "lon": circle.centre[1], "radius_m": circle.radius_m}
    return {
        "area": {choice.area.kind.value: where},
        "categories": sorted(choice.categories),
        "language": choice.language,
    }
