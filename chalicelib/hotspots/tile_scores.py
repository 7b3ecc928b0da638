"""The statistics in a tile: a column for what every cell has, a row for each category that stands out somewhere."""

from __future__ import annotations

from math import isnan

import numpy as np

from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.lattice import Floats
from chalicelib.hotspots.scores import Scored, rounded
from chalicelib.hotspots.tiles import Marks

LEAST_SURPRISE = 2
"""Scores below this, a chance of one in a hundred, are told as 0: they come and go with the days."""

_DIGITS, _DECIMALS = 2, 1
_HOT = {"hot365": ("365d", "hot"), "hot28": ("28d", "hot")}
_NATIONAL = {"national365": ("365d", "hot_national"), "national28": ("28d", "hot_national")}


def tile_scores(scores: Scored) -> Marks:
    """Return what the tiles of a layer tell of its statistics.

    Expected reports have two digits that count and one decimal at most, so that the file of a quiet place stays as it
    is while they decay. Columns are of all ordinary categories; -1 and null stand for cells that have none of these.
    Rows stand out where anything is hot, has a trend or surprises; their numbers are in the order of the columns.
    """
    expected = rounded(scores.cells.shared["expected"], _DIGITS, _DECIMALS)
    columns = (*_HOT.values(), *_NATIONAL.values())
    rows = np.stack(
        [
            *(scores.rows.windows[window][column].astype(np.int64) for window, column in columns),
            scores.rows.shared["trend"].astype(np.int64),
            _surprise(scores.rows.shared["surprise"]),
        ],
        axis=1,
    )
    cells = {
        "expected": [None if isnan(value) else value for value in expected.tolist()],
        **{
            name: scores.cells.windows[window][column].tolist() for name, (window, column) in (_HOT | _NATIONAL).items()
        },
        "trend": scores.cells.shared["trend"].tolist(),
        "surprise": _surprise(scores.cells.shared["surprise"]).tolist(),
    }
    return Marks(cells, rows, np.max(rows, axis=1, initial=0) > 0)


def _surprise(score: Floats) -> Numbers:
    known = np.nan_to_num(score, nan=-1.0)
    return np.where((known >= 0) & (known < LEAST_SURPRISE), 0, np.floor(known)).astype(np.int64)
