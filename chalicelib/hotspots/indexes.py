"""The layout of H3 indexes as plain numbers; functions that have no NumPy reckon with them too.

Layout (H3 documentation, "H3 cell indexing"): bits 52 to 55 hold the resolution, then come fifteen digits of three
bits, the first the coarsest; digits beyond the resolution are 7. So the ancestor of a cell is the cell with another
resolution and more sevens, and the children of a parent, sorted, are in the order of their digits.
"""

from __future__ import annotations

RESOLUTIONS = (9, 8, 7, 6, 5)
"""Published resolutions, the finest first."""

OVERVIEW = 7
"""Up to this resolution the numbers by category stand in a file of their own: whoever opens the map needs none."""

PARENT_STEPS = 3
"""A tile holds the cells under one parent that is this many resolutions coarser: up to 343."""

DIGIT_BITS = 3
FINEST = 15

_RESOLUTION_SHIFT = 52


def unused(res: int) -> int:
    """Return the mask of the digits that a cell of `res` does not use; in a valid cell they are all ones."""
    return (1 << DIGIT_BITS * (FINEST - res)) - 1


def ancestor_bits(res: int) -> tuple[int, int]:
    """Return the bits that a cell keeps in its ancestor of `res`, and those that are set there besides."""
    kept = ~(0xF << _RESOLUTION_SHIFT) & 0xFFFF_FFFF_FFFF_FFFF
    return kept, (res << _RESOLUTION_SHIFT) | unused(res)


def ancestor_step(res: int) -> int:
    """Return by how much the numbers of two cells of `res` differ at least; all differences are multiples of it."""
    return 1 << DIGIT_BITS * (FINEST - res)
