"""The file of each area, for pages that draw charts: all that is told of it, its areas below, and how it compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.areas import COUNTRY, level, parent
from chalicelib.hotspots.periods import DAYS, closed, first_day
from chalicelib.services.area_counts import ALL, PACE_MONTHS, STATUSES, YEAR, AreaCounts, Grid, Pace, paces
from chalicelib.services.area_tables import with_above
from chalicelib.services.area_tellings import Told
from chalicelib.services.state import Workshop

Paces = dict[tuple[str, str], tuple[Pace, dict[int, Pace]]]
"""Area and category → how long cases of the last 365 days took, and by month of acceptance."""


@dataclass(frozen=True, slots=True)
class AreaFiles:
    """Makes the documents of a build of `day`; `names` and `people` (inhabitants) are by code."""

    found: AreaCounts
    told: Told
    names: Mapping[str, str]
    people: Mapping[str, int]
    day: date
    _below: dict[str, list[str]] = field(default_factory=dict)

    def documents(self, shop: Workshop) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the code and the document of each area with reports, in the order of the codes."""
        found = self.found
        grids, weeks = with_above(found, found.counts), with_above(found, found.week)
        years = with_above(found, found.year[:, None, :])
        guarded = self._guarded()
        took = _paces(shop, found)
        codes = sorted({*grids, *(area for row in guarded.values() for areas in row for area in areas)})
        for area in codes:
            if (above := parent(area)) is not None:
                self._below.setdefault(above, []).append(area)
        for area in codes:
            categories = [*found.codes, ALL]
            yield (
                area,
                {
                    "area": area,
                    "level": level(area),
                    "name": self.names.get(area, area),
                    "parent": parent(area),
                    "children": [self._child(child, years) for child in self._below.get(area, ())],
                    "population": self.people.get(area),
                    "months": list(found.months),
                    "through": (self.day - timedelta(days=1)).isoformat(),
                    "categories": _by_month(categories, grids.get(area)),
                    "guarded": self._told_of(area, guarded),
                    "pattern": _patterns(categories, weeks.get(area)),
                    "response": _responses(categories, area, took, len(found.months)),
                },
            )

    def _child(self, area: str, years: Mapping[str, Grid]) -> dict[str, Any]:
        now, before = years[area][-1].tolist() if area in years else (0, 0)
        people = self.people.get(area)
        return {
            "area": area,
            "name": self.names.get(area, area),
            "reports_365d": now,
            "previous_365d": before,
            "per_1000": None if people is None else round(now * 1000 / people, 2),
        }

    def _guarded(self) -> dict[str, list[Mapping[str, int]]]:
        """Return, by category, what is told of each of the last periods of the areas and those above."""
        rows = [self.told.get(period, {}) for period in closed(self.day)]
        codes = sorted({code for row in rows for code in row})
        return {code: [row.get(code, {}) for row in rows] for code in codes}

    def _told_of(self, area: str, guarded: Mapping[str, Sequence[Mapping[str, int]]]) -> dict[str, Any]:
        firsts = [first_day(period) for period in closed(self.day)]
        numbers = {code: [row.get(area, 0) for row in rows] for code, rows in guarded.items()}
        return {
            "periods": [[first.isoformat(), (first + timedelta(days=DAYS - 1)).isoformat()] for first in firsts],
            "categories": {code: row for code, row in numbers.items() if any(row)},
        }


def _by_month(codes: Sequence[str], grid: Grid | None) -> dict[str, dict[str, list[int]]]:
    if grid is None:
        return {}
    return {
        code: {"reports": row.sum(axis=1).tolist(), **dict(zip(STATUSES, row.T.tolist(), strict=True))}
        for code, row in zip(codes, grid, strict=True)
        if row.any()
    }


def _patterns(codes: Sequence[str], grid: Grid | None) -> dict[str, list[list[int]]]:
    if grid is None:
        return {}
    return {code: row.tolist() for code, row in zip(codes, grid, strict=True) if row.any()}


def _paces(shop: Workshop, found: AreaCounts) -> Paces:
    years: dict[tuple[str, str], Pace] = {}
    months: dict[tuple[str, str], dict[int, Pace]] = {}
    whole = ["above, area, category", "above, area", "above, category", "above", "category", ""]
    for (above, area, category), pace in paces(shop, whole, f"age < {YEAR}"):
        years[_key(found, above, area, category)] = pace
    monthly = [f"{way}, month" if way else "month" for way in whole]
    last = len(found.months)
    for month in range(last - PACE_MONTHS, last):
        for (above, area, category, _), pace in paces(shop, monthly, f"month = {month}"):
            months.setdefault(_key(found, above, area, category), {})[month] = pace
    return {key: (pace, months.get(key, {})) for key, pace in years.items()}


def _key(found: AreaCounts, above: int | None, area: int | None, category: int | None) -> tuple[str, str]:
    code = COUNTRY if above is None else found.regions[above] if area is None else found.areas[area]
    return code, ALL if category is None else found.codes[category]


def _responses(codes: Sequence[str], area: str, took: Paces, months: int) -> dict[str, Any]:
    made = {}
    for code in codes:
        if (area, code) not in took:
            continue
        pace, by_month = took[area, code]
        each = [by_month.get(month) for month in range(months)]
        made[code] = {
            "reports": pace.reports,
            "open": pace.reports - pace.closed,
            "closed": pace.closed,
            "within_deadline": pace.within_deadline,
            "days_median": pace.days_median,
            "days_p90": pace.days_p90,
            "months": {
                "days_median": [None if one is None else one.days_median for one in each],
                "closed": [0 if one is None else one.closed for one in each],
            },
        }
    return made
