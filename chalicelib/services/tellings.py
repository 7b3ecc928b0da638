"""What has been told of vulnerable categories: a count for each closed period, category and cell, kept as it was told.

The file in the private work bucket is a pointer: it grows by periods, and nothing in it is ever written over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import h3
import numpy as np

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.visibility import Shown, Surface, finest
from chalicelib.hotspots import privacy
from chalicelib.hotspots.counts import Counts, Numbers, pyramid
from chalicelib.hotspots.grid import Cells, name
from chalicelib.hotspots.indexes import RESOLUTIONS
from chalicelib.services.files import compact
from chalicelib.store.objects import Objects

KEY = "state/told.json"

COUNTRY = "country"
"""Stands beside the names of cells for the whole country."""

Telling: TypeAlias = Mapping[str, Mapping[str, int]]
"""One period: category → cell of any published resolution, or `COUNTRY` → reports."""

Tellings: TypeAlias = Mapping[int, Telling]


def read(work: Objects) -> tuple[Tellings, str | None]:
    """Return all that was ever told, by period, and the tag that a writing must still find."""
    pointer = work.read_pointer(KEY)
    if pointer is None:
        return {}, None
    return {int(period): row for period, row in json.loads(pointer.body).items()}, pointer.etag


def keep(work: Objects, told: Tellings, etag: str | None) -> None:
    """Keep all that was ever told.

    Raises:
        PointerMoved: another run was faster; nothing was written.
    """
    work.flip_pointer(KEY, compact({str(period): told[period] for period in sorted(told)}), etag)


def guarded(told: Tellings, catalogue: Catalogue) -> Tellings:
    """Leave out the categories that have become ordinary, hidden or unknown since."""
    vulnerable = {
        row.code for row in catalogue.categories.values() if finest(row.sensitivity, Surface.COUNT) is Shown.COARSE
    }
    return {period: {code: cells for code, cells in row.items() if code in vulnerable} for period, row in told.items()}


def tell(cells: Cells, categories: Numbers, codes: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return what may be told of one period; one element a report, its cell of resolution 9 or finer and its category.

    A category without anything to tell is left out.
    """
    levels = pyramid(cells, categories, np.zeros(len(cells), dtype=np.bool_), RESOLUTIONS)[::-1]
    told = {
        codes[code]: {COUNTRY: total} for code, total in zip(*map(_list, privacy.country_shown(levels[0])), strict=True)
    }
    for level, mask in zip(levels, privacy.shown(levels), strict=True):
        rows = level.where(mask)
        for cell, code, number in zip(rows.cell.tolist(), rows.category.tolist(), rows.year.tolist(), strict=True):
            told[codes[code]][name(cell)] = number
    return told


def levels(told: Tellings, codes: Sequence[str], res: int) -> Counts:
    """Add the periods up at one resolution; `recent` is the last period, 0 where nothing is told of it."""
    last, index = max(told, default=0), {code: number for number, code in enumerate(codes)}
    found: dict[tuple[int, int], list[int]] = {}
    for period, row in told.items():
        for code, cells in row.items():
            for cell, number in cells.items():
                if cell != COUNTRY and h3.get_resolution(cell) == res:
                    sums = found.setdefault((int(cell, 16), index[code]), [0, 0])
                    sums[0] += number
                    sums[1] += number if period == last else 0
    keys = sorted(found)
    return Counts(
        res,
        np.array([cell for cell, _ in keys], dtype=np.uint64),
        np.array([code for _, code in keys], dtype=np.int64),
        *(np.array([found[key][column] for key in keys], dtype=np.int64) for column in (0, 1)),
    )


def country(told: Tellings) -> tuple[int, int]:
    """Return the reports in the whole country of all periods and of the last."""
    sums = {period: sum(cells[COUNTRY] for cells in row.values()) for period, row in told.items()}
    return sum(sums.values()), sums[max(sums)] if sums else 0


def _list(numbers: Numbers) -> list[int]:
    return [int(number) for number in numbers]
