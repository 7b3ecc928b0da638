"""Which cases a new report may repeat: of its category, public now, young enough, and near enough.

Source of the rule: the national map shows its users what stands nearby before they report; radius by category,
with 0 for never, is what other maps of this kind do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.catalogue import Catalogue, Category, Sensitivity
from chalicelib.domain.location import cell_at, metres, public_location
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.visibility import Case, Shown, finest, is_public

DAYS = 90
"""How long ago a case may have been filed that a report is held against."""

LIMIT = 5
"""The most candidates that a reporter is shown."""

HINTS_PER_DAY = 3
"""How often a day a network is told of one case: more distances from chosen points would give its exact place."""

ROUNDED_M = 10
"""Distances are told in steps of so many metres."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What is known of a case that was filed: `lat` and `lon` are its exact place, `cell` is its finest cell."""

    id: str
    category: str
    lat: float
    lon: float
    cell: str
    status: Status
    tier: Tier
    created: datetime
    changed: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that may be the same thing, and its distance in metres as it may be told."""

    id: str
    distance_m: int


def looked_for(category: Category) -> bool:
    """Tell whether a report of this category is held against others at all."""
    return category.duplicate_radius_m > 0 and finest(category.sensitivity) is not Shown.NEVER


def candidates(
    category: Category, lat: float, lon: float, filed: Iterable[Filed], now: datetime, zone: ZoneInfo
) -> list[Candidate]:
    """Return at most `LIMIT` cases that a report of `category` at a point may repeat, nearest first, then newest.

    Ordinary cases are measured from point to point, by great circle; of others nothing may be told but the public
    cell, so that they are the same where that is.
    """
    found = []
    for case in filed:
        # Distance first: most of what stands in a cell is too far, and whether a case is public takes longer to tell.
        distance = _distance(category, lat, lon, case) if looked_for(category) else None
        if distance is not None and _comparable(category, case, now, zone):
            found.append((distance, now - case.created, case.id))
    return [Candidate(case, _rounded(distance)) for distance, _, case in sorted(found)[:LIMIT]]


def _comparable(category: Category, case: Filed, now: datetime, zone: ZoneInfo) -> bool:
    if case.category != category.code or case.created < now - timedelta(days=DAYS):
        return False
    return is_public(Case(category, case.status, case.tier, case.created, case.changed), now, zone)


def _distance(category: Category, lat: float, lon: float, case: Filed) -> float | None:
    """Return the distance that counts, None where it is too far."""
    if finest(category.sensitivity) is Shown.EXACT:
        distance = metres(lat, lon, case.lat, case.lon)
        return distance if distance <= category.duplicate_radius_m else None
    here, there = (public_location(cell, category.sensitivity) for cell in (cell_at(lat, lon), case.cell))
    if here is None or there is None or here.cell != there.cell:
        return None
    return metres(lat, lon, there.lat, there.lon)


def _rounded(distance: float) -> int:
    return round(distance / ROUNDED_M) * ROUNDED_M


def rules(catalogue: Catalogue) -> dict[str, Any]:
    """Return the rule as `/v1/rules` serves it."""
    return {
        "days": DAYS,
        "candidates": LIMIT,
        "hints_per_network_and_day": HINTS_PER_DAY,
        "distance_steps_m": ROUNDED_M,
        "compared_by": {
            Sensitivity.ORDINARY.value: "exact_place",
            Sensitivity.VULNERABLE.value: "public_cell",
            Sensitivity.HIDDEN.value: None,
        },
        "radius_m": {category.code: category.duplicate_radius_m for category in catalogue.categories.values()},
    }
