"""Vancouver's police incidents as a file for the importer.

The located incidents of the outside data, as settled cases of the day on which they happened.
"""

import json
import os
from pathlib import Path

import duckdb

from infra.local.emulator import ROOT
from infra.places.areas import Area
from infra.places.compiler import compile_areas

FOLDER = ROOT / "instances" / "vancouver"
FILE = "vancouver_crime_2003_2017.parquet"

ALL = 429_435
"""Incidents with coordinates in the file."""

NEWEST_DAY = "2017-07-01"
"""The day after the last incident: windows that end before it hold the newest ones."""


def data_file() -> Path | None:
    """Return the path of the incidents, or None where there is no outside data."""
    folder = os.environ.get("CZUJKA_DATA")
    path = Path(folder) / FILE if folder else None
    return path if path and path.exists() else None


def write_csv(incidents: Path, target: Path, newest: int = ALL) -> None:
    """Write the newest located incidents, oldest first, with the columns of the import."""
    duckdb.sql(
        f"""
        COPY (
            SELECT type AS category, printf('%.6f', lat) AS lat, printf('%.6f', lon) AS lon,
                   strftime(ts, '%Y-%m-%dT%H:%M:%S') AS created_at, 'eliminated' AS status,
                   strftime(ts + INTERVAL 3 DAY, '%Y-%m-%dT%H:%M:%S') AS resolved_at
            FROM (SELECT * FROM '{incidents}' WHERE lat IS NOT NULL
                  ORDER BY ts DESC, type, lat, lon, block LIMIT {newest})
            ORDER BY ts, type, lat, lon, block
        ) TO '{target}' (HEADER, DELIMITER ',')
        """  # noqa: S608  # paths and a number of the caller's own
    )


def pack() -> bytes:
    """Return the exact pack of the instance's outline."""
    (feature,) = json.loads((FOLDER / "outline.geojson").read_text("utf-8"))["features"]
    rings = [[(lon, lat) for lon, lat in ring] for ring in feature["geometry"]["coordinates"]]
    return compile_areas([Area(feature["properties"]["code"], rings)]).pack
