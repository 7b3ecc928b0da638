"""A small published data set of known content, in the form that the nightly function writes.

Deterministic: the same seed gives the same files, byte for byte, so that pictures can be compared by eye.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import h3

from tests.browser.area_files import area_files
from tests.browser.outline_files import outline_files

DAY = date(2026, 11, 22)
SEED = 20261122
BUILD = "20261122T001000-fixture"
RESOLUTIONS = (5, 6, 7, 8, 9)
POINT_PARENT = 5
OVERVIEW = 7
"""Up to this resolution what is told by category stands in a file of its own."""

# Latitude, longitude, number of reports, spread in degrees.
TOWNS = {
    "Warszawa": (52.2298, 21.0118, 900, 0.07),
    "Kraków": (50.0614, 19.9366, 520, 0.05),
    "Łódź": (51.7706, 19.4740, 420, 0.05),
    "Wrocław": (51.1029, 17.0301, 430, 0.05),
    "Poznań": (52.4069, 16.9299, 380, 0.05),
    "Gdańsk": (54.3523, 18.6491, 300, 0.05),
    "Szczecin": (53.4289, 14.5530, 240, 0.05),
    "Lublin": (51.2500, 22.5667, 220, 0.04),
    "Białystok": (53.1333, 23.1643, 210, 0.04),
    "Katowice": (50.2597, 19.0217, 420, 0.09),
    "Rzeszów": (50.0413, 21.9990, 160, 0.03),
    "Olsztyn": (53.7799, 20.4942, 130, 0.03),
    "Kielce": (50.8703, 20.6275, 140, 0.03),
    "Opole": (50.6721, 17.9253, 100, 0.03),
    "Toruń": (53.0138, 18.5981, 130, 0.03),
    "Łomża": (53.1781, 22.0594, 90, 0.012),
    "Słupsk": (54.4641, 17.0287, 70, 0.02),
    "Zakopane": (49.2990, 19.9489, 45, 0.02),
}
COUNTRYSIDE = 900

CATEGORIES = {
    "illegal_parking": 34,
    "speeding": 28,
    "public_drinking": 9,
    "road_infrastructure": 7,
    "vandalism": 4,
    "illegal_dump": 5,
    "stray_dogs": 3,
    "homeless_person": 3,
    "damaged_greenery": 3,
    "traffic_organisation": 4,
}
VULNERABLE = {"homeless_person"}
STATUSES = {"new": 8, "verifying": 12, "confirmed": 38, "passed_on": 6, "unconfirmed": 16, "eliminated": 20}


@dataclass(frozen=True)
class Report:
    """One public report of the fixture."""

    id: str
    category: str
    status: str
    day: date
    cell: str


def reports() -> list[Report]:
    """All reports, in the order of their making."""
    chance = random.Random(SEED)
    places = [(lat, lon, spread) for lat, lon, count, spread in TOWNS.values() for _ in range(count)]
    places += [(chance.uniform(50.7, 53.8), chance.uniform(15.6, 22.9), 0.0) for _ in range(COUNTRYSIDE)]
    made = []
    for number, (lat, lon, spread) in enumerate(places):
        category = chance.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
        status = chance.choices(list(STATUSES), list(STATUSES.values()))[0]
        age = min(364, int(chance.expovariate(1 / 140)))
        y, x = chance.gauss(lat, spread * 0.62), chance.gauss(lon, spread)
        made.append(
            Report(f"FIX{number:018d}", category, status, DAY - timedelta(days=age), h3.latlng_to_cell(y, x, 11))
        )
    return made


def level(count: int, counts: list[int]) -> int:
    """Class 1 to 5 of a count among all of its resolution: the share of cells below it."""
    share = sum(other < count for other in counts) / len(counts)
    return 1 + sum(share >= edge for edge in (0.35, 0.65, 0.85, 0.96))


def cell_files(all_reports: list[Report], res: int) -> dict[str, dict[str, Any]]:
    """The published cell files of one resolution, by parent."""
    by_cell: dict[str, list[Report]] = defaultdict(list)
    for report in all_reports:
        by_cell[h3.cell_to_parent(report.cell, res)].append(report)
    counts = sorted(len(inside) for inside in by_cell.values())
    parents: dict[str, list[str]] = defaultdict(list)
    for cell in by_cell:
        parents[h3.cell_to_parent(cell, res - 3)].append(cell)
    return {parent: cell_file(res, parent, sorted(cells), by_cell, counts) for parent, cells in parents.items()}


def cell_file(
    res: int, parent: str, cells: list[str], by_cell: dict[str, list[Report]], counts: list[int]
) -> dict[str, Any]:
    """One cell file: positions run along `ranks`, which are differences of places among the sorted children."""
    place = {child: rank for rank, child in enumerate(sorted(h3.cell_to_children(parent, res)))}
    used = sorted({report.category for cell in cells for report in by_cell[cell]})
    ranks = [place[cell] for cell in cells]
    recent = {cell: sum(report.day > DAY - timedelta(days=28) for report in by_cell[cell]) for cell in cells}
    shares = []
    for position, cell in enumerate(cells):
        year = Counter(report.category for report in by_cell[cell])
        month = Counter(report.category for report in by_cell[cell] if report.day > DAY - timedelta(days=28))
        shares += [
            [used.index(category), position, count, month[category]]
            for category, count in sorted(year.items())
            if category not in VULNERABLE or (res <= 8 and count >= 5)
        ]
    levels = [level(len(by_cell[cell]), counts) for cell in cells]
    tops = [used.index(Counter(report.category for report in by_cell[cell]).most_common(1)[0][0]) for cell in cells]
    return {
        "res": res,
        "parent": parent,
        "categories": used,
        "ranks": [rank - before for rank, before in zip(ranks, [0, *ranks], strict=False)],
        "n365": [len(by_cell[cell]) for cell in cells],
        "n28": [recent[cell] for cell in cells],
        "level": levels,
        "top": tops,
        "by_category": shares,
        **(statistics(levels, tops, [len(by_cell[cell]) for cell in cells], list(recent.values())) if res < 9 else {}),
    }


def statistics(levels: list[int], tops: list[int], year: list[int], recent: list[int]) -> dict[str, Any]:
    """Marks as a night might have found them: a cluster where there is most, growing where it is highest."""
    hot = [{5: 99, 4: 95}.get(each, 0) for each in levels]
    soon = [90 if count >= 5 else 0 for count in recent]
    national = [99 if each == 5 else 0 for each in levels]
    trend = [{99: 3, 95: 4}.get(sure, 0) for sure in hot]
    surprise = [3 if count >= 8 else 0 for count in recent]
    columns = (hot, soon, national, [0] * len(hot), trend, surprise)
    return {
        "expected": [round(count * 30 / 365, 1) for count in year],
        **dict(zip(("hot365", "hot28", "national365", "national28", "trend", "surprise"), columns, strict=True)),
        "standing_out": [
            [tops[position], position, *(column[position] for column in columns)]
            for position in sorted(range(len(hot)), key=lambda position: (tops[position], position))
            if hot[position]
        ],
    }


def point_files(all_reports: list[Report]) -> dict[str, dict[str, Any]]:
    """The published points, by res-5 parent; vulnerable ones at the centre of their res-8 cell."""
    files: dict[str, dict[str, Any]] = {}
    for report in all_reports:
        if report.day <= DAY - timedelta(days=120):
            continue
        cell = h3.cell_to_parent(report.cell, 8) if report.category in VULNERABLE else report.cell
        lat, lon = h3.cell_to_latlng(cell)
        parent = h3.cell_to_parent(report.cell, POINT_PARENT)
        empty: dict[str, Any] = {
            "parent": parent,
            "id": [],
            "category": [],
            "status": [],
            "day": [],
            "lat": [],
            "lon": [],
        }
        file = files.setdefault(parent, empty)
        row = (report.id, report.category, report.status, report.day.isoformat(), round(lat, 5), round(lon, 5))
        for column, value in zip(("id", "category", "status", "day", "lat", "lon"), row, strict=True):
            file[column].append(value)
    return files


def write(root: Path) -> None:
    """Write everything under `root`/data, the manifest last."""
    all_reports = reports()
    data = root / "data"
    build = data / "builds" / BUILD
    for res in RESOLUTIONS:
        files = cell_files(all_reports, res)
        for parent, body in files.items():
            for name, part in parts(body).items():
                put(data / "cells" / BUILD / str(res) / f"{parent}{name}.json", part)
        put(build / "parents" / f"{res}.json", tile_list(res, sorted(files)))
    points = point_files(all_reports)
    for parent, body in points.items():
        put(data / "points" / "fixture" / f"{parent}.json", body)
    for code, area in area_files().items():
        put(build / "areas" / f"{code}.json", area)
    for code, outline in outline_files().items():
        put(data / "outlines" / "fixture" / f"{code}.json", outline)
    recent = sum(report.day > DAY - timedelta(days=28) for report in all_reports)
    put(
        data / "manifest.json",
        {
            "build": BUILD,
            "published_at": "2026-11-22T00:12:00+01:00",
            "day": DAY.isoformat(),
            "windows": ["365d", "28d"],
            "cells": "/data/cells/{version}/{res}/{parent}.json",
            "categories": "/data/cells/{version}/{res}/{parent}.categories.json",
            "points": "/data/points/fixture/{parent}.json",
            "parents": f"/data/builds/{BUILD}/parents/{{res}}.json",
            "areas": f"/data/builds/{BUILD}/areas/{{area}}.json",
            "outlines": "/data/outlines/fixture/{area}.json",
            "points_parents": sorted(points),
            "exports": {},
            "feeds": {},
            "catalogue_version": "2020-01-02",
            "boundaries": "approximate",
            "totals": {"reports_365d": len(all_reports), "reports_28d": recent},
        },
    )


def parts(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The files of a tile by the end of their names: coarse ones keep what is by category apart."""
    if body["res"] > OVERVIEW:
        return {"": body}
    apart = ("by_category", "standing_out")
    told = {name: body[name] for name in ("res", "parent", "categories", *apart)}
    return {"": {name: value for name, value in body.items() if name not in apart}, ".categories": told}


def tile_list(res: int, parents: list[str]) -> dict[str, Any]:
    """The list of the tiles of one resolution, all of which this build wrote."""
    unit = 8 ** (15 - (res - 3))
    steps = [(int(after, 16) - int(before, 16)) // unit for before, after in pairwise(parents)]
    return {"res": res, "first": parents[0], "steps": steps, "versions": [BUILD], "version": [0] * len(parents)}


def put(path: Path, body: object) -> None:
    """Write one JSON file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, separators=(",", ":")), encoding="utf-8")
