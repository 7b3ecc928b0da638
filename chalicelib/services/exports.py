"""The rows of reports by month, for analysts, as CSV and Parquet."""

# ruff: noqa: S608 - what is put into the SQL here is SQL of this module.
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_bounds, day_of
from chalicelib.domain.catalogue import Catalogue, Category, Sensitivity
from chalicelib.domain.location import public_location
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.visibility import Case, Surface, span
from chalicelib.services.state import Workshop
from chalicelib.services.table_export import Export, export_table

REPORT_COLUMNS = {
    "id": "VARCHAR",
    "category": "VARCHAR",
    "status": "VARCHAR",
    "reason": "VARCHAR",
    "created_day": "DATE",
    "occurred_day": "DATE",
    "part": "VARCHAR",
    "resolved_day": "DATE",
    "cell": "VARCHAR",
    "lat": "DOUBLE",
    "lon": "DOUBLE",
    "unit": "VARCHAR",
    "powiat": "VARCHAR",
    "gmina": "VARCHAR",
}
"""Columns of the rows of reports, in their public order. The gmina is not yet known of any report."""

Lasting: TypeAlias = tuple[datetime, datetime | None] | None
"""From when and until before when (UTC; None: no end) a row is there; None for never."""

Kind: TypeAlias = tuple[str, str, int, date, datetime | None, Sensitivity]
Placed: TypeAlias = tuple[int, str, str | None, float | None, float | None]

_YOUNG = timedelta(days=3)
"""A report older than this has long passed its delay, whatever the hour of its filing."""

_MONTH = """
CREATE OR REPLACE TEMP TABLE month AS
SELECT *, CASE WHEN day > $3 THEN created END AS filed FROM read_parquet($1) WHERE day < $2
"""

_KINDS = """
SELECT category, status, tier, changed_day, filed, min(created) AS created, min(changed) AS changed
FROM month GROUP BY ALL
"""

_SHOWN = """
CREATE OR REPLACE TEMP TABLE shown AS
SELECT unnest($1::VARCHAR[]) AS category, unnest($2::VARCHAR[]) AS status, unnest($3::INTEGER[]) AS tier,
    unnest($4::DATE[]) AS changed_day, unnest($5::TIMESTAMP[]) AS filed, unnest($6::VARCHAR[]) AS sensitivity
"""

# It outlives the month: most places have reports in many.
_PLACES = """
CREATE TEMP TABLE IF NOT EXISTS place (cell UBIGINT, sensitivity VARCHAR, shown VARCHAR, lat DOUBLE, lon DOUBLE)
"""

_JOINED = """
FROM month JOIN shown ON shown.category = month.category AND shown.status = month.status AND shown.tier = month.tier
    AND shown.changed_day = month.changed_day AND shown.filed IS NOT DISTINCT FROM month.filed
"""

_UNPLACED = f"""
SELECT * FROM (SELECT DISTINCT cell, sensitivity {_JOINED} WHERE cell IS NOT NULL)
ANTI JOIN place USING (cell, sensitivity)
"""

_PLACED = """
INSERT INTO place SELECT unnest($1::UBIGINT[]), unnest($2::VARCHAR[]), unnest($3::VARCHAR[]), unnest($4::DOUBLE[]),
    unnest($5::DOUBLE[])
"""

_PUBLIC = f"""
CREATE OR REPLACE TEMP TABLE reports AS
SELECT id, month.category, month.status, reason, day AS created_day, occurred_day, part, resolved_day,
    place.shown AS cell, lat, lon, unit, area AS powiat, NULL::VARCHAR AS gmina
{_JOINED} JOIN place ON place.cell = month.cell AND place.sensitivity = shown.sensitivity
WHERE place.shown IS NOT NULL ORDER BY day, id
"""


@dataclass(slots=True)
class ReportRows:
    """Makes the public rows of one month's reports, as the exports of `day` have them.

    They are as of the first instant of that day. `until` is the first later day on which the rows differ by time alone.
    """

    catalogue: Catalogue
    zone: ZoneInfo
    day: date
    until: date | None = None
    _known: dict[tuple[Any, ...], Lasting] = field(default_factory=dict)

    def month(self, shop: Workshop, path: Path) -> Export:
        """Return the export of one month of the kept state."""
        database = shop.database
        database.execute(_MONTH, [str(path), self.day, self.day - _YOUNG])
        kinds = database.execute(_KINDS).fetchall()
        database.execute(_SHOWN, _columns([self._kind(*kind) for kind in kinds if self._included(*kind)], 6))
        database.execute(_PLACES)
        places = database.execute(_UNPLACED).fetchall()
        database.execute(_PLACED, _columns([_place(*place) for place in places], 5))
        database.execute(_PUBLIC)
        found = export_table(database, shop.folder, "reports", REPORT_COLUMNS)
        database.execute("DROP TABLE month; DROP TABLE shown; DROP TABLE reports")
        return found

    def _kind(self, code: str, status: str, tier: int, changed: date, filed: datetime | None, *_: datetime) -> Kind:
        return code, status, tier, changed, filed, self.catalogue.categories[code].sensitivity

    def _included(
        self,
        code: str,
        status: str,
        tier: int,
        changed_day: date,
        filed: datetime | None,
        created: datetime,
        changed: datetime,
    ) -> bool:
        category = self.catalogue.categories.get(code)
        if category is None:
            return False
        lasting = self._lasting(category, (status, tier, changed_day, filed), created, changed)
        if lasting is None:
            return False
        midnight = day_bounds(self.day, self.zone)[0]
        # The first midnight at which it is there, and the first at which it is not any more.
        changes = [self._midnight_from(instant) for instant in lasting if instant is not None and instant > midnight]
        self.until = min([*changes, *([] if self.until is None else [self.until])], default=None)
        begins, ends = lasting
        return begins <= midnight and (ends is None or midnight < ends)

    def _lasting(self, category: Category, key: tuple[Any, ...], created: datetime, changed: datetime) -> Lasting:
        # Categories of one class are told alike.
        key = (category.sensitivity, category.public_after_confirmation, *key)
        if key not in self._known:
            status, tier = Status(key[2]), Tier(key[3])
            case = Case(category, status, tier, created.replace(tzinfo=UTC), changed.replace(tzinfo=UTC))
            self._known[key] = span(case, self.zone, Surface.ROW)
        return self._known[key]

    def _midnight_from(self, instant: datetime) -> date:
        day = day_of(instant, self.zone)
        return day if instant == day_bounds(day, self.zone)[0] else day + timedelta(days=1)


def _place(cell: int, sensitivity: str) -> Placed:
    place = public_location(f"{cell:x}", Sensitivity(sensitivity))
    return (
        (cell, sensitivity, None, None, None)
        if place is None
        else (cell, sensitivity, place.cell, place.lat, place.lon)
    )


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
