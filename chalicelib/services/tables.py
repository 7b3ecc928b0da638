"""Text in sheets that no spreadsheet runs: none can begin a formula."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

FORMULA = frozenset("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet may take for the beginning of a formula (OWASP, "CSV Injection"), full-width forms too."""


def safe(row: Sequence[Any]) -> list[Any]:
    """Return a row as it may stand in a sheet: text that looks like a formula gets an apostrophe before it.

    Numbers stay as they are: a negative longitude is a number, not a formula.
    """
    return [f"'{value}" if value.__class__ is str and value[:1] in FORMULA else value for value in row]
