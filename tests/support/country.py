"""A country full of reports, the same ones for the same number: cities with hot corners, suburbs, towns, and fields.

Its shape is an assumption: 38 % of the reports lie at some ten thousand corners of forty cities, a few of which have
most, 17 % elsewhere in these cities, 30 % around all other towns, 15 % anywhere. Categories fall off as 1/rank. After
a quarter of a year a report is closed; of what was confirmed one in fifty is there still.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import h3.api.numpy_int as h3
import numpy as np
import numpy.typing as npt

from chalicelib.domain.instance import Instance
from chalicelib.hotspots.grid import parents
from chalicelib.hotspots.region import Region

CITIES, CORNERS, TOWNS_KM, CITY_KM = 40, 10_000, 2.0, 5.0
PLACES = 1_500_000
"""How many different places there are; more reports fall on the same ones."""

YEARS = 10
KM_PER_DEGREE = 111.3
STATUSES = {"eliminated": 0.25, "confirmed": 0.15, "unconfirmed": 0.45, "new": 0.1, "verifying": 0.04, "joke": 0.01}

CLOSED_AFTER_DAYS, LASTING = 90, 0.02
_ENDS = {"confirmed": "eliminated", "new": "unconfirmed", "verifying": "unconfirmed"}
_CLOSED = np.array([list(STATUSES).index(_ENDS.get(status, status)) for status in STATUSES])

Column = npt.NDArray[Any]


@dataclass(frozen=True)
class Country:
    """Reports as parallel columns, by rising day: cell of resolution 11, area, category and status as indices."""

    cell: Column
    area: Column
    category: Column
    status: Column
    day: Column
    first: date
    areas: list[str]
    categories: list[str]

    @classmethod
    def of(cls, instance: Instance, region: Region, towns: Path, count: int, last: date, seed: int = 1) -> Country:
        """Make `count` reports of the ten years up to `last`; `towns` is the package's list of towns."""
        chance = np.random.default_rng(seed)
        cells, areas = _places(chance, region, _centres(towns))
        first = last - timedelta(days=365 * YEARS - 1)
        codes = list(instance.catalogue.categories)
        share = 1 / np.arange(1, len(codes) + 1)
        row = chance.integers(0, len(cells), count)
        status = chance.choice(len(STATUSES), count, p=list(STATUSES.values()))
        day = np.sort(chance.integers(0, 365 * YEARS, count))
        old, lasting = day < 365 * YEARS - CLOSED_AFTER_DAYS, chance.random(count) < LASTING
        return cls(
            cells[row],
            areas[row],
            chance.choice(len(codes), count, p=share / share.sum()).astype(np.int8),
            np.where(old & ~lasting, _CLOSED[status], status).astype(np.int8),
            day.astype(np.int16),
            first,
            list(region.names),
            codes,
        )

    def months(self) -> Iterator[tuple[str, slice]]:
        """Yield each month and its rows."""
        days = [self.first + timedelta(days=number) for number in range(365 * YEARS)]
        begins = np.searchsorted(self.day, np.arange(len(days) + 1)).tolist()
        by_month: dict[str, list[int]] = {}
        for number, day in enumerate(days):
            by_month.setdefault(day.isoformat()[:7], []).append(number)
        for month, numbers in by_month.items():
            yield month, slice(begins[numbers[0]], begins[numbers[-1] + 1])


def _centres(towns: Path) -> npt.NDArray[np.float64]:
    rows = [row for row in json.loads(towns.read_text("utf-8")) if row["country"] == "PL" and row["admin2"]]
    return np.array(sorted((float(row["lat"]), float(row["lng"])) for row in rows))


def _places(chance: np.random.Generator, region: Region, centres: npt.NDArray[np.float64]) -> tuple[Column, Column]:
    cities = centres[chance.choice(len(centres), CITIES, replace=False)]
    corner_of = chance.integers(0, CITIES, CORNERS)
    corners = _around(chance, cities[corner_of], CITY_KM)
    weight = chance.pareto(1.2, CORNERS) + 1
    n = [int(PLACES * share) for share in (0.38, 0.17, 0.30, 0.15)]
    anywhere = region.cells[chance.integers(0, len(region.cells), n[3])]
    points = np.concatenate(
        [
            _around(chance, corners[chance.choice(CORNERS, n[0], p=weight / weight.sum())], 0.05),
            _around(chance, cities[chance.integers(0, CITIES, n[1])], CITY_KM),
            _around(chance, centres[chance.integers(0, len(centres), n[2])], TOWNS_KM),
            _around(chance, np.array([h3.cell_to_latlng(cell) for cell in anywhere.tolist()]), 0.3),
        ]
    )
    cells = np.fromiter((h3.latlng_to_cell(lat, lon, 11) for lat, lon in points.tolist()), np.uint64, len(points))
    rows = region.rows(parents(cells, region.lattice.res))
    return cells[rows >= 0], region.groups[rows[rows >= 0]].astype(np.int16)


def _around(chance: np.random.Generator, points: npt.NDArray[np.float64], km: float) -> npt.NDArray[np.float64]:
    move = chance.normal(0, km / KM_PER_DEGREE, points.shape)
    move[:, 1] /= np.cos(np.radians(points[:, 0]))
    return points + move


def units_of(instance: Instance, areas: list[str], day: date) -> Mapping[str, str]:
    """Return the unit that answers for each area."""
    return {area: instance.units.unit_for(area, day).code for area in areas}
