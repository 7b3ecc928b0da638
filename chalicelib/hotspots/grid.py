"""H3 cells as arrays of unsigned 64-bit integers, and their ancestors by bit arithmetic."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt

from chalicelib.hotspots.indexes import DIGIT_BITS, FINEST, PARENT_STEPS, ancestor_bits

Cells: TypeAlias = npt.NDArray[np.uint64]


def parents(cells: Cells, res: int) -> Cells:
    """Return the ancestors of `res` of cells that are of `res` or finer."""
    kept, added = ancestor_bits(res)
    return (cells & np.uint64(kept)) | np.uint64(added)


def ranks(cells: Cells, res: int) -> npt.NDArray[np.int64]:
    """Return for each cell of `res` its index in the sorted list of the children of its parent.

    The parent is `PARENT_STEPS` coarser. A hexagon's children are its digits read as a number to base
    7; the twelve pentagons lack some children and are looked up.
    """
    found = np.zeros(len(cells), dtype=np.int64)
    for step in range(PARENT_STEPS):
        shift = np.uint64(DIGIT_BITS * (FINEST - res + PARENT_STEPS - 1 - step))
        found = found * 7 + ((cells >> shift) & np.uint64(7)).astype(np.int64)
    above = parents(cells, res - PARENT_STEPS)
    for parent in np.unique(above).tolist():
        if h3.is_pentagon(parent):
            inside = above == parent
            found[inside] = np.searchsorted(_children(parent, res), cells[inside])
    return found


@lru_cache(maxsize=12)
def _children(parent: int, res: int) -> Cells:
    return np.array(sorted(h3.cell_to_children(parent, res)), dtype=np.uint64)


def name(cell: int) -> str:
    """Return the usual hexadecimal form of a cell."""
    return f"{cell:x}"
