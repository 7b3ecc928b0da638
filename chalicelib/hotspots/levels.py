"""Five classes of how much is reported in a cell, compared with the other cells of its resolution."""

from __future__ import annotations

import numpy as np

from chalicelib.hotspots.counts import Numbers

SHARES = (0.5, 0.25, 0.1, 0.02)
"""Level 2, 3, 4, 5 is held by at most this share of the cells with reports."""


def thresholds(numbers: Numbers) -> list[int]:
    """Return the counts from which on a cell is of level 2, 3, 4 and 5; always rising, the first at least 2.

    Each is the smallest count that at most its share of the cells reaches, so cells with equal counts are
    of one level, and where nearly all have one report nearly all are of level 1.
    """
    falling = np.sort(numbers)[::-1]
    found: list[int] = []
    for share in SHARES:
        over = int(falling[int(share * len(falling))]) + 1 if len(falling) else 0
        found.append(max(over, found[-1] + 1 if found else 2))
    return found


def levels(numbers: Numbers, bounds: list[int]) -> Numbers:
    """Return the level, 1 to 5, of each count."""
    return np.searchsorted(np.asarray(bounds), numbers, side="right") + 1
