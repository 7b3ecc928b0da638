"""The points of the published map, searched as the map shows them: the same files, so the same answers.

A search over all tiles reads each tile once and keeps it while its bytes are published: a new publication changes few
tiles, and the list of the bucket tells which by their entity tags. What is kept is bounded; tiles beyond that are read
again for each search.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from heapq import nlargest
from sys import intern
from typing import Any

import h3

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.location import metres
from chalicelib.services import manifest
from chalicelib.services.files import spread, unpacked
from chalicelib.services.points import PARENT_RESOLUTION
from chalicelib.store.objects import Objects

KEPT_POINTS = 300_000
"""How many points a process keeps: some 35 MB."""

MAX_RADIUS_M = 10_000
"""How far around a point may be searched."""

RINGS = 2
"""Tiles around the tile of a point that can hold a public point within `MAX_RADIUS_M`: two rings of cells of
resolution 5 are nowhere narrower than 20 km, and a public place lies at most 1.3 km outside of its tile."""

RETRY_AFTER = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """The points of one tile in parallel columns; days are ISO text."""

    ids: list[str]
    categories: list[str]
    statuses: list[str]
    days: list[str]
    lats: array[float]
    lons: array[float]

    @classmethod
    def of(cls, document: dict[str, Any]) -> Tile:
        """Read a published tile; words that repeat are kept once."""
        return cls(
            ids=document["id"],
            categories=[intern(code) for code in document["category"]],
            statuses=[intern(status) for status in document["status"]],
            days=[intern(day) for day in document["day"]],
            lats=array("d", document["lat"]),
            lons=array("d", document["lon"]),
        )


@dataclass(frozen=True, slots=True)
class Circle:
    """A place to search around, in degrees and metres."""

    lat: float
    lon: float
    radius_m: float

    def holds(self, lat: float, lon: float) -> bool:
        """Tell whether a point lies within, by great-circle metres."""
        return metres(self.lat, self.lon, lat, lon) <= self.radius_m

    def tiles(self) -> set[str]:
        """Return the names of the tiles that can hold a point within."""
        centre = h3.latlng_to_cell(self.lat, self.lon, PARENT_RESOLUTION)
        return {str(cell) for cell in h3.grid_disk(centre, RINGS)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for: filed from `first` to `last`, of these categories (None: all) and statuses."""

    first: date
    last: date
    categories: frozenset[str] | None
    statuses: frozenset[str]
    circle: Circle | None = None


@dataclass(slots=True)
class PublishedPoints:
    """The published points in the site's bucket, as far as this process has read them."""

    site: Objects
    _kept: dict[str, tuple[str, Tile]] = field(default_factory=dict)
    _points: int = 0
    _publication: str | None = None
    _tags: dict[str, str] = field(default_factory=dict)

    def newest(self, wanted: Wanted, number: int) -> list[str]:
        """Return the ids of the newest `number` points that are wanted, newest first; of one day by falling id.

        Raises `Unavailable` where a publication is superseded and deleted while it is read.
        """
        found = (row for tile in self._tiles(wanted.circle) for row in _matching(tile, wanted))
        return [report for _, report in nlargest(number, found)]

    def _tiles(self, circle: Circle | None) -> Iterator[Tile]:
        site = self.site
        publication = manifest.read(site).publication
        if publication is None:
            return
        prefix = manifest.points_prefix(publication)
        if publication != self._publication:
            # What a publication holds never changes, so it is listed once.
            self._tags = {key.removeprefix(prefix).removesuffix(".json"): tag for key, tag in site.list_tags(prefix)}
            self._forget(self._tags)
            self._publication = publication
        tags = self._tags
        near = tags.keys() if circle is None else tags.keys() & circle.tiles()
        yield from (self._kept[parent][1] for parent in near if parent in self._kept)
        missing = [parent for parent in near if parent not in self._kept]
        for parent, tile in spread(lambda parent: (parent, _fetched(site, f"{prefix}{parent}.json")), missing):
            if self._points + len(tile.ids) <= KEPT_POINTS:
                self._kept[parent] = (tags[parent], tile)
                self._points += len(tile.ids)
            yield tile

    def _forget(self, tags: dict[str, str]) -> None:
        """Drop the tiles that are published no more, or otherwise."""
        for parent in [parent for parent, (tag, _) in self._kept.items() if tags.get(parent) != tag]:
            _, tile = self._kept.pop(parent)
            self._points -= len(tile.ids)


def _fetched(site: Objects, key: str) -> Tile:
    body = site.get(key)
    if body is None:
        raise Unavailable(RETRY_AFTER)
    return Tile.of(unpacked(body))


def _matching(tile: Tile, wanted: Wanted) -> Iterable[tuple[str, str]]:
    """Yield day and id of each point that is wanted."""
    first, last = wanted.first.isoformat(), wanted.last.isoformat()
    categories, statuses, circle = wanted.categories, wanted.statuses, wanted.circle
    rows = zip(tile.ids, tile.categories, tile.statuses, tile.days, strict=True)
    for number, (report, category, status, day) in enumerate(rows):
        if not first <= day <= last or status not in statuses:
            continue
        if categories is not None and category not in categories:
            continue
        if circle is None or circle.holds(tile.lats[number], tile.lons[number]):
            yield day, report
