"""The files of the weekly patrol plans, as the night writes and the interface reads them.

    plans/<week>.json                        which version is in force, and how far its reports reach
    plans/weeks/<week>-<version>/<unit>.json the plan of a unit with those below it, `all` for the nation

A unit without rows has no file. The first plan of a week stays in force: whoever has printed it can rely on it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from chalicelib.services.figures_files import NATION
from chalicelib.services.files import compact
from chalicelib.store.objects import Objects

FOLDER = "plans/"
WEEKS = "plans/weeks/"


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week; `first` is its Monday."""

    first: date

    @classmethod
    def of(cls, day: date) -> Week:
        """Return the week of a day."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def read(cls, text: str) -> Week:
        """Read ``YYYY-Www``; `ValueError` for anything else."""
        year, separator, number = text.partition("-W")
        found = cls(date.fromisocalendar(int(year), int(number), 1))
        if not separator or str(found) != text:
            raise ValueError(text)
        return found

    def __str__(self) -> str:
        year, number, _ = self.first.isocalendar()
        return f"{year:04d}-W{number:02d}"

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)

    @property
    def key(self) -> str:
        """Where the pointer of its plans is."""
        return f"{FOLDER}{self}.json"


@dataclass(frozen=True, slots=True)
class Made:
    """Which plans are in force for a week: their version, when they were made, and whose reports they count.

    `since` and `until` are the first and last local day of the reports, `made_at` the instant up to whose events they
    are counted as they stand.
    """

    week: str
    version: str
    made_at: str
    since: str
    until: str

    def dump(self) -> bytes:
        """Return the pointer's bytes."""
        return compact(asdict(self))

    @classmethod
    def load(cls, body: bytes) -> Made:
        """Read the pointer's bytes."""
        return cls(**json.loads(body))

    @property
    def name(self) -> str:
        """Name of the folder."""
        return f"{self.week}-{self.version}"

    def key(self, unit: str | None) -> str:
        """Return where the plan of a unit is; None is the nation."""
        return f"{WEEKS}{self.name}/{unit or NATION}.json"


def made(work: Objects, week: Week) -> Made | None:
    """Return what is in force for a week; None where it has no plans."""
    pointer = work.read_pointer(week.key)
    return None if pointer is None else Made.load(pointer.body)


def plan(work: Objects, made: Made, unit: str | None) -> dict[str, Any] | None:
    """Return a unit's plan; None where it has no rows."""
    body = work.get(made.key(unit))
    if body is None:
        return None
    found: dict[str, Any] = json.loads(gzip.decompress(body))
    return found


def weeks(work: Objects) -> Iterator[Week]:
    """Yield every week that has plans."""
    for key in work.list_keys(f"{FOLDER}2"):
        yield Week.read(key.removeprefix(FOLDER).removesuffix(".json"))
