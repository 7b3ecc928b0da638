"""Rows of the program as a table of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb


def table_of(
    database: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Make the table `name` of rows; `columns` are its names and types.

    Each column goes as one list: hundreds of times faster than a statement for each row.
    """
    lists = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in columns]
    picked = ", ".join(
        f"unnest(${number}::{kind}[]) AS {column}" for number, (column, kind) in enumerate(columns.items(), 1)
    )
    database.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {picked}", lists)
