"""The nightly run: purge, erase, fold, close the day in the ledger, build, verify, publish, tidy up.

Every step may be repeated. What is done is recorded in the ledger after each step, so a run that dies is
continued by the next one with the very state that it had folded, and publishes what it would have
published. Readers see nothing until the manifest moves, which is the last thing that matters.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from chalicelib.domain.calendar import day_of
from chalicelib.domain.instance import Instance
from chalicelib.services import (
    areas,
    builds,
    conservation,
    figures_night,
    manifest,
    outlines,
    plan_night,
    publication,
    stable,
    state,
)
from chalicelib.services.builds import Build, Record
from chalicelib.services.cells import without_area
from chalicelib.services.conservation import NotConservedError
from chalicelib.services.daybook import Daybook
from chalicelib.services.feeds import Feeds
from chalicelib.services.figures_night import Kept
from chalicelib.services.files import CorruptedError, verify
from chalicelib.services.fold import fold
from chalicelib.services.publication import Stores
from chalicelib.services.purge import purge
from chalicelib.services.retention import Retention
from chalicelib.services.state import State, Workshop, workshop
from chalicelib.services.sweep import Place, sweep
from chalicelib.store.ledger import BusyError, Entry, Ledger
from chalicelib.store.objects import Pointer

JOB = "nightly"
BUSY = "busy"
"""State of a run that finds another at work."""

LEDGER_REACH = 60
"""Days of the ledger that a run looks back over, to find the last night that was finished."""


@dataclass(slots=True)
class Nightly:
    """One nightly run.

    `real` is what the clock says, `now` the instant as of which the points are published, which may be told and
    lie ahead; `code` names the program, `memory_mb` is what its function has.
    """

    stores: Stores
    ledger: Ledger
    retention: Retention
    instance: Instance
    site_url: str
    code: str
    real: datetime
    now: datetime
    memory_mb: int = state.FUNCTION_MEMORY_MB
    _seconds: dict[str, float] = field(default_factory=dict)
    _done: list[str] = field(default_factory=list)

    def run(self, day: date) -> dict[str, Any]:
        """Run the night of `day`, which counts the statistics days before it; return a JSON-ready summary.

        Raises:
            CorruptedError: a file did not read back as it was written; nothing was published.
            NotConservedError: counts contradict each other; nothing was published.
            SupersededError, PointerMoved, LeaseLostError: another run was faster; nothing was published.
        """
        began = time.process_time()
        try:
            self.ledger.take(self.real)
        except BusyError:
            return {"state": BUSY, "day": day.isoformat()}
        try:
            with workshop(self.memory_mb) as shop:
                summary = self._night(shop, day)
        finally:
            self.ledger.release()
        return {
            **summary,
            "cpu_seconds": round(time.process_time() - began, 2),
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "steps": {step: round(seconds, 2) for step, seconds in self._seconds.items()},
        }

    @property
    def _today(self) -> date:
        return day_of(min(self.real, self.now), self.instance.zone)

    @property
    def _told_day(self) -> date:
        return day_of(self.now, self.instance.zone)

    def _night(self, shop: Workshop, day: date) -> dict[str, Any]:
        entries = self.ledger.entries([day - timedelta(days=back) for back in range(LEDGER_REACH)])
        finished = max((entry.day for entry in entries.values() if entry.finished and entry.day < day), default=None)
        with self._timed("purge"):
            # Whatever time is told, devices that reported today stay counted.
            purged = purge(self.stores.work, min(self._today, day), finished)
        with self._timed("retention"):
            erased = self.retention.run(max(self._told_day, day), self._today)
        with self._timed("fold"):
            folded, events = self._fold(shop, day, entries.get(day))
        with self._timed("ledger"):
            page = Daybook(self.stores.site, self.stores.feed, self.instance.zone).close(day, min(self.real, self.now))
        names = areas.names(self.stores.site, self.instance)
        build = Build(self.stores.site, self.stores.work, self.instance, self.site_url, folded, day, self.code, names)
        seen = manifest.read(self.stores.site)
        records = self._build(shop, build, seen.build)
        if seen.build != build.name:
            with self._timed("verify"):
                self._verify(shop, build, records)
            with self._timed("publish"):
                publication.publish(self.stores, build, records, seen.build, self.now)
        with self._timed("latest"):
            written = [file for record in records.values() for file in record.written]
            stable.publish(self.stores.site, self.stores.work, build.name, written)
        with self._timed("feeds"):
            feeds = Feeds(self.instance, self.site_url, day).publish(shop, self.stores.site, self.stores.work, folded)
        with self._timed("figures"):
            figures = self._figures(shop, folded, day)
        with self._timed("plans"):
            plans = plan_night.run(shop, self.stores.work, self.instance, folded, day, self.code)
        with self._timed("sweep"):
            gone = self._sweep(build, [*figures.places(self.stores.work), *plans.places(self.stores.work)])
        self.ledger.finish(day, build.name, self.real)
        return {
            "state": "unchanged" if seen.build == build.name else "published",
            "day": day.isoformat(),
            "build": build.name,
            "caught_up": _missed(day, finished),
            "folded": events,
            "reports": folded.rows,
            "totals": records["cells"].facts["totals"],
            "cells": records["cells"].facts["cells"],
            "purged": purged.deleted,
            "purge_left": purged.left,
            "retention": dict(erased.things),
            "retention_left": erased.left,
            "ledger": None if page is None else {"day": page.day.isoformat(), "chained": page.chained},
            "feeds": feeds,
            "figures": figures.counted,
            "plan_rows": plans.rows,
            "deleted_builds": gone,
        }

    def _fold(self, shop: Workshop, day: date, entry: Entry | None) -> tuple[State, int]:
        """Fold what is new, or take up the state that an unfinished run of the same night has folded."""
        pointer = self.stores.work.read_pointer(state.POINTER)
        kept = State() if pointer is None else State.load(pointer.body)
        checkpoint = {} if entry is None or entry.finished else entry.checkpoint
        if checkpoint.get("state") == kept.version and checkpoint.get("code") == self.code:
            self._done = list(checkpoint["done"])
            return kept, 0
        last, heard = max(day, self._today), min(self.real, self.now)
        folded, events = fold(shop, self.stores.work, self.stores.feed, kept, self.instance.zone, last, heard)
        conservation.hold(conservation.lost(kept, folded))
        self._keep(folded, pointer)
        self._done = []
        self._checkpoint(day, folded)
        return folded, events

    def _keep(self, folded: State, pointer: Pointer | None) -> None:
        etag = None if pointer is None else pointer.etag
        self.stores.work.flip_pointer(state.POINTER, folded.dump(), etag)

    def _build(self, shop: Workshop, build: Build, previous: str) -> dict[str, Record]:
        makers: dict[str, Callable[[], Record]] = {
            "cells": lambda: build.cells(shop, builds.read_record(self.stores.work, previous, "cells")),
            "points": lambda: build.points(shop),
            "exports": lambda: build.exports(shop, builds.read_record(self.stores.work, previous, "exports")),
            "areas": lambda: areas.write(build, shop, build.paths(shop)),
            "description": lambda: build.description(records),
        }
        records: dict[str, Record] = {}
        for step, make in makers.items():
            with self._timed(step):
                # A published build is complete, whoever made it.
                done = step in self._done or previous == build.name
                known = build.record(step) if done else None
                records[step] = known or make()
            if step not in self._done:
                self._done.append(step)
                self._checkpoint(build.day, build.state)
        return records

    def _verify(self, shop: Workshop, build: Build, records: dict[str, Record]) -> None:
        nowhere = partial(without_area, shop, build.paths(shop), build.instance.catalogue, build.day)
        try:
            conservation.hold(
                conservation.altered(shop, self.stores.work, build.state)
                + conservation.broken(build.state, records, nowhere)
            )
            for record in records.values():
                verify(self.stores.site, record.written)
        except (CorruptedError, NotConservedError):
            # The next run must write everything again, or it would stumble over the same file.
            self._done = []
            self._checkpoint(build.day, build.state)
            raise

    def _figures(self, shop: Workshop, folded: State, day: date) -> Kept:
        stores = self.stores
        return figures_night.run(shop, stores.work, stores.feed, self.instance, folded, day, self.code)

    def _sweep(self, build: Build, others: list[Place]) -> list[str]:
        site, work, current = self.stores.site, self.stores.work, manifest.read(self.stores.site)
        in_use = frozenset({build.name, current.build})
        files = [*build.state.months.values(), *([build.state.orphans] if build.state.orphans else [])]
        kept = frozenset(file.key.removeprefix(state.FOLDER) for file in files)
        places = [
            Place(site, "data/builds/", in_use),
            Place(site, outlines.FOLDER, outlines.live(builds.facts(work, in_use, "areas"))),
            Place(site, manifest.TILES, builds.live_tiles(work, in_use), files=True),
            Place(site, "data/points/", in_use | {current.publication or ""}),
            Place(work, "state/builds/", in_use),
            Place(work, "state/live/", in_use),
            Place(work, state.FOLDER, kept),
            *others,
        ]
        gone = sweep(work, places, self.now)
        return [name.removeprefix("data/builds/") for name in gone if name.startswith("data/builds/")]

    def _checkpoint(self, day: date, folded: State) -> None:
        known = {"state": folded.version, "code": self.code, "done": self._done}
        self.ledger.checkpoint(day, known, self.real)

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._seconds[step] = self._seconds.get(step, 0.0) + time.monotonic() - began


def night_of(asked: str | None, today: date, *, may_be_ahead: bool) -> date:
    """Return the day whose night is to be run: the one asked for, else today.

    Raises:
        ValueError: it is no day, or it is still to come and `may_be_ahead` is not given.
    """
    day = today if asked is None else date.fromisoformat(asked)
    if day > today and not may_be_ahead:
        raise ValueError(f"{day} is still to come")
    return day


def _missed(day: date, finished: date | None) -> list[str]:
    """Return the nights since the last finished one that this night makes good."""
    if finished is None:
        return []
    return [(finished + timedelta(days=number)).isoformat() for number in range(1, (day - finished).days)]
