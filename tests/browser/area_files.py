"""Areas of known content for the page of charts, in the form that the nightly function writes.

Deterministic. Counts grow from the smallest area upwards, so a country is the sum of what lies in it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

SEED = 20261122
BUILD_DAY = date(2026, 11, 22)
THROUGH = BUILD_DAY - timedelta(days=1)
MONTHS = [f"{2021 + (11 + at) // 12}-{(11 + at) % 12 + 1:02d}" for at in range(60)]
STATUSES = ("confirmed", "unconfirmed", "eliminated", "passed_on", "open")
ORDINARY = {
    "illegal_parking": 34,
    "speeding": 28,
    "public_drinking": 9,
    "road_infrastructure": 7,
    "illegal_dump": 5,
    "vandalism": 4,
    "traffic_organisation": 4,
    "stray_dogs": 3,
    "damaged_greenery": 3,
    "grass_burning": 2,
    "forest_quads": 2,
    "wild_bathing": 1,
}
GUARDED = {"homeless_person": 4, "begging": 2, "drug_use": 3}
PERIODS = [
    [
        (date(2025, 11, 17) + timedelta(days=28 * n)).isoformat(),
        (date(2025, 12, 14) + timedelta(days=28 * n)).isoformat(),
    ]
    for n in range(12)
]
# Name, inhabitants (one is not known), reports in a usual month; invented numbers.
PLACES: dict[str, tuple[str, dict[str, tuple[str, int | None, int]]]] = {
    "20": (
        "podlaskie",
        {"2061": ("Białystok", 292_000, 60), "2062": ("Łomża", 61_000, 11), "2007": ("łomżyński", 50_000, 3)},
    ),
    "14": ("mazowieckie", {"1465": ("Warszawa", 1_860_000, 310), "1463": ("Radom", 197_000, 24)}),
    "12": ("małopolskie", {"1261": ("Kraków", 804_000, 140), "1217": ("tatrzański", None, 14)}),
    "22": ("pomorskie", {"2261": ("Gdańsk", 487_000, 82), "2264": ("Sopot", 32_000, 9)}),
    "10": ("łódzkie", {"1061": ("Łódź", 658_000, 96)}),
    "02": ("dolnośląskie", {"0264": ("Wrocław", 674_000, 110)}),
}


def leaf(code: str, name: str, population: int | None, usual: int) -> dict[str, Any]:
    """A powiat of its own reports."""
    chance = random.Random(f"{SEED}-{code}")
    categories = {kind: months_of(chance, usual * share / 100, kind) for kind, share in ORDINARY.items()}
    categories = {kind: each for kind, each in categories.items() if any(each["reports"])}
    categories["all"] = added(categories.values())
    guarded = {
        kind: [5 * (chance.randrange(0, max(2, round(usual * share / 30))) // 5) for _ in PERIODS]
        for kind, share in GUARDED.items()
    }
    return {
        "area": code,
        "level": "powiat",
        "name": name,
        "parent": code[:2],
        "children": [],
        "population": population,
        "months": MONTHS,
        "through": THROUGH.isoformat(),
        "categories": categories,
        "guarded": {"periods": PERIODS, "categories": {kind: row for kind, row in guarded.items() if any(row)}},
        "pattern": {kind: pattern_of(chance, sum(each["reports"][-12:])) for kind, each in categories.items()},
        "response": {kind: response_of(chance, each) for kind, each in categories.items()},
    }


def months_of(chance: random.Random, usual: float, kind: str) -> dict[str, list[int]]:
    """Reports and their statuses by month: more of them each year, some kinds in summer, younger ones still open."""
    made: dict[str, list[int]] = {"reports": [], **{status: [] for status in STATUSES}}
    for at, month in enumerate(MONTHS):
        season = 1.7 if kind in {"public_drinking", "wild_bathing"} and month[5:] in {"06", "07", "08"} else 1
        part = THROUGH.day / 30 if month == MONTHS[-1] else 1
        count = sum(chance.random() < 0.5 for _ in range(round(2 * usual * season * part * (0.6 + at / 100))))
        shares = [0.32, 0.16, 0.24 if at < 57 else 0.08, 0.06]
        row = [round(count * share) for share in shares]
        made["reports"].append(count)
        for status, value in zip(STATUSES, [*row, count - sum(row)], strict=True):
            made[status].append(value)
    return made


def added(parts: Iterable[dict[str, list[int]]]) -> dict[str, list[int]]:
    """Sums of columns."""
    held = list(parts)
    return {name: [sum(row) for row in zip(*(part[name] for part in held), strict=True)] for name in held[0]}


def pattern_of(chance: random.Random, count: int) -> list[list[int]]:
    """Reports by day and part, more of them on the evenings before free days."""
    weights = [[3, 4, 5, 2] if day < 4 else [2, 3, 9, 6] if day < 6 else [1, 3, 3, 1] for day in range(7)]
    whole = sum(map(sum, weights))
    return [[round(count * 0.7 * weight / whole * chance.uniform(0.7, 1.3)) for weight in row] for row in weights]


def response_of(chance: random.Random, months: dict[str, list[int]]) -> dict[str, Any]:
    """How soon cases were closed."""
    closed = [a + b for a, b in zip(months["unconfirmed"], months["eliminated"], strict=True)]
    # Of months more than two years ago no times are told.
    recent = [0] * (len(closed) - 24) + closed[-24:]
    median = chance.randrange(3, 9)
    year = sum(closed[-13:])
    return {
        "reports": sum(months["reports"][-13:]),
        "open": sum(months["open"][-13:]),
        "closed": year,
        "within_deadline": round(year * 0.8),
        "days_median": median if year else None,
        "days_p90": 3 * median if year else None,
        "months": {
            "days_median": [max(1, median + chance.randrange(-2, 3)) if n else None for n in recent],
            "closed": recent,
        },
    }


def whole_of(code: str, level: str, name: str, parent: str | None, inside: list[dict[str, Any]]) -> dict[str, Any]:
    """An area that is the sum of those in it."""
    chance = random.Random(f"{SEED}-{code}")
    kinds = sorted({kind for each in inside for kind in each["categories"]})
    categories = {
        kind: added(each["categories"][kind] for each in inside if kind in each["categories"]) for kind in kinds
    }
    known = [each["population"] for each in inside]
    guarded = {
        kind: [
            sum(row)
            for row in zip(
                *(each["guarded"]["categories"].get(kind, [0] * len(PERIODS)) for each in inside), strict=True
            )
        ]
        for kind in GUARDED
    }
    return {
        "area": code,
        "level": level,
        "name": name,
        "parent": parent,
        "children": [child_of(each) for each in inside],
        "population": None if None in known else sum(known),
        "months": MONTHS,
        "through": THROUGH.isoformat(),
        "categories": categories,
        "guarded": {"periods": PERIODS, "categories": {kind: row for kind, row in guarded.items() if any(row)}},
        "pattern": {kind: pattern_of(chance, sum(each["reports"][-12:])) for kind, each in categories.items()},
        "response": {kind: response_of(chance, each) for kind, each in categories.items()},
    }


def child_of(area: dict[str, Any]) -> dict[str, Any]:
    """What a larger area says of one in it."""
    reports = area["categories"]["all"]["reports"]
    year, before, people = sum(reports[-13:-1]), sum(reports[-25:-13]), area["population"]
    return {
        "area": area["area"],
        "name": area["name"],
        "reports_365d": year,
        "previous_365d": before,
        "per_1000": None if people is None else round(year * 1000 / people, 2),
    }


def area_files() -> dict[str, dict[str, Any]]:
    """All files by code of the area."""
    made: dict[str, dict[str, Any]] = {}
    regions = []
    for code, (name, places) in PLACES.items():
        inside = [leaf(each, *parts) for each, parts in places.items()]
        regions.append(whole_of(code, "voivodeship", name, "country", inside))
        made |= {area["area"]: area for area in inside}
    made |= {area["area"]: area for area in regions}
    made["country"] = whole_of("country", "country", "Polska", None, regions)
    return made


def bodies() -> dict[str, str]:
    """The files as they are written."""
    return {code: json.dumps(area, separators=(",", ":"), ensure_ascii=False) for code, area in area_files().items()}
