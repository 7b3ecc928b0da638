"""Which of many tests to believe: the false discovery rate of Benjamini and Hochberg."""

from __future__ import annotations

import numpy as np

from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.lattice import Floats

CONFIDENCES = {90: 0.10, 95: 0.05, 99: 0.01}
"""Confidence in per cent -> the share of false ones among the discoveries."""


def discoveries(p: Floats, share: float, tests: int | None = None) -> Flags:
    """Tell which of n tests are discoveries, (n) to (n), of which on average at most `share` are false.

    Where more `tests` were made than are given, the others have found nothing: their p is 1.

    With the p values ascending, the first k are, k the largest with p(k) <= k · share / n (Benjamini and Hochberg,
    Journal of the Royal Statistical Society B 57, 1995). It holds where tests depend on each other positively, as those
    of overlapping rings do (Benjamini and Yekutieli, Annals of Statistics 29, 2001).
    """
    # No p above `share` can be among the first k: only the few below are put in order.
    low = np.flatnonzero(p <= share)
    ordered = np.sort(p[low])
    passed = np.flatnonzero(ordered <= np.arange(1, len(low) + 1) * share / (tests or len(p))) if len(low) else low
    found = np.zeros(len(p), dtype=np.bool_)
    if len(passed):
        found[low] = p[low] <= ordered[passed[-1]]
    return found


def within_reach(lowest: Floats, share: float, tests: int) -> Numbers:
    """Return which of n tests may be discoveries at all, by what their p is at least: rows, ascending.

    Of m tests the first k are discoveries for some k <= m, so none whose p is above m · share / tests; that leaves
    fewer, and again.
    """
    rows = np.flatnonzero(lowest <= len(lowest) * share / tests)
    while True:
        fewer = rows[lowest[rows] <= len(rows) * share / tests]
        if len(fewer) == len(rows):
            return rows
        rows = fewer


def confidence(*p_values: Floats, tests: int | None = None) -> Numbers:
    """Return, for each of n cells, at which of `CONFIDENCES` all its tests are discoveries: the largest, or 0."""
    found = np.zeros(len(p_values[0]), dtype=np.int64)
    for level, share in CONFIDENCES.items():
        found[np.logical_and.reduce([discoveries(p, share, tests) for p in p_values])] = level
    return found
