"""A unit's patrol plan for a week, with everything in it named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import h3

from chalicelib.domain.units import Units
from chalicelib.services import plan_files
from chalicelib.services.plan_files import Week
from chalicelib.store.objects import Objects


class Names(Protocol):
    """Names of places and areas, as far as they are known."""

    def place(self, lat: float, lon: float) -> str | None:
        """Name the nearest place."""

    def area(self, code: str) -> str | None:
        """Name an area."""


@dataclass(frozen=True, slots=True)
class Plans:
    """Reads plans."""

    work: Objects
    units: Units
    names: Names

    def plan(self, week: Week, unit: str | None) -> dict[str, Any] | None:
        """Return the plan of a unit with those below it, None the nation; None where the week has no plans.

        A unit where too little was reported to plan anything has a plan without rows.
        """
        made = plan_files.made(self.work, week)
        if made is None:
            return None
        kept = plan_files.plan(self.work, made, unit) or {"reports": 0, "expected": 0.0, "rows": []}
        whole = kept["expected"]
        rows = [self._row(rank, row, unit, whole) for rank, row in enumerate(kept["rows"], 1)]
        together = sum(row["expected"] for row in rows)
        return {
            "unit": None if unit is None else self._name(unit),
            "week": str(week),
            "from": week.first.isoformat(),
            "to": week.last.isoformat(),
            "made_at": made.made_at,
            "basis": {"from": made.since, "to": made.until, "reports": kept["reports"]},
            "rows": rows,
            "covered": {"rows": len(rows), "expected": round(together, 2), "share": _share(together, whole)},
        }

    def _row(self, rank: int, row: dict[str, Any], asked: str | None, whole: float) -> dict[str, Any]:
        lat, lon = h3.cell_to_latlng(row["cell"])
        unit = row.pop("unit")
        return {
            "rank": rank,
            "unit": None if unit == asked else self._name(unit),
            "lat": round(lat, 5),
            "lon": round(lon, 5),
            "place": self.names.place(lat, lon),
            "area_name": self.names.area(row["area"]),
            "share": _share(row["expected"], whole),
            **row,
        }

    def _name(self, code: str) -> dict[str, str]:
        unit = self.units[code]
        return {"code": unit.code, "name": unit.name, "short": unit.short}


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0
