"""The published tables as analysts have them: a copy of their folder, and a database with a view of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

PREFIX = "data/exports/latest/tables/"
"""Where they lie in the site's bucket, a folder for each."""


def fetch(s3: Any, bucket: str, folder: Path) -> None:
    """Copy all tables out of a bucket."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX):
        for entry in page.get("Contents", []):
            target = folder / entry["Key"].removeprefix(PREFIX)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read())


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a database in memory with a view of each table in a folder, by the names of the tables."""
    database = duckdb.connect()
    for table in sorted(folder.iterdir()):
        # DuckDB would take the 03 of a folder for text.
        months = ", hive_types = {'year': INTEGER, 'month': INTEGER}" if table.name == "reports" else ""
        database.sql(f"CREATE VIEW {table.name} AS FROM read_parquet('{table}/**/*.parquet'{months})")
    return database
