"""A surge: many independent sources name one place within a short time; its unit is told once.

Sources are devices under the pseudonyms of one small area, so that no device counts twice, however often it reports or
sees something, and on whichever side of a cell's border. One device alone is one source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import h3

from chalicelib.domain.location import COARSE_RESOLUTION, metres

GATHERED_RESOLUTION = 6
"""Cells under which what has just happened is kept together, to be read in one query or a few."""

_PREFIX = "surge"


@dataclass(frozen=True, slots=True)
class Rule:
    """How many independent sources, how near to one another and within how long, are a surge.

    `quiet` is how long a place whose surge was told stays silent.
    """

    sources: int
    radius_m: int
    within: timedelta
    quiet: timedelta

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Rule:
        """Read the instance's entry; `ValueError` where a number is out of its range.

        The radius must not reach beyond the next cell, and one source is no surge.
        """
        rule = cls(
            document["sources"],
            document["radius_m"],
            timedelta(hours=document["hours"]),
            timedelta(hours=document["quiet_hours"]),
        )
        if not (rule.sources >= 2 and 0 < rule.radius_m <= 500 and timedelta(0) < rule.within <= rule.quiet):
            raise ValueError("the rule of surges is out of range")
        return rule

    def document(self) -> dict[str, int]:
        """Return the rule as it is served."""
        hour = timedelta(hours=1)
        return {
            "sources": self.sources,
            "radius_m": self.radius_m,
            "hours": self.within // hour,
            "quiet_hours": self.quiet // hour,
        }


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody has reported or seen something: where, and under which pseudonym in each area that it reaches."""

    lat: float
    lon: float
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class About:
    """What an alert says of its surge; `id` names no place, for some groups must not have one."""

    id: str
    group: str
    sources: int

    def __str__(self) -> str:
        return f"{_PREFIX}-{self.id}-{self.group}-{self.sources}"

    @classmethod
    def read(cls, text: str) -> About:
        """Read what `str` wrote; `ValueError` for anything else."""
        prefix, name, rest = text.split("-", 2)
        group, _, sources = rest.rpartition("-")
        if prefix != _PREFIX:
            raise ValueError(text)
        return cls(name, group, int(sources))


def area_of(lat: float, lon: float) -> str:
    """Return the area in whose pseudonyms the sources around a point are counted."""
    return str(h3.latlng_to_cell(lat, lon, COARSE_RESOLUTION))


def areas_around(lat: float, lon: float, radius_m: float) -> list[str]:
    """Return every area with a point within a radius of at most 500 m, and perhaps one more."""
    own = area_of(lat, lon)
    return sorted(area for area in h3.grid_disk(own, 1) if area == own or _reaches(area, lat, lon, radius_m))


def gathered(area: str) -> str:
    """Return the cell under which the deeds of an area are kept."""
    return str(h3.cell_to_parent(area, GATHERED_RESOLUTION))


def sources(deeds: Iterable[Deed], lat: float, lon: float, rule: Rule) -> int:
    """Count the distinct devices among deeds within the radius of a point."""
    area = area_of(lat, lon)
    return len(
        {
            deed.marks[area]
            for deed in deeds
            if area in deed.marks and metres(lat, lon, deed.lat, deed.lon) <= rule.radius_m
        }
    )


def block(now: datetime, rule: Rule) -> int:
    """Return the number of the stretch of quiet time, counted from 1970, that a moment lies in."""
    return int(now.timestamp() // rule.quiet.total_seconds())


def name_of(group: str, area: str, now: datetime) -> str:
    """Return the id of a surge: the same in every repeat of its alert, and nothing that leads to the place."""
    return hashlib.sha256(f"{group}\0{area}\0{now.isoformat()}".encode()).hexdigest()[:20]


def neighbours(area: str) -> list[str]:
    """Return an area and those around it: a surge on their border is one."""
    return sorted(h3.grid_disk(area, 1))


def _reaches(area: str, lat: float, lon: float, radius_m: float) -> bool:
    centre = h3.cell_to_latlng(area)
    corner = max(metres(*centre, *each) for each in h3.cell_to_boundary(area))
    return metres(lat, lon, *centre) <= radius_m + corner
