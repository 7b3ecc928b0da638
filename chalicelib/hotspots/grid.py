"""H3 cells as unsigned 64-bit integers, and their ancestors by bit arithmetic.

Layout of an index (H3 documentation, "H3 cell indexing"): bits 52 to 55 hold the resolution, then come
fifteen digits of three bits, the first the coarsest; digits beyond the resolution are 7. So the
ancestor of a cell is the cell with another resolution and more sevens, and the children of a
parent, sorted, are in the order of their digits.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt

Cells: TypeAlias = npt.NDArray[np.uint64]

RESOLUTIONS = (9, 8, 7, 6, 5)
"""Published resolutions, the finest first."""

PARENT_STEPS = 3
"""A tile holds the cells under one parent that is this many resolutions coarser: up to 343."""

_RESOLUTION_SHIFT = 52
_DIGIT_BITS = 3
_FINEST = 15


def unused(res: int) -> int:
    """Return the mask of the digits that a cell of `res` does not use; in a valid cell they are all ones."""
    return (1 << _DIGIT_BITS * (_FINEST - res)) - 1


def ancestor_bits(res: int) -> tuple[int, int]:
    """Return the bits that a cell keeps in its ancestor of `res`, and those that are set there besides."""
    kept = ~(0xF << _RESOLUTION_SHIFT) & 0xFFFF_FFFF_FFFF_FFFF
    return kept, (res << _RESOLUTION_SHIFT) | unused(res)


def ancestor_step(res: int) -> int:
    """Return by how much the numbers of two cells of `res` differ at least; all differences are multiples of it."""
    return 1 << _DIGIT_BITS * (_FINEST - res)


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
        shift = np.uint64(_DIGIT_BITS * (_FINEST - res + PARENT_STEPS - 1 - step))
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
