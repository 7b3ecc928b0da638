"""When to look next: the coming windows in which a case is likeliest to be met, from the times that people named.

A window is a local day and a part of it, as everywhere; a night belongs to the day on which it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import PART_HOURS, Part, day_of, weekday
from chalicelib.domain.sighting import Times

Window = tuple[date, Part]

HORIZON_DAYS = 7
"""How far ahead windows are looked for: every weekday once."""

MOST = 5
"""How many windows are suggested."""

WEIGHT = 4
"""How many named times the margins are worth against the very weekday and part: as many as a day has parts."""

_WEEKEND = frozenset({6, 7})


class Why(StrEnum):
    """What speaks for a window: it was named itself, its part of the day was, its weekday was, others were, none."""

    NAMED = "named"
    PART = "part"
    WEEKDAY = "weekday"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Suggested:
    """A window to look in.

    `score` is the chance from 0 to 1 that a named time is of this weekday and part. `count` of the `total` named times
    are what `why` says: of both, of the part, of the weekday, or none.
    """

    day: date
    part: Part
    score: float
    why: Why
    count: int
    total: int


def chances(times: Times) -> Mapping[tuple[int, Part], float]:
    """Return for each weekday and part the chance that somebody who names one time names it; they add up to 1.

    With n the counts, N their sum, K = `WEIGHT`::

        p(d, t) = (n(d, t) + K q(d) q(t)) / (N + K)
        q(d)    = (n(d, ·) + 1) / (N + 7)
        q(t)    = (n(·, t) + 1) / (N + 4)

    What was named counts for itself, and a little for the same part on other days and other parts of the same day;
    where nobody named anything all are alike. It is the pseudo-Bayes estimate of a two-way table, drawn towards the
    independence of its margins (Bishop, Fienberg and Holland, Discrete Multivariate Analysis, 1975, chapter 12), with a
    fixed weight, because a handful of counts cannot tell one, and with margins by Laplace's rule of succession.
    """
    total = sum(times.values())
    of_day = {day: (_on(times, day) + 1) / (total + 7) for day in range(1, 8)}
    of_part = {part: (_in(times, part) + 1) / (total + len(Part)) for part in Part}
    return {
        (day, part): (times.get((day, part), 0) + WEIGHT * of_day[day] * of_part[part]) / (total + WEIGHT)
        for day in of_day
        for part in of_part
    }


def suggest(
    times: Times, checked: Iterable[Window], now: datetime, zone: ZoneInfo, until: datetime | None = None
) -> list[Suggested]:
    """Return at most `MOST` windows beginning after `now` within `HORIZON_DAYS`, the likeliest first, then the soonest.

    Windows that begin before `until`, the aware instant by which the unit must have looked, go before all others, which
    are offered only if there is none. A window of the same part of a day of the same kind (working day or weekend) as
    one in `checked` is left out: looking there again would not count as another check.
    """
    looked = {(_is_weekend(day), part) for day, part in checked}
    today = day_of(now, zone)
    days = [today + timedelta(days=number) for number in range(HORIZON_DAYS + 1)]
    begins = {(day, part): begin(day, part, zone) for day in days for part in Part}
    end = now + timedelta(days=HORIZON_DAYS)
    coming = [
        window for window, at in begins.items() if now < at <= end and (_is_weekend(window[0]), window[1]) not in looked
    ]
    in_time = [window for window in coming if until is not None and begins[window] < until]
    chance = chances(times)
    found = [_suggested(times, chance, *window) for window in in_time or coming]
    return sorted(found, key=lambda each: (-each.score, begins[each.day, each.part]))[:MOST]


def windows(checked: Iterable[str]) -> tuple[Window, ...]:
    """Read windows as a case keeps them, ``<day>:<part>``; `ValueError` for anything else."""
    return tuple((date.fromisoformat(day), Part(part)) for day, _, part in (text.partition(":") for text in checked))


def begin(day: date, part: Part, zone: ZoneInfo) -> datetime:
    """Return the first instant of a part of a local day."""
    return datetime.combine(day, time(PART_HOURS[part][0]), tzinfo=zone)


def rules() -> dict[str, Any]:
    """Return the rules of suggested windows as `/v1/rules` serves them."""
    return {"horizon_days": HORIZON_DAYS, "most": MOST, "weight": WEIGHT}


def _suggested(times: Times, chance: Mapping[tuple[int, Part], float], day: date, part: Part) -> Suggested:
    of_week = weekday(day)
    named = {
        Why.NAMED: times.get((of_week, part), 0),
        Why.PART: _in(times, part),
        Why.WEEKDAY: _on(times, of_week),
    }
    total = sum(times.values())
    neither = Why.OTHER if total else Why.UNKNOWN
    why = next((reason for reason, count in named.items() if count), neither)
    return Suggested(day, part, round(chance[of_week, part], 3), why, named.get(why, 0), total)


def _is_weekend(day: date) -> bool:
    return weekday(day) in _WEEKEND


def _in(times: Times, part: Part) -> int:
    return sum(count for (_, named), count in times.items() if named is part)


def _on(times: Times, day: int) -> int:
    return sum(count for (named, _), count in times.items() if named == day)
