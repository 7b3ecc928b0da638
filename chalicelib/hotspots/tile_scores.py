"""The statistics in a tile: a column for what every cell has, a row for each category that stands out somewhere."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from typing import Any

import numpy as np

from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.lattice import Floats
from chalicelib.hotspots.scores import Scored, rounded
from chalicelib.hotspots.tiles import Layer

LEAST_SURPRISE = 2
"""Scores below this, a chance of one in a hundred, are told as 0: they come and go with the days."""

_DIGITS, _DECIMALS = 2, 1
_HOT = {"hot365": ("365d", "hot"), "hot28": ("28d", "hot")}
_NATIONAL = {"national365": ("365d", "hot_national"), "national28": ("28d", "hot_national")}


def tile_scores(layer: Layer, scores: Scored) -> Callable[[slice, slice, Numbers], dict[str, Any]]:
    """Return what gives the members of a tile by its cells, its rows of the counts, and its categories.

    Expected reports have two digits that count and one decimal at most, so that the file of a quiet place stays as it
    is while they decay. Columns are of all ordinary categories; -1 and null stand for cells that have none of these.
    `standing_out` has a row for each category and cell where anything is hot, has a trend or surprises: index of the
    category, position of the cell, then as the columns are called.
    """
    names = {**_HOT, **_NATIONAL}
    expected = rounded(scores.cells.shared["expected"], _DIGITS, _DECIMALS)
    surprise = _surprise(scores.cells.shared["surprise"])
    cells = {name: scores.cells.windows[window][column] for name, (window, column) in names.items()}
    rows = scores.rows
    by_row = np.stack(
        [
            *(rows.windows[window][column].astype(np.int64) for window, column in names.values()),
            rows.shared["trend"].astype(np.int64),
            _surprise(rows.shared["surprise"]),
        ],
        axis=1,
    )
    stands_out = np.max(by_row, axis=1, initial=0) > 0

    def members(cell: slice, row: slice, used: Numbers) -> dict[str, Any]:
        some = np.flatnonzero(stands_out[row]) + row.start
        place = np.searchsorted(layer.cell, layer.rows.cell[some]) - cell.start
        category = np.searchsorted(used, layer.rows.category[some])
        order = np.lexsort((place, category))
        return {
            "expected": [None if isnan(value) else value for value in expected[cell].tolist()],
            **{name: column[cell].tolist() for name, column in cells.items()},
            "trend": scores.cells.shared["trend"][cell].tolist(),
            "surprise": surprise[cell].tolist(),
            "standing_out": np.column_stack([category, place, by_row[some]])[order].tolist(),
        }

    return members


def _surprise(score: Floats) -> Numbers:
    known = np.nan_to_num(score, nan=-1.0)
    return np.where((known >= 0) & (known < LEAST_SURPRISE), 0, np.floor(known)).astype(np.int64)
