"""How a cluster has come about: Mann and Kendall's test and eight classes over twelve bins of 28 days."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.lattice import Floats
from chalicelib.hotspots.tails import normal_tail

BINS, BIN_DAYS = 12, 28
MOSTLY = 0.9
"""A cell that is hot in this share of the bins is hot throughout."""

_ALPHA = 0.05


class Trend(IntEnum):
    """Classes of Esri's Emerging Hot Spot Analysis ("How Emerging Hot Spot Analysis works"), the hot ones."""

    NONE = 0
    NEW = 1
    CONSECUTIVE = 2
    INTENSIFYING = 3
    PERSISTENT = 4
    DIMINISHING = 5
    SPORADIC = 6
    OSCILLATING = 7
    HISTORICAL = 8


def bins(ages: Numbers) -> Numbers:
    """Return the bin of each report by its age in days (0 the day before publication): 11 the last, -1 too old."""
    found = BINS - 1 - ages // BIN_DAYS
    return np.where(found >= 0, found, -1)


def mann_kendall(series: npt.NDArray[np.float64] | Numbers) -> tuple[Numbers, Floats]:
    """Return S and the two-sided p of k series of t values each, (k, t) to (k) and (k).

    S = Σ sign(x_j - x_i) over i < j; its variance under no trend is [t (t - 1)(2t + 5) - Σ g (g - 1)(2g + 5)] / 18 over
    the groups of g equal values; z = (S ∓ 1) / √variance (Mann, Econometrica 13, 1945; Kendall, Rank Correlation
    Methods, 1970). p is 1 where S is 0.
    """
    t = series.shape[1]
    total, ties = np.zeros(len(series), dtype=np.int64), np.zeros(len(series), dtype=np.int64)
    for j in range(t):
        total += np.sign(series[:, j + 1 :] - series[:, j : j + 1]).astype(np.int64).sum(axis=1)
        equal = (series == series[:, j : j + 1]).sum(axis=1)
        # Each of the g members of a group adds a g-th of g (g - 1)(2g + 5).
        ties += (equal - 1) * (2 * equal + 5)
    variance = (t * (t - 1) * (2 * t + 5) - ties) / 18
    z = np.divide(np.abs(total) - 1, np.sqrt(variance), out=np.zeros(len(series)), where=variance > 0)
    return total, np.where(total == 0, 1.0, 2 * normal_tail(z))


def classes(z: Floats, hot: Flags, cold: Flags) -> Numbers:
    """Return the class of each of k cells by its twelve bins, the oldest first, (k, 12) each to (k).

    `hot` and `cold` tell of each bin whether the cell was significantly above or below its reference, `z` is its Gi*.
    """
    last, share = hot[:, -1], hot.mean(axis=1)
    run = np.logical_and.accumulate(hot[:, ::-1], axis=1).sum(axis=1)
    only_last_run = run == hot.sum(axis=1)
    often = share >= MOSTLY
    direction, p = mann_kendall(z)
    trend = np.where(p <= _ALPHA, np.sign(direction), 0)
    was_cold = cold[:, :-1].any(axis=1)
    return np.select(
        [
            last & only_last_run & (run == 1),
            last & often & (trend > 0),
            last & often & (trend < 0),
            last & often,
            last & only_last_run,
            last & was_cold,
            last,
            often,
        ],
        [
            Trend.NEW,
            Trend.INTENSIFYING,
            Trend.DIMINISHING,
            Trend.PERSISTENT,
            Trend.CONSECUTIVE,
            Trend.OSCILLATING,
            Trend.SPORADIC,
            Trend.HISTORICAL,
        ],
        Trend.NONE,
    ).astype(np.int64)
