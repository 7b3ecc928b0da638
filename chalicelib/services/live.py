"""Live publishing: the nightly run's points, overlaid with what has been recorded since.

The result is a function of the base, the events and the clock alone; neither the order of the events nor a
repetition changes it. A tile is made anew only where an event or the clock touches it; all others are
copied from the base's publication within the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.calendar import day_of
from chalicelib.domain.instance import Instance
from chalicelib.services import base as bases
from chalicelib.services import manifest
from chalicelib.services.base import Base
from chalicelib.services.cell_tiles import index_files, nothing
from chalicelib.services.facts import MOVED_TYPES, STATUS_TYPES, changed_at, created_at
from chalicelib.services.files import CorruptedError, put_all, spread, verify
from chalicelib.services.points import Point, Stage, parent_of, tile
from chalicelib.store import keys
from chalicelib.store.feed import Feed, FeedEvent
from chalicelib.store.objects import Objects, PointerMoved

OVERLAP = timedelta(minutes=10)
"""How far before the fold the overlay begins: covers the index's lag and clocks that differ."""

TRIES = 3
"""How often a publication is made anew when another writer was faster."""

Overlay = Mapping[str, tuple[tuple[str, ...], Point | None]]
"""Reports changed since the fold: id → the tiles in which it has ever lain, the one where it lies now last, and its
point, None for one that is never shown."""


@dataclass(frozen=True, slots=True)
class Publication:
    """All tiles of the map's points: hash by parent, and the bytes of those that differ from the base's."""

    name: str
    hashes: Mapping[str, str]
    fresh: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Live:
    """What live publishing works with."""

    site: Objects
    work: Objects
    feed: Feed
    instance: Instance

    def publish(self, now: datetime) -> dict[str, Any]:
        """Publish the points as they stand at `now`; return a JSON-ready summary.

        Raises:
            PointerMoved: other writers were faster three times in a row; the next run will do it.
        """
        for _ in range(TRIES - 1):
            with suppress(PointerMoved):
                return self._publish(now)
        return self._publish(now)

    def overlay(self, base: Base, now: datetime) -> Overlay:
        """Read what has been recorded since the base's fold, whole histories where needed."""
        since = datetime.fromisoformat(base.since) - OVERLAP
        day, last = day_of(since, self.instance.zone), day_of(now, self.instance.zone)
        events: list[FeedEvent] = []
        while day <= last:
            events.extend(self.feed.day_events(day, keys.instant(since)))
            day += timedelta(days=1)
        return overlay(self._histories(events), Stage(self.instance))

    def write(self, base: Base, found: Publication) -> None:
        """Write all tiles of a publication and make sure that they are there.

        Raises:
            CorruptedError: a tile is missing or not as it was made.
        """
        verify(self.site, put_all(self.site, (bases.tile_file(found.name, *item) for item in found.fresh.items())))
        prefix, source = manifest.points_prefix(found.name), manifest.points_prefix(base.publication)
        copied = (
            [parent for parent in found.hashes if parent not in found.fresh] if found.name != base.publication else []
        )
        for _ in spread(lambda parent: self.site.copy(f"{source}{parent}.json", f"{prefix}{parent}.json"), copied):
            pass
        if missing := {f"{prefix}{parent}.json" for parent in found.hashes} - set(self.site.list_keys(prefix)):
            raise CorruptedError(min(missing))

    def _publish(self, now: datetime) -> dict[str, Any]:
        seen = manifest.read(self.site)
        if seen.build == manifest.EMPTY_BUILD:
            yesterday = now - timedelta(days=1)
            base = bases.empty(now, keys.instant(yesterday))
        else:
            base = bases.load(self.work, seen.build)
        changes = self.overlay(base, now)
        found = compose(base, changes, now, lambda parent: base.points(self.work, parent))
        summary = {"build": base.build, "points": found.name, "tiles": len(found.hashes), "fresh": len(found.fresh)}
        if seen.publication == found.name:
            return {"state": "unchanged", **summary}
        self.write(base, found)
        document = {
            **(seen.document or self._first_document(now)),
            **manifest.points_part(found.name, sorted(found.hashes)),
            "published_at": keys.instant(now),
        }
        manifest.flip(self.site, seen, document)
        return {"state": "published", **summary}

    def _first_document(self, now: datetime) -> dict[str, Any]:
        """Write the empty build and return the manifest that names it."""
        verify(self.site, put_all(self.site, index_files(manifest.EMPTY_BUILD, nothing())))
        return {
            **manifest.build_part(manifest.EMPTY_BUILD),
            "published_at": "",
            "day": day_of(now, self.instance.zone).isoformat(),
            "windows": ["365d", "28d"],
            "exports": {},
            "feeds": {},
            "catalogue_version": self.instance.catalogue.version,
            "boundaries": manifest.boundaries(self.work),
            "levels": {},
            "totals": {"reports_365d": 0, "reports_28d": 0},
        }

    def _histories(self, events: Iterable[FeedEvent]) -> list[list[FeedEvent]]:
        by_report: dict[str, list[FeedEvent]] = {}
        for event in events:
            by_report.setdefault(event.id, []).append(event)
        whole = [found for found in by_report.values() if any(event.seq == 1 for event in found)]
        partial = [report for report, found in by_report.items() if all(event.seq > 1 for event in found)]
        return [*whole, *spread(self.feed.history, partial)]


def overlay(histories: Iterable[list[FeedEvent]], stage: Stage) -> Overlay:
    """Return what histories of reports say of the map; one without its first event says nothing."""
    found: dict[str, tuple[tuple[str, ...], Point | None]] = {}
    for events in histories:
        known = {event.seq: event for event in events if event.type in STATUS_TYPES}
        moved = {event.seq: event.cell for event in events if event.type in MOVED_TYPES and event.cell is not None}
        cells = [cell for _, cell in sorted(moved.items())]
        placed = _placed(known[1], known[max(known)], cells, stage) if 1 in known else None
        if placed is not None:
            found[known[1].id] = placed
    return found


def _placed(
    first: FeedEvent, last: FeedEvent, moved: Sequence[str], stage: Stage
) -> tuple[tuple[str, ...], Point | None] | None:
    zone, created = stage.instance.zone, created_at(first, stage.instance.zone)
    if first.category is None or first.cell is None or first.day is None or first.tier is None or created is None:
        return None
    filed, changed = datetime.fromisoformat(created), datetime.fromisoformat(changed_at(last, zone))
    cells = [first.cell, *moved]
    point = stage.point(first.id, first.day, cells[-1], first.category, last.status, first.tier, filed, changed)
    return tuple(map(parent_of, cells)), point


def compose(base: Base, changes: Overlay, now: datetime, points: Callable[[str], list[Point]]) -> Publication:
    """Return the publication at `now`; `points` gives the base's points of a tile.

    A base that was made for a later instant (a night run ahead of its time) counts as of that instant.
    """
    instant = max(int(now.astimezone(UTC).timestamp()), base.at)
    touched = {parent for parents, _ in changes.values() for parent in parents}
    touched |= {parent for parent, row in base.tiles.items() if row.changes and row.changes[0] <= instant}
    hashes = base.hashes
    fresh: dict[str, bytes] = {}
    for parent in sorted(touched):
        kept = [row for row in (points(parent) if parent in base.tiles else []) if row.id not in changes]
        new = [row for parents, row in changes.values() if parents[-1] == parent and row is not None]
        body = tile(parent, [*kept, *new], instant)
        sha256 = bases.tile_hash(parent, body)
        if body is not None and sha256 != hashes.get(parent):
            fresh[parent] = body
        hashes[parent] = sha256
    standing = {parent: sha256 for parent, sha256 in hashes.items() if sha256}
    return Publication(bases.publication_of(base, standing), standing, fresh)
