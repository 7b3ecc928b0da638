"""The rows of reports by month, for analysts, as CSV and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import day_bounds, day_of
from chalicelib.domain.catalogue import Catalogue, Sensitivity
from chalicelib.domain.location import PublicLocation, public_location
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.visibility import Case, Surface, span
from chalicelib.services.state import Workshop
from chalicelib.services.tables import csv_gz

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

_CHUNK = 20_000

_ROWS = """
SELECT id, category, status, reason, tier, day, occurred_day, part, resolved_day, cell, area, unit,
    created, changed, changed_day
FROM read_parquet($1) WHERE day < $2 ORDER BY day, id
"""

_YOUNG = timedelta(days=3)
"""A report older than this has long passed its delay, whatever the hour of its filing."""


@dataclass(frozen=True, slots=True)
class Export:
    """One table in both formats."""

    rows: int
    csv: bytes
    parquet: bytes


@dataclass(slots=True)
class ReportRows:
    """Makes the public rows of one month's reports, as the exports of `day` have them.

    They are as of the first instant of that day. `until` is the first later day on which the rows differ by time alone.
    """

    catalogue: Catalogue
    zone: ZoneInfo
    day: date
    until: date | None = None
    _verdicts: dict[tuple[Any, ...], bool] = field(default_factory=dict)

    def month(self, shop: Workshop, path: Path) -> Export:
        """Return the export of one month of the kept state."""
        return _export(shop, REPORT_COLUMNS, self._public(shop, path))

    def _public(self, shop: Workshop, path: Path) -> Iterator[tuple[Any, ...]]:
        found = shop.database.cursor().execute(_ROWS, [str(path), self.day])
        while rows := found.fetchmany(_CHUNK):
            for row in rows:
                public = self._row(row)
                if public is not None:
                    yield public

    def _row(self, row: tuple[Any, ...]) -> tuple[Any, ...] | None:
        report, code, status, reason, tier, day, occurred, part, resolved, cell, area, unit, created, changed, since = (
            row
        )
        # Reports that differ in nothing that the rule looks at share its verdict.
        key = (code, status, tier, since, created if self.day - day < _YOUNG else None)
        if key not in self._verdicts:
            self._verdicts[key] = self._included(code, status, tier, created, changed)
        if not self._verdicts[key]:
            return None
        place = _place(cell, self.catalogue.categories[code].sensitivity)
        if place is None:
            return None
        where = (place.cell, place.lat, place.lon, unit, area, None)
        return report, code, status, reason, day, occurred, part, resolved, *where

    def _included(self, code: str, status: str, tier: int, created: datetime, changed: datetime) -> bool:
        category = self.catalogue.categories.get(code)
        if category is None:
            return False
        case = Case(category, Status(status), Tier(tier), created.replace(tzinfo=UTC), changed.replace(tzinfo=UTC))
        lasting = span(case, self.zone, Surface.ROW)
        if lasting is None:
            return False
        midnight = day_bounds(self.day, self.zone)[0]
        # The first midnight at which it is there, and the first at which it is not any more.
        changes = [self._midnight_from(instant) for instant in lasting if instant is not None and instant > midnight]
        self.until = min([*changes, *([] if self.until is None else [self.until])], default=None)
        begins, ends = lasting
        return begins <= midnight and (ends is None or midnight < ends)

    def _midnight_from(self, instant: datetime) -> date:
        day = day_of(instant, self.zone)
        return day if instant == day_bounds(day, self.zone)[0] else day + timedelta(days=1)


def _export(shop: Workshop, columns: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> Export:
    spool, target, count = shop.folder / "export.csv", shop.folder / "export.parquet", 0

    def spooled() -> Iterator[tuple[Any, ...]]:
        # Parquet holds the values as they are; the apostrophes are for spreadsheets alone.
        nonlocal count
        pending = iter(rows)
        with spool.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            while chunk := list(islice(pending, _CHUNK)):
                writer.writerows(chunk)
                count += len(chunk)
                yield from chunk

    text = csv_gz(list(columns), spooled())
    types = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items()) + "}"
    shop.database.execute(
        f"COPY (FROM read_csv('{spool}', header = false, auto_detect = false, nullstr = '', columns = {types}))"
        f" TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    )
    body = target.read_bytes()
    spool.unlink()
    target.unlink()
    return Export(count, text, body)


@lru_cache(maxsize=65536)
def _place(cell: int, sensitivity: Sensitivity) -> PublicLocation | None:
    return public_location(f"{cell:x}", sensitivity)
