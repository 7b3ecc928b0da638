"""Reports as the kept state has them, for tests that need no night."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from chalicelib.services.state import COLUMNS, Workshop

DAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Row:
    """One report of the state; what is not told here is empty."""

    id: str
    category: str
    status: str
    reason: str | None
    day: date
    created: datetime
    area: str | None
    unit: str | None
    tier: int = 1
    resolved_day: date | None = None
    occurred_day: date | None = None
    part: str | None = None
    cell: int | None = None


def state(folder: Path, history: list[Row], name: str = "state") -> Path:
    """Write the reports as a file of the kept state."""
    spool, target = folder / f"{name}.csv", folder / f"{name}.parquet"
    with spool.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(COLUMNS), restval="")
        for row in history:
            writer.writerow({key: "" if value is None else str(value) for key, value in asdict(row).items()})
    types = "{" + ", ".join(f"'{key}': '{kind}'" for key, kind in COLUMNS.items()) + "}"
    duckdb.connect().execute(
        f"COPY (FROM read_csv('{spool}', header = false, auto_detect = false, nullstr = '', columns = {types}))"
        f" TO '{target}' (FORMAT parquet)"
    )
    return target


def workshop(folder: Path) -> Workshop:
    """A workshop in a folder of the test."""
    return Workshop(duckdb.connect(), folder)
