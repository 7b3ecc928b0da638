"""How often a case has been seen and when: one fold of the report and of those who say "I see it too".

A case's times are counted by weekday and part of the day. Whoever names a pattern counts once in each of its
weekdays and parts, whoever names none in those of the moment; a night belongs to the day on which it begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain import steps, window
from chalicelib.domain.calendar import Part, part_of, weekday
from chalicelib.domain.report import Pattern

SIGHTINGS_PER_DAY = 3
"""How many cases a device may say to have seen too on a local day."""

PARTS = tuple(Part)

Times = Mapping[tuple[int, Part], int]
"""How often, by weekday (1 is Monday) and part of the day."""

NEVER: Times = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one device, or a whole case that was merged into this one, adds to a case.

    `sources` is how many independent devices stand behind it: 0 for one that came over a soft budget, which then
    adds no times either. `at` is the aware instant of which it is.
    """

    mark: str
    at: datetime
    times: Times
    sources: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as often as it has been seen: by how many independent devices, and when."""

    sources: int
    times: Times

    @property
    def pattern(self) -> list[tuple[int, Part, int]]:
        """Weekday, part and count of each time that was named, in the order of the week."""
        return [(day, part, self.times[day, part]) for day, part in _WEEK if self.times.get((day, part))]


_WEEK = tuple((day, part) for day in range(1, 8) for part in PARTS)


def of_pattern(pattern: Pattern) -> Times:
    """Return each weekday and part of a pattern once."""
    return dict.fromkeys(((day, part) for day in pattern.days for part in pattern.parts), 1)


def of_moment(at: datetime, zone: ZoneInfo) -> Times:
    """Return the weekday and part of an instant, once."""
    day, part = part_of(at, zone)
    return {(weekday(day), part): 1}


def of_report(occurred: datetime | None, pattern: Pattern | None, zone: ZoneInfo) -> Times:
    """Return what a report itself says of its times; one that names none says nothing."""
    if pattern is not None:
        return of_pattern(pattern)
    return NEVER if occurred is None else of_moment(occurred, zone)


def fold(reported: Times, sightings: Iterable[Sighting]) -> Seen:
    """Return a case with all its sightings: its reporter is one source, each counted sighting adds its own."""
    counted = [sighting for sighting in sightings if sighting.sources]
    times = Counter(reported)
    for sighting in counted:
        times.update(sighting.times)
    return Seen(1 + sum(sighting.sources for sighting in counted), times)


def grid(times: Times) -> list[int]:
    """Return times as 28 counts: Monday's four parts first, each day's in the order of `Part`."""
    return [times.get(slot, 0) for slot in _WEEK]


def from_grid(counts: Iterable[int]) -> Times:
    """Read what `grid` wrote; `ValueError` unless there are 28 counts."""
    return {slot: count for slot, count in zip(_WEEK, counts, strict=True) if count}


def rules() -> dict[str, Any]:
    """Return the rules of sightings as `/v1/rules` serves them."""
    return {
        "per_day": SIGHTINGS_PER_DAY,
        "per": "device",
        "once": "device_and_case",
        "window_days": window.LENGTH.days,
        "reopens": [
            step.source.value
            for step in steps.STEPS
            if steps.Reason.CORROBORATED in step.reasons and steps.Actor.SYSTEM in step.actors
        ],
    }
