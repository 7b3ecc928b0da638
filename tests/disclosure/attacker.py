"""Somebody who reads nothing but published files, day after day, and subtracts.

They know what is documented: which days a count is of. What they claim to have learnt is a `Claim`: so and so many
reports, fewer than five, of a category that must not be told so exactly. Claims are made by subtraction alone, so
each holds unless something was held back in between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import h3

K = 5
PERIOD = timedelta(days=28)
RESOLUTIONS = (5, 6, 7, 8, 9)
Days = tuple[date, date]
"""From a day to before another."""


@dataclass(frozen=True)
class Seen:
    """One build as its readers have it; counts by (cell, category): longer window, shorter window, None untold.

    `areas` are the rows of guarded categories: by area, category and first day of the period.
    """

    day: date
    counts: Mapping[tuple[str, str], tuple[int, int | None]]
    sums: Mapping[str, tuple[int, int]]
    totals: tuple[int, int]
    table: Sequence[tuple[str, str, int, int, int]]
    areas: Mapping[tuple[str, str, date], int] = field(default_factory=dict)


class Claim(NamedTuple):
    """What the attacker says to have found out: `reports` reports of `category` in `place`, by `way`, of these days."""

    way: str
    category: str
    place: str
    days: Days
    reports: int
    without: frozenset[str] = frozenset()


def decoded(tile: Mapping[str, Any]) -> Iterator[tuple[str, int, int, dict[str, tuple[int, int | None]]]]:
    """Read a tile as the documentation says: cell, both sums, counts by category."""
    children, rank = _children(tile["parent"], tile["res"]), 0
    for position, step in enumerate(tile["ranks"]):
        rank += step
        by_category = {
            tile["categories"][index]: (year, recent)
            for index, where, year, recent in tile["by_category"]
            if where == position
        }
        yield children[rank], tile["n365"][position], tile["n28"][position], by_category


@dataclass(frozen=True)
class Attacker:
    """`windows` tells from when to before when the two counts of a build's day are; the rest is the catalogue."""

    windows: Callable[[date], tuple[Days, Days]]
    vulnerable: frozenset[str]
    hidden: frozenset[str]

    def claims(self, builds: Sequence[Seen]) -> list[Claim]:
        """Return all that can be claimed after these builds."""
        found = [claim for build in builds for claim in self._within(build)]
        for before, after in pairwise(builds):
            found.extend(self._between(before, after))
        return found

    def _within(self, build: Seen) -> Iterator[Claim]:
        windows = self.windows(build.day)
        for way, category, place, column, count, without in self._numbers(build):
            if way == "finer" or 0 < count < K:
                yield Claim(way, category, place, windows[column], count, without)
        year, recent = windows
        for (place, category), (longer, shorter) in build.counts.items():
            # The shorter window is the end of the longer one.
            if category in self.vulnerable and shorter is not None and 0 < longer - shorter < K:
                yield Claim("windows", category, place, (year[0], recent[0]), longer - shorter)
        yield from self._areas(build)
        for place, category, window, reports, sources in build.table:
            told = build.sums.get(place, (0, 0)) if category == "all" else build.counts.get((place, category), (0, 0))
            if reports != (told[0] if window == 365 else told[1] or 0):
                yield Claim("exports", category, place, year, reports)
            if category in self.vulnerable and 0 < sources < min(reports, K):
                yield Claim("sources", category, place, year, sources)

    def _areas(self, build: Seen) -> Iterator[Claim]:
        """Yield what areas tell, what is left of them beside the areas in them, and beside the cells of the country."""
        rests: Counter[tuple[str, str, date]] = Counter()
        for (area, category, begins), count in build.areas.items():
            days = (begins, begins + PERIOD)
            if 0 < count < K or (category in self.hidden and count % K):
                yield Claim("areas", category, area, days, count)
            rests[area, category, begins] += count
            if area:
                # The country is the empty code; voivodeships have two digits, powiats four.
                rests[area[:2] if len(area) > 2 else "", category, begins] -= count
        for (area, category, begins), rest in rests.items():
            if len(area) <= 2 and rest and (rest < K or (area, category, begins) not in build.areas):
                yield Claim("areas in areas", category, area, (begins, begins + PERIOD), rest)
        longer, _ = self.windows(build.day)
        for category in self.vulnerable:
            country = sum(
                count
                for (area, code, begins), count in build.areas.items()
                if not area and code == category and longer[0] <= begins < longer[1]
            )
            cells = sum(
                told[0]
                for (cell, code), told in build.counts.items()
                if code == category and h3.get_resolution(cell) == RESOLUTIONS[0]
            )
            if build.areas and 0 < abs(country - cells) < K:
                yield Claim("areas less cells", category, "country", longer, country - cells)

    def _between(self, before: Seen, after: Seen) -> Iterator[Claim]:
        """Subtract a build from a later one: what is new is of the days that only the later one counts."""
        (old, _), (new, _) = self.windows(before.day), self.windows(after.day)
        for area, category, begins in before.areas.keys() & after.areas.keys():
            if change := after.areas[area, category, begins] - before.areas[area, category, begins]:
                yield Claim("verdicts", category, area, (begins, begins + PERIOD), abs(change))
        was, now = self._longer(before), self._longer(after)
        for key in sorted(was.keys() | now.keys(), key=str):
            _, category, place, without = key
            change = now[key] - was[key]
            if old == new and change:
                yield Claim("verdicts", category, place, new, abs(change), without)
            elif old != new and 0 < change < K:
                yield Claim("builds", category, place, (old[1], new[1]), change, without)

    def _longer(self, build: Seen) -> Counter[tuple[str, str, str, frozenset[str]]]:
        found: Counter[tuple[str, str, str, frozenset[str]]] = Counter()
        for way, category, place, column, count, without in self._numbers(build):
            # What is left beside the children is of the same place whichever children were told.
            if column == 0 and not without:
                found[way, category, place, without] += count
        return found

    def _numbers(self, build: Seen) -> Iterator[tuple[str, str, str, int, int, frozenset[str]]]:
        """Yield every number about guarded categories that one build gives: told, or left after subtraction."""
        for (place, category), told in build.counts.items():
            res = h3.get_resolution(place)
            if category in self.hidden:
                yield "finer", category, place, 0, told[0], frozenset()
            if category not in self.vulnerable:
                continue
            if res > 8:
                yield "finer", category, place, 0, told[0], frozenset()
            for column, count in enumerate(told):
                if count is not None:
                    yield "told", category, place, column, count, frozenset()
            if res in RESOLUTIONS[:3]:
                yield from self._left(build, place, category, told)
        yield from self._sums(build)
        yield from self._country(build)

    def _sums(self, build: Seen) -> Iterator[tuple[str, str, str, int, int, frozenset[str]]]:
        """Yield what is left of a cell's sums beside its categories."""
        rests = {(place, column): sums[column] for place, sums in build.sums.items() for column in (0, 1)}
        for (place, _), told in build.counts.items():
            for column, count in enumerate(told):
                rests[place, column] -= count or 0
        for (place, column), rest in rests.items():
            yield "sums", "all", place, column, rest, frozenset()

    def _left(
        self, build: Seen, place: str, category: str, told: tuple[int, int | None]
    ) -> Iterator[tuple[str, str, str, int, int, frozenset[str]]]:
        for column, count in enumerate(told):
            below = {
                child: number
                for child in h3.cell_to_children(place)
                if (number := build.counts.get((child, category), (None, None))[column]) is not None
            }
            if count is not None:
                yield "children", category, place, column, count - sum(below.values()), frozenset(below)

    def _country(self, build: Seen) -> Iterator[tuple[str, str, str, int, int, frozenset[str]]]:
        coarse = {key: told for key, told in build.counts.items() if h3.get_resolution(key[0]) == RESOLUTIONS[0]}
        for column in (0, 1):
            ordinary = sum(told[column] or 0 for (_, code), told in coarse.items() if code not in self.vulnerable)
            guarded = sum(told[column] or 0 for (_, code), told in coarse.items() if code in self.vulnerable)
            yield "totals", "all", "country", column, build.totals[column] - ordinary, frozenset()
            yield "totals", "all", "rest of the country", column, build.totals[column] - ordinary - guarded, frozenset()


@lru_cache(maxsize=4096)
def _children(parent: str, res: int) -> list[str]:
    return sorted(h3.cell_to_children(parent, res))
