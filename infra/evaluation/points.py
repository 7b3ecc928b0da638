"""Points of reports or incidents as columns, from a file that DuckDB can read."""

# ruff: noqa: S608 - what is put into the SQL here are texts of the program itself.
from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import duckdb
import h3.api.basic_int as h3
import numpy as np

from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.grid import Cells
from chalicelib.hotspots.lattice import Floats

COLUMNS = ("created_at", "lat", "lon")
_METRES_PER_DEGREE = 111_194.93


class BadPoints(Exception):
    """The file cannot be evaluated; the message says why."""


@dataclass(frozen=True, slots=True)
class Points:
    """Columns of m points: `day` (days since 1970), `lat` and `lon` in degrees, and which ones are `asked` for.

    The others only say where the city is.
    """

    day: Numbers
    lat: Floats
    lon: Floats
    asked: Flags

    def cells(self, res: int) -> Cells:
        """Return the H3 cell of each point, (m)."""
        found = map(h3.latlng_to_cell, self.lat.tolist(), self.lon.tolist(), [res] * len(self.day))
        return np.fromiter(found, dtype=np.uint64, count=len(self.day))


def read(path: Path, category: str | None = None, percent: int = 100) -> Points:
    """Return the points of a CSV (header row) or Parquet file with `created_at, lat, lon[, category]`.

    Rows without a place or a day are left out. Of the others those of the category are asked for, and of these
    `percent` in a hundred, by a hash of what they say: the same ones on every machine, whatever their order.

    Raises:
        BadPoints: columns are missing, or no row is asked for.
    """
    source = "read_parquet($1)" if path.suffix == ".parquet" else "read_csv($1, header = true, all_varchar = true)"
    database = duckdb.connect()
    try:
        names = [row[0] for row in database.execute(f"DESCRIBE SELECT * FROM {source}", [str(path)]).fetchall()]
    except duckdb.Error as unreadable:
        raise BadPoints(f"{path} cannot be read: {unreadable}") from unreadable
    if missing := [name for name in (*COLUMNS, *(["category"] if category else [])) if name not in names]:
        raise BadPoints(f"{path} has no column {', '.join(missing)}; needed are {', '.join(COLUMNS)}")
    kind = "category::VARCHAR" if "category" in names else "NULL::VARCHAR"
    rows = database.execute(
        f"SELECT created_at::VARCHAR, lat::VARCHAR, lon::VARCHAR, {kind}, epoch(try_cast(left(created_at::VARCHAR, 10)"
        f" AS DATE)) // 86400, try_cast(lat AS DOUBLE), try_cast(lon AS DOUBLE) FROM {source}",
        [str(path)],
    ).fetchall()
    # What is no number is compared with nothing.
    kept = [row for row in rows if None not in row[4:] and abs(row[5]) <= 90 and abs(row[6]) <= 180]
    asked = [category in {None, row[3]} and (percent == 100 or _drawn(row[:4]) < percent) for row in kept]
    if not any(asked):
        raise BadPoints(f"{path} has no row with a place, a day{' and this category' if category else ''}")
    day, lat, lon = (np.array([row[place] for row in kept], dtype=np.float64) for place in (4, 5, 6))
    return Points(day.astype(np.int64), lat, lon, np.array(asked))


def metres(lat: Floats, lon: Floats, middle: float) -> tuple[Floats, Floats]:
    """Return plane coordinates east and north, good to a thousandth within a city around the latitude `middle`."""
    return lon * _METRES_PER_DEGREE * np.cos(np.radians(middle)), lat * _METRES_PER_DEGREE


def _drawn(row: tuple[str | None, ...]) -> int:
    text = "|".join(value or "" for value in row)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % 100
