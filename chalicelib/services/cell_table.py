"""The counts and statistics of all cells as one table, in CSV and Parquet."""

# ruff: noqa: S608 - what is put into the SQL here are names of columns and paths of the program itself.
from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.hotspots.scores import ALL
from chalicelib.hotspots.table import Table
from chalicelib.hotspots.trends import Trend
from chalicelib.services.state import Workshop
from chalicelib.services.table_export import Export, export_table

CELL_COLUMNS = {
    "cell": "VARCHAR",
    "resolution": "INTEGER",
    "category": "VARCHAR",
    "window": "VARCHAR",
    "reports": "BIGINT",
    "sources": "BIGINT",
    "expected": "DOUBLE",
    "z": "DOUBLE",
    "p_gi": "DOUBLE",
    "p_poisson": "DOUBLE",
    "hot": "INTEGER",
    "z_national": "DOUBLE",
    "hot_national": "INTEGER",
    "surprise": "DOUBLE",
    "trend": "VARCHAR",
}
"""Columns in their public order. What follows `sources` is empty where there are no statistics."""

TRENDS = [kind.name.lower() for kind in Trend]
"""Names of the classes, by their numbers."""

_ROWS = f"""
SELECT printf('%x', cell), $1, CASE WHEN category = {ALL} THEN 'all' ELSE $2[category + 1] END, "window" || 'd',
    reports, sources, {{expected}}, {{z}}, {{p_gi}}, {{p_poisson}}, {{hot}}, {{z_national}}, {{hot_national}},
    {{surprise}}, CASE WHEN trend >= 0 THEN $3[trend + 1] END
FROM part
""".format(
    **{name: f"CASE WHEN NOT isnan({name}) THEN round({name}, 3) END" for name in ("expected", "z", "z_national")},
    **{name: f"CASE WHEN NOT isnan({name}) THEN printf('%.3g', {name})::DOUBLE END" for name in ("p_gi", "p_poisson")},
    surprise="CASE WHEN NOT isnan(surprise) THEN round(surprise, 2) END",
    **{name: f"CASE WHEN {name} >= 0 THEN {name} END" for name in ("hot", "hot_national")},
)


def export(shop: Workshop, codes: Sequence[str], tables: Iterable[tuple[int, Table]]) -> Export:
    """Return the table in both formats; `tables` are the resolutions' rows, in the order in which they shall stand."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in CELL_COLUMNS.items())
    database = shop.database
    database.execute(f"CREATE OR REPLACE TEMP TABLE cells ({columns})")
    for res, table in tables:
        database.register("part", table)
        database.execute(f"INSERT INTO cells {_ROWS}", [res, list(codes), TRENDS])
        database.unregister("part")
    found = export_table(database, shop.folder, "cells", CELL_COLUMNS)
    database.execute("DROP TABLE cells")
    return found
