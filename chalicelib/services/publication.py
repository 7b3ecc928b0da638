"""Publishing a build: its points as they stand at this moment, and the manifest that readers follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import day_bounds
from chalicelib.services import areas, manifest, outlines
from chalicelib.services import base as bases
from chalicelib.services.feeds import TEMPLATES
from chalicelib.services.live import Live, compose
from chalicelib.store import keys
from chalicelib.store.objects import Objects, PointerMoved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.services.builds import Build, Record
    from chalicelib.store.feed import Feed

MINUTES_AFTER_MIDNIGHT = timedelta(minutes=10)
"""A night that is run ahead of its time is published as it will stand when it would have been run."""

FLIP_TRIES = 3
"""How often the manifest is read again when live publishing was faster."""


class SupersededError(Exception):
    """Another nightly run has published meanwhile; this one must not take its place."""


@dataclass(frozen=True, slots=True)
class Stores:
    """What the nightly run reads and writes."""

    site: Objects
    work: Objects
    feed: Feed


def publish(stores: Stores, build: Build, records: Mapping[str, Record], before: str, now: datetime) -> None:
    """Publish a build in the place of the build `before`, with the points as live publishing would have them now.

    Raises:
        SupersededError, PointerMoved: another run was faster; nothing was published.
    """
    live = Live(stores.site, stores.work, stores.feed, build.instance)
    base = bases.load(stores.work, build.name)
    at = max(now, day_bounds(build.day, build.instance.zone)[0] + MINUTES_AFTER_MIDNIGHT)
    found = compose(base, live.overlay(base, at), at, lambda parent: base.points(stores.work, parent))
    live.write(base, found)
    document = {
        **manifest.build_part(build.name),
        **manifest.points_part(found.name, sorted(found.hashes)),
        "published_at": keys.instant(now),
        "day": build.day.isoformat(),
        "windows": ["365d", "28d"],
        "exports": manifest.exports_part(build.name, (file.key for made in records.values() for file in made.written)),
        "areas": areas.template(build.name),
        **outlines.part(records["areas"].facts),
        "feeds": TEMPLATES,
        "catalogue_version": build.instance.catalogue.version,
        "boundaries": manifest.boundaries(stores.work),
        "levels": records["cells"].facts["levels"],
        "totals": records["cells"].facts["totals"],
    }
    for _ in range(FLIP_TRIES):
        seen = manifest.read(stores.site)
        if seen.build != before:
            raise SupersededError(seen.build)
        try:
            return manifest.flip(stores.site, seen, document)
        except PointerMoved:
            # Live publishing was faster; its points are older than ours.
            continue
    raise PointerMoved(manifest.KEY)
