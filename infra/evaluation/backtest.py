"""How many of the next reports lie in the cells that a method names first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import h3.api.basic_int as h3
import numpy as np

from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.grid import Cells, parents
from chalicelib.hotspots.lattice import Floats, Lattice
from infra.evaluation.methods import METHODS, YEAR, History, kernel
from infra.evaluation.points import BadPoints, Points

SQUARE_MILE = 2.589988110336


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of the methods.

    `area` is the part of the region that a forecast may name, as a share or, where `square_miles`, as such. Forecasts
    follow each other from day `first` (days since 1970), each for `days` days. `region` is the area of the whole city
    in km²; without it it is that of the cells which ever had a point.
    """

    res: int
    area: float
    square_miles: bool
    days: int
    first: int | None = None
    region: float | None = None


def evaluate(points: Points, plan: Plan) -> dict[str, Any]:
    """Return PAI, PEI and hit rate of every method over all forecasts together, ready for JSON.

    n of N reports fell into the named cells, whose area is a of A: hit rate n / N, PAI (n / N) / (a / A) (Chainey,
    Tompson and Uhlig, Security Journal 21, 2008), PEI n / n*, n* the most that cells of that area could have caught
    (Hunt, 2016).

    Raises:
        BadPoints: there is no whole forecast with a year before it.
    """
    cells = points.cells(plan.res)
    lattice = city(cells, plan.res)
    areas = np.array([h3.cell_area(cell, unit="km^2") for cell in lattice.cells.tolist()])
    whole = plan.region or float(areas[np.isin(lattice.cells, cells)].sum())
    day, rows = points.day[points.asked], np.searchsorted(lattice.cells, cells[points.asked])
    budget = plan.area * SQUARE_MILE if plan.square_miles else plan.area * whole
    begins = list(_begins(day, plan))
    if not begins:
        raise BadPoints("a back-test needs a year of points, and the days of a forecast after it")
    shares = kernel(lattice, points.lat[points.asked], points.lon[points.asked], rows)
    hits = dict.fromkeys([*METHODS, "best"], 0)
    named, total = dict.fromkeys(METHODS, 0.0), 0
    for begin in begins:
        ahead = (day >= begin) & (day < begin + plan.days)
        to_come = np.bincount(rows[ahead], minlength=len(areas))
        known = History(lattice, rows, begin - 1 - day, shares)
        total += int(to_come.sum())
        hits["best"] += int(to_come[chosen(to_come.astype(np.float64), areas, budget)].sum())
        for name, method in METHODS.items():
            picked = chosen(method(known), areas, budget)
            hits[name] += int(to_come[picked].sum())
            named[name] += float(areas[picked].sum())
    return {
        "points": len(day),
        "cells": len(areas),
        "region_km2": round(whole, 2),
        "forecasts": len(begins),
        "reports": total,
        "area_km2": round(budget, 4),
        "methods": {
            name: {
                "pai": round(hits[name] / total / (named[name] / len(begins) / whole), 2) if total else 0.0,
                "pei": round(hits[name] / max(hits["best"], 1), 4),
                "hit_rate": round(hits[name] / max(total, 1), 4),
                "hits": hits[name],
            }
            for name in METHODS
        },
    }


def city(cells: Cells, res: int) -> Lattice:
    """Return all cells under those ancestors, two resolutions coarser, under which there is a point.

    Cells without reports belong to the city: without them the methods would take it for evener than it is.
    """
    above = np.unique(parents(cells, res - 2)).tolist()
    return Lattice.of(
        np.array(sorted(cell for one in above for cell in h3.cell_to_children(one, res)), dtype=np.uint64)
    )


def chosen(scores: Floats, areas: Floats, budget: float) -> Numbers:
    """Return the rows with the highest scores whose areas fit the budget together; of equals, the first rows."""
    order = np.argsort(-scores, kind="stable")
    fits: Flags = np.cumsum(areas[order]) <= budget
    return order[fits]


def _begins(days: Numbers, plan: Plan) -> Iterator[int]:
    earliest, end = int(days.min()) + YEAR, int(days.max()) + 1
    first = earliest if plan.first is None else max(plan.first, earliest)
    return iter(range(first, end - plan.days + 1, plan.days))
