"""CSV that no spreadsheet runs: RFC 4180, UTF-8, and text that cannot begin a formula."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.services.files import GZIP_LEVEL

FORMULA = frozenset("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet may take for the beginning of a formula (OWASP, "CSV Injection"), full-width forms too."""


def safe(row: Sequence[Any]) -> list[Any]:
    """Return a row as it may stand in a sheet: text that looks like a formula gets an apostrophe before it.

    Numbers stay as they are: a negative longitude is a number, not a formula.
    """
    return [f"'{value}" if value.__class__ is str and value[:1] in FORMULA else value for value in row]


def csv_gz(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as gzipped CSV with a header; None is an empty cell.

    The gzip header carries no time, so that equal rows are equal bytes.
    """
    target = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=target, mtime=0) as packed,
        io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
    ):
        writer = csv.writer(text)
        writer.writerow(columns)
        writer.writerows(safe(row) for row in rows)
    return target.getvalue()
