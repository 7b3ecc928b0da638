"""Makes the demonstration set: the same reports for the same day and number, on every machine."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import PART_HOURS, Part
from infra.demo.shares import HABITS, JOKES, PARTS, PASSED_ON, STILL_CONFIRMED, Habit

COLUMNS = ("category", "lat", "lon", "created_at", "status", "resolved_at", "occurred_at")
DAYS = 365
SEED = 20160914
BUSIEST = 8.0
"""A spot is at most so many times as busy as the quietest: no village leads the country."""

METRES = 111_320.0
"""Metres in a degree of latitude."""


class Town(NamedTuple):
    """A place where people report: its centre in degrees, its weight among all places, its spread in metres."""

    lat: float
    lon: float
    weight: float
    spread: float


class Spot(NamedTuple):
    """A corner of a town where the same thing happens again and again."""

    lat: float
    lon: float
    category: str
    weight: float


def write(path: Path, towns: Sequence[Town], count: int, today: date, zone: ZoneInfo) -> None:
    """Write `count` reports of the year before `today` as a file for the importer, oldest first."""
    rows = sorted(reports(towns, count, today, zone), key=lambda row: row["created_at"])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def reports(towns: Sequence[Town], count: int, today: date, zone: ZoneInfo) -> Iterator[dict[str, str]]:
    """Make reports: two in three at a recurring spot, the rest anywhere in a town."""
    random = Random(SEED)  # noqa: S311  # the same set every time is what is wanted
    crowds = list(accumulate(town.weight for town in towns))
    spots = [_spot(random, town) for town in random.choices(towns, cum_weights=crowds, k=count // 12 + 1)]
    draws = list(accumulate(spot.weight for spot in spots))
    categories, shares = list(HABITS), [habit.share for habit in HABITS.values()]
    for _ in range(count):
        if random.random() < 2 / 3:
            spot = random.choices(spots, cum_weights=draws)[0]
            category, (lat, lon) = spot.category, _moved(random, spot.lat, spot.lon, 60)
        else:
            town = random.choices(towns, cum_weights=crowds)[0]
            category = random.choices(categories, shares)[0]
            lat, lon = _moved(random, town.lat, town.lon, town.spread)
        yield _report(random, category, (lat, lon), today, zone)


def _spot(random: Random, town: Town) -> Spot:
    category = random.choices(list(HABITS), [habit.share for habit in HABITS.values()])[0]
    lat, lon = _moved(random, town.lat, town.lon, town.spread)
    return Spot(lat, lon, category, min(random.paretovariate(1.3), BUSIEST))


def _moved(random: Random, lat: float, lon: float, metres: float) -> tuple[float, float]:
    """Return a point at a normally distributed distance in each direction."""
    north, east = random.gauss(0, metres), random.gauss(0, metres)
    return lat + north / METRES, lon + east / (METRES * math.cos(math.radians(lat)))


def _report(random: Random, category: str, place: tuple[float, float], today: date, zone: ZoneInfo) -> dict[str, str]:
    habit = HABITS[category]
    day = _day(random, habit, today)
    occurred = _moment(random, habit, day, zone)
    created = min(occurred + timedelta(minutes=random.randint(2, 300)), datetime.combine(today, time.min, zone))
    occurred = min(occurred, created)
    age = (today - created.date()).days
    status, resolved = _outcome(random, habit, age, created)
    return {
        "category": category,
        "lat": f"{place[0]:.6f}",
        "lon": f"{place[1]:.6f}",
        "created_at": created.isoformat(),
        "status": status,
        "resolved_at": resolved.isoformat() if resolved else "",
        "occurred_at": occurred.isoformat(),
    }


def _day(random: Random, habit: Habit, today: date) -> date:
    while True:
        day = today - timedelta(days=random.randint(1, DAYS))
        if random.random() * max(1.0, habit.weekend) < (habit.weekend if day.isoweekday() > 5 else 1.0):
            return day


def _moment(random: Random, habit: Habit, day: date, zone: ZoneInfo) -> datetime:
    part = random.choices(PARTS, habit.parts)[0]
    first, end = PART_HOURS[part]
    hours = (end - first) % 24
    if part is Part.NIGHT and day.isoweekday() == 7:
        hours = 2
    start = datetime.combine(day, time(first), zone)
    return start + timedelta(minutes=random.randrange(hours * 60))


def _outcome(random: Random, habit: Habit, age: int, created: datetime) -> tuple[str, datetime | None]:
    """Return the status of a case of that age in days, and when it was settled."""
    if age < 1 + 3 * random.random():
        return "new", None
    taken = random.uniform(2, 9)
    if age <= taken + 1:
        return "verifying", None
    resolved = created + timedelta(days=taken)
    draw = random.uniform(0, 100)
    if draw < JOKES:
        return "joke", resolved
    if draw < JOKES + habit.confirmed * (100 - JOKES) / 100:
        return _confirmed(random, resolved, age, taken)
    return "unconfirmed", resolved


def _confirmed(random: Random, resolved: datetime, age: int, taken: float) -> tuple[str, datetime | None]:
    draw = random.uniform(0, 100)
    if draw < 2 * STILL_CONFIRMED:
        return "confirmed", None
    if draw < 2 * (STILL_CONFIRMED + PASSED_ON):
        return "passed_on", None
    wait = random.uniform(0, max(0.0, min(20, age - taken - 1)))
    return "eliminated", resolved + timedelta(days=wait)
