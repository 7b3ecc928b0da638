"""How long things are kept: the table that `/v1/rules` serves and the code obeys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kept(StrEnum):
    """What is kept for a time that is promised to the public."""

    DEVICE = "device"
    BUILD = "build"
    ROW = "row"
    AGGREGATE = "aggregate"


class Unit(StrEnum):
    """The measure of a promise."""

    HOURS = "hours"
    YEARS = "years"
    EVER = "ever"


@dataclass(frozen=True, slots=True)
class Retention:
    """One promise: what is kept, and how long at most; `length` is 0 where it is for ever."""

    kept: Kept
    length: int
    unit: Unit


DEVICE_HOURS = 48
"""The hash of a device and the salt of its day: deleted in the night that follows; the store's own
expiry at this age is the second line."""

BUILD_HOURS = 48
"""A superseded build of the published files, so that a slow reader can finish with it."""

ROW_YEARS = 5
"""A public row in the exports, after its report has left the map."""

RETENTION: tuple[Retention, ...] = (
    Retention(Kept.DEVICE, DEVICE_HOURS, Unit.HOURS),
    Retention(Kept.BUILD, BUILD_HOURS, Unit.HOURS),
    Retention(Kept.ROW, ROW_YEARS, Unit.YEARS),
    Retention(Kept.AGGREGATE, 0, Unit.EVER),
)


def row_expires(left_map: date) -> date:
    """Return the first day on which a row is no longer exported."""
    year = left_map.year + ROW_YEARS
    if (left_map.month, left_map.day) == (2, 29):
        return date(year, 3, 1)
    return left_map.replace(year=year) + timedelta(days=1)
