"""Public points: which reports stand on the map, where, from when and until when; and their tiles.

Pure Python, for the live publishing function carries no heavy library.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import h3

from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import PublicLocation, public_location
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.visibility import Case, span
from chalicelib.services.files import compact

PARENT_RESOLUTION = 5
"""Points are cut into tiles by their ancestor of this resolution."""


Span: TypeAlias = tuple[int, int | None]
"""When a report stands on the map: from, and to before, in Unix seconds; None: no end."""


class Point(NamedTuple):
    """One report as the map may show it, in the time from `begins` to before `ends` (Unix seconds; None: no end).

    `lat` and `lon` are degrees at the public precision; `day` is the day for statistics.
    """

    id: str
    category: str
    status: str
    day: str
    lat: float
    lon: float
    begins: int
    ends: int | None

    def stands(self, now: int) -> bool:
        """Tell whether the point is on the map at an instant."""
        return self.begins <= now and (self.ends is None or now < self.ends)


@dataclass(slots=True)
class Stage:
    """Decides which reports of an instance stand on the map, and remembers what equal reports were told."""

    instance: Instance
    _spans: dict[tuple[str, str, int, datetime, datetime], Span | None] = field(default_factory=dict)

    def point(
        self,
        report: str,
        day: str,
        cell: str,
        category: str,
        status: str,
        tier: int,
        created: datetime,
        changed: datetime,
    ) -> Point | None:
        """Return the point of a report as it stands, or None for one that the public never sees.

        `cell` is of the finest public resolution; `created` and `changed` are aware. A category that the
        catalogue does not know is never shown.
        """
        span = self.span(category, status, tier, created, changed)
        if span is None:
            return None
        place = _place(cell, self.instance.catalogue.categories[category].sensitivity)
        return None if place is None else Point(report, category, status, day, place.lat, place.lon, *span)

    def span(self, category: str, status: str, tier: int, created: datetime, changed: datetime) -> Span | None:
        """Return when a report stands on the map as it is, or None where it never does."""
        key = (category, status, tier, created, changed)
        if key not in self._spans:
            self._spans[key] = self._span(*key)
        return self._spans[key]

    def _span(self, code: str, status: str, tier: int, created: datetime, changed: datetime) -> Span | None:
        category = self.instance.catalogue.categories.get(code)
        if category is None:
            return None
        lasting = span(Case(category, Status(status), Tier(tier), created, changed), self.instance.zone)
        if lasting is None:
            return None
        begins, ends = lasting
        return int(begins.timestamp()), None if ends is None else int(ends.timestamp())


def parent_of(cell: str) -> str:
    """Return the name of the tile that holds a cell."""
    return str(h3.cell_to_parent(cell, PARENT_RESOLUTION))


def tile(parent: str, points: Iterable[Point], now: int) -> bytes | None:
    """Return the published JSON of a tile at an instant; None where no point stands.

    The order is that of the ids, whatever order the points come in.
    """
    standing = sorted(point for point in points if point.stands(now))
    if not standing:
        return None
    document: dict[str, Any] = {"parent": parent}
    for number, name in enumerate(Point._fields[:6]):
        document[name] = [point[number] for point in standing]
    return compact(document)


def pack(points: Iterable[Point]) -> bytes:
    """Return points as the JSON in which the nightly run hands them to the live publishing function."""
    return compact(list(zip(*sorted(points), strict=True)))


def unpack(document: list[list[Any]]) -> list[Point]:
    """Read what `pack` wrote."""
    return [Point._make(row) for row in zip(*document, strict=True)]


@lru_cache(maxsize=65536)
def _place(cell: str, sensitivity: Sensitivity) -> PublicLocation | None:
    return public_location(cell, sensitivity)
