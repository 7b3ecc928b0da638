"""A table of the database as CSV and Parquet."""

# ruff: noqa: S608 - what is put into the SQL here are names of columns and paths of the program itself.
from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from chalicelib.services.tables import FORMULA

_LEVEL = 4
"""Of gzip: half the time of the usual level, for a tenth more bytes of a table of millions of rows."""

_BEGINS = ", ".join(f"chr({ord(mark)})" for mark in sorted(FORMULA))


@dataclass(frozen=True, slots=True)
class Export:
    """One table in both formats."""

    rows: int
    csv: bytes
    parquet: bytes


def export_table(database: duckdb.DuckDBPyConnection, folder: Path, table: str, columns: Mapping[str, str]) -> Export:
    """Return a table in both formats; `columns` are its names and types, in their order."""
    text, parquet = folder / f"{table}.csv", folder / f"{table}.parquet"
    listed = ", ".join(f'"{name}"' for name in columns)
    in_sheets = ", ".join(_safe(name) if kind == "VARCHAR" else f'"{name}"' for name, kind in columns.items())
    try:
        (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
        database.execute(f"COPY (SELECT {listed} FROM {table}) TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)")
        database.execute(f"COPY (SELECT {in_sheets} FROM {table}) TO '{text}' (FORMAT csv, HEADER)")
        return Export(count, _packed(text), parquet.read_bytes())
    finally:
        text.unlink(missing_ok=True)
        parquet.unlink(missing_ok=True)


def _safe(name: str) -> str:
    # The apostrophes are for spreadsheets alone, as those of `tables.safe`.
    return f'CASE WHEN left("{name}", 1) IN ({_BEGINS}) THEN chr(39) || "{name}" ELSE "{name}" END AS "{name}"'


def _packed(path: Path) -> bytes:
    """Return the lines as RFC 4180 has them, gzipped without a time: equal rows are equal bytes."""
    compressor = zlib.compressobj(_LEVEL, wbits=31)
    parts = []
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            parts.append(compressor.compress(chunk.replace(b"\n", b"\r\n")))
    return b"".join([*parts, compressor.flush()])
