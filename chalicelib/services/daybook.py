"""The public ledger: one page a day with the hashes of all that happened in the police's work, and one hash over them.

    /data/ledger/2026-11-22.json ── chained ──▶ /data/ledger/2026-11-23.json ── chained ──▶ …   ◀── latest.json

A page holds the hash of every event that was recorded on its day, of hidden cases too: the hashes tell nothing but how
many there were. Its root is chained with the page before, so that whoever keeps one number keeps all the past: an
event that is changed, taken away or added later leads to another one.

A page is written before the pointer `latest.json` moves to it. A run that dies in between is repeated by the next one,
which makes good as many days as are missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain import merkle
from chalicelib.domain.calendar import day_of
from chalicelib.services.files import STABLE, compact, packed, put, unpacked
from chalicelib.store.feed import Feed, Recorded
from chalicelib.store.objects import Objects

FOLDER = "data/ledger/"
LATEST = f"{FOLDER}latest.json"

SETTLING = timedelta(minutes=5)
"""How long after its end a day is still open: what was begun before midnight is in the feeds by then."""

FIRST_GAP = timedelta(days=31)
"""The first page of all is that of the first day with an event, found by walking back until so long without any."""

_DAY = timedelta(days=1)


class LaggingError(Exception):
    """The feeds do not yet show all of a day's events; nothing was written of it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One day of the ledger.

    `events` is how many hashes there are, `root` the hash over them, `previous` the hash of all days before, `chained`
    that of all days up to this one. `leaves` are the hashes in the order of their bytes; None where only the rest is
    known.
    """

    day: date
    events: int
    root: str
    previous: str
    chained: str
    leaves: tuple[str, ...] | None = None

    @classmethod
    def of(cls, day: date, leaves: list[str], previous: str) -> Page:
        """Make the page of a day."""
        root = merkle.root(leaves)
        chained = merkle.chained(previous, day.isoformat(), root)
        return cls(day, len(leaves), root, previous, chained, tuple(sorted(leaves)))

    @classmethod
    def read(cls, document: dict[str, Any]) -> Page:
        """Read a published page."""
        leaves = document.get("leaves")
        day, kept = date.fromisoformat(document["day"]), None if leaves is None else tuple(leaves)
        return cls(day, document["events"], document["root"], document["previous"], document["chained"], leaves=kept)

    def document(self) -> dict[str, Any]:
        """Return the page as it is published."""
        told = {
            "day": self.day.isoformat(),
            "events": self.events,
            "root": self.root,
            "previous": self.previous,
            "chained": self.chained,
        }
        return told if self.leaves is None else {**told, "leaves": list(self.leaves)}


@dataclass(frozen=True, slots=True)
class Daybook:
    """The ledger in its bucket, and the feeds that it is made from."""

    site: Objects
    feed: Feed
    zone: ZoneInfo

    def close(self, night: date, now: datetime) -> Page | None:
        """Write the pages of all days before a night that have none yet; return the last page, None where none is.

        A day that has only just ended stays open, and so does one of which the feeds do not show everything yet, with
        all after it. Raises `PointerMoved` where another run was faster.
        """
        end = min(night, day_of(now - SETTLING, self.zone))
        pointer = self.site.read_pointer(LATEST)
        last = None if pointer is None else Page.read(json.loads(pointer.body))
        day = self._first(end) if last is None else last.day + _DAY
        while day < end:
            try:
                leaves = self.leaves(day)
            except LaggingError:
                break
            last = Page.of(day, leaves, merkle.FIRST_PREVIOUS if last is None else last.chained)
            put(self.site, packed(_key(day), compact(last.document()), STABLE))
            body = compact(replace(last, leaves=None).document())
            self.site.flip_pointer(LATEST, body, None if pointer is None else pointer.etag, STABLE)
            pointer, day = self.site.read_pointer(LATEST), day + _DAY
        return last

    def latest(self) -> Page | None:
        """Return the last page without its hashes, None while there is none."""
        body = self.site.get(LATEST)
        return None if body is None else Page.read(json.loads(body))

    def page(self, day: date) -> Page | None:
        """Return the published page of a day."""
        body = self.site.get(_key(day))
        return None if body is None else Page.read(unpacked(body))

    def days(self) -> list[date]:
        """Return the days that have a page, in their order."""
        names = (key.removeprefix(FOLDER).removesuffix(".json") for key in self.site.list_keys(FOLDER))
        return [date.fromisoformat(name) for name in names if name != "latest"]

    def leaves(self, day: date) -> list[str]:
        """Return the hashes of the events recorded on a day; what is from before there was a chain has none.

        Raises `LaggingError` where an import's feed does not show all that it wrote.
        """
        return [event.chain for event in self.recorded(day) if event.chain is not None]

    def recorded(self, day: date) -> Iterator[Recorded]:
        """Yield what was recorded on a day: events, and the imports that were completed on it."""
        yield from self.feed.recorded_on(day)
        for batch in self.feed.finished_on(day):
            found = list(self.feed.recorded_in(batch))
            if len(found) < batch.events:
                raise LaggingError(f"{batch.day}/{batch.batch}: {len(found)} of {batch.events} events")
            yield from found

    def _first(self, end: date) -> date:
        """Return the first day that has anything to tell, the last one before `end` where none has."""
        first = day = end - _DAY
        while first - day < FIRST_GAP:
            if self.feed.recorded(day):
                first = day
            day -= _DAY
        return first


def _key(day: date) -> str:
    return f"{FOLDER}{day.isoformat()}.json"
