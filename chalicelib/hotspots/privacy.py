"""What may be published of the counts of vulnerable categories in one closed period.

A count below `K` is never shown, and neither may it be worked out: where a parent and some of its
children are public, the parent less those children is 0 or at least `K` (complementary suppression).
Counts run from the whole country through resolution 5 down to `FINEST`; a cell can only be shown
where its parent is. Periods have no report in common, so whatever is added up of theirs, and subtracted
again, is made of numbers that are 0 or at least `K`.
"""

from __future__ import annotations

import numpy as np

from chalicelib.domain.location import COARSE_RESOLUTION
from chalicelib.domain.visibility import SMALL_CELL
from chalicelib.hotspots.counts import Counts, Flags, Numbers
from chalicelib.hotspots.grid import Cells, parents
from chalicelib.hotspots.indexes import unused

K = SMALL_CELL
"""The smallest count of a vulnerable category that is published."""

FINEST = COARSE_RESOLUTION
"""The finest resolution at which a vulnerable category is published."""


def shown(levels: list[Counts]) -> list[Flags]:
    """Return, for each level, which of its rows may be published.

    `levels` are the counts of vulnerable categories alone (`year`: of the whole period), from the coarsest resolution
    to the finest.
    """
    masks: list[Flags] = []
    for depth, level in enumerate(levels):
        numbers = level.year
        allowed = numbers >= K
        if level.res > FINEST:
            allowed = np.zeros_like(allowed)
        if depth == 0:
            group, totals = level.category, np.bincount(level.category, weights=numbers).astype(np.int64)
        else:
            above = levels[depth - 1]
            group, totals = _row_of(level, above), above.year
            allowed = allowed & masks[-1][group]
        masks.append(allowed & ~_sacrificed(numbers, allowed, group, totals))
    return masks


def country_shown(level: Counts) -> tuple[Numbers, Numbers]:
    """Return the categories (unique, ascending) whose count in the whole country may be published, and these counts."""
    totals = np.bincount(level.category, weights=level.year).astype(np.int64)
    told = np.flatnonzero(totals >= K)
    return told, totals[told]


def _row_of(level: Counts, above: Counts) -> Numbers:
    """Return for each row the row of the same category in the parent cell, one level up."""
    mine = _ordered(parents(level.cell, above.res), level.category, above.res)
    return np.searchsorted(_ordered(above.cell, above.category, above.res), mine)


def _ordered(cell: Cells, category: Numbers, res: int) -> Cells:
    return (cell ^ np.uint64(unused(res))) | category.astype(np.uint64)


def _sacrificed(numbers: Numbers, allowed: Flags, group: Numbers, totals: Numbers) -> Flags:
    """Return the rows given up so that nothing small is left over in their group.

    Where the rest (the group's total less what is allowed) is between 1 and K - 1, the smallest allowed
    row, the first of equals, joins it. One is enough: each allowed row is at least K by itself.
    """
    rest = totals - np.bincount(group[allowed], weights=numbers[allowed], minlength=len(totals)).astype(np.int64)
    betrayed = allowed & ((rest > 0) & (rest < K))[group]
    rows = np.flatnonzero(betrayed)
    order = rows[np.lexsort((rows, numbers[rows], group[rows]))]
    _, first = np.unique(group[order], return_index=True)
    given_up = np.zeros(len(numbers), dtype=np.bool_)
    given_up[order[first]] = True
    return given_up
