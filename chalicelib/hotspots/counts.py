"""Reports counted by cell and category, for the two windows, at every published resolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from chalicelib.hotspots.grid import Cells, parents
from chalicelib.hotspots.indexes import unused

Numbers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

WINDOWS = {"365d": 365, "28d": 28}
"""Published windows: the days before the day of publication, that day itself not counted."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Parallel columns, one row for each (cell, category) with reports, ordered by cell, then category.

    `category` indexes the list of codes that the counting was given; `year` and `recent` are the
    reports of the longer and of the shorter window.
    """

    res: int
    cell: Cells
    category: Numbers
    year: Numbers
    recent: Numbers

    def where(self, kept: Flags) -> Counts:
        """Return the rows that a mask keeps."""
        return Counts(self.res, self.cell[kept], self.category[kept], self.year[kept], self.recent[kept])


def count(cells: Cells, categories: Numbers, recent: Flags, res: int) -> Counts:
    """Count reports, all of the longer window, in the cells of `res` that hold them.

    One row a report: its cell (of `res` or finer), its category, whether it is in the shorter window.
    """
    keys, numbers = np.unique(_key(parents(cells, res), categories * 2 + recent, res), return_counts=True)
    cell, code = _unkey(keys, res)
    return _merged(res, cell, code >> 1, numbers, numbers * (code & 1))


def coarser(counts: Counts, res: int) -> Counts:
    """Add the counts up to a coarser resolution."""
    return _merged(res, parents(counts.cell, res), counts.category, counts.year, counts.recent)


def pyramid(cells: Cells, categories: Numbers, recent: Flags, resolutions: tuple[int, ...]) -> list[Counts]:
    """Return the counts at each of the resolutions, given from the finest to the coarsest."""
    levels = [count(cells, categories, recent, resolutions[0])]
    for res in resolutions[1:]:
        levels.append(coarser(levels[-1], res))
    return levels


def _key(cells: Cells, codes: Numbers, res: int) -> Cells:
    # The unused digits of a cell are all ones; a small number fits in their place, and one sort of
    # integers orders by cell and number at once.
    return (cells ^ np.uint64(unused(res))) | codes.astype(np.uint64)


def _unkey(keys: Cells, res: int) -> tuple[Cells, Numbers]:
    mask = np.uint64(unused(res))
    return keys | mask, (keys & mask).astype(np.int64)


def _merged(res: int, cell: Cells, category: Numbers, year: Numbers, recent: Numbers) -> Counts:
    keys, rows = np.unique(_key(cell, category, res), return_inverse=True)
    cell, category = _unkey(keys, res)
    return Counts(res, cell, category, _sums(rows, year), _sums(rows, recent))


def _sums(rows: npt.NDArray[np.intp], numbers: Numbers) -> Numbers:
    # The weights of bincount are doubles, exact to 2⁵³ reports.
    return np.bincount(rows, weights=numbers).astype(np.int64)
