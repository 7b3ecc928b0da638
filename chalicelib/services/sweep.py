"""Deleting superseded builds, publications and kept files, two days after they were first seen unused.

The age is counted from the first sweep that no longer found a thing in use, which is never before it was
superseded; so no crash between publishing and sweeping can lose count, and a thing that comes back into
use is safe.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.retention import BUILD_HOURS
from chalicelib.services.files import JSON, compact
from chalicelib.store.objects import Objects

MARKS = "state/superseded.json"
KEPT_FOR = timedelta(hours=BUILD_HOURS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where things of one kind lie: each has a name right under `prefix`, and `used` must stay.

    A thing is a folder, or with `files` each single file, whose name is all that follows the prefix.
    """

    objects: Objects
    prefix: str
    used: frozenset[str]
    files: bool = False

    def found(self) -> dict[str, list[str]]:
        """Return the keys that are there by the name of the thing that they belong to."""
        things: dict[str, list[str]] = {}
        for key in self.objects.list_keys(self.prefix):
            name = key.removeprefix(self.prefix)
            things.setdefault(name if self.files else name.split("/", 1)[0], []).append(key)
        return things


def sweep(work: Objects, places: Iterable[Place], now: datetime) -> list[str]:
    """Delete what has been unused for more than 48 hours; return the prefixes and names that went."""
    old = _marks(work)
    marks: dict[str, str] = {}
    gone: list[str] = []
    for place in places:
        dead: list[str] = []
        for thing, keys in place.found().items():
            name = place.prefix + thing
            if thing in place.used:
                continue
            first_seen = old.get(name, now.isoformat())
            if now - datetime.fromisoformat(first_seen) > KEPT_FOR:
                dead.extend(keys)
                gone.append(name)
            else:
                marks[name] = first_seen
        place.objects.delete_many(dead)
    work.put(MARKS, compact(marks), JSON)
    return gone


def _marks(work: Objects) -> Mapping[str, str]:
    body = work.get(MARKS)
    marks: Mapping[str, str] = {} if body is None else json.loads(body)
    return marks
