"""Are there more reports in the last weeks than this very place has had? Negative binomial, against its own past."""

from __future__ import annotations

import numpy as np

from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.discovery import discoveries
from chalicelib.hotspots.neighbours import Floats, Neighbours
from chalicelib.hotspots.tails import negative_binomial_tail

PAST_DAYS, RECENT_DAYS = 365, 28
MOST = 20.0
"""Scores end here: a chance of one in 10²⁰ is as good as none."""

LEAST_REPORTS = 5
_SHARE, _LARGEST_P = 0.05, 1e-4
_LEAST_SHAPE = 0.05
_RESTLESSNESS = 0.02
_SMALLEST = 1e-300


def chance(ground: Neighbours, past: Numbers, recent: Numbers) -> Floats:
    """Return for each of n cells the probability of at least as many recent reports, (n).

    `past` (n) are the reports of the 365 days before the last 28, `recent` (n) those of the 28. With the mean m of the
    disk of 19 cells, and a = x̄² / (s² - x̄) the shape of the gamma distribution of all cells, the rate after seeing x
    is (a + x) / (a / m + 1) a year. It is brought to 28 days and to the season by f, the region's recent reports over
    those that the year would give. What comes is negative binomial: its variance is μ + μ² (1 / (a + x) + 0.02), of
    which the last part is how much places change from year to year.
    """
    found = np.ones(len(past))
    # At least none is certain.
    some = np.flatnonzero(recent)
    had = past[past != 0].astype(np.float64)
    mean, squares = float(had.sum()) / ground.total, float(had @ had) / ground.total
    # One more cell with the region's mean: where 19 cells had no report, the next one is rare and not impossible.
    near = (ground.around(past, 2, some) + mean) / (ground.members(2)[some] + 1)
    shape = max(mean**2 / max(squares - mean**2 - mean, 1e-9), _LEAST_SHAPE)
    ordinary = float(had.sum()) * RECENT_DAYS / PAST_DAYS
    season = float(recent.sum()) / ordinary if ordinary else 1.0
    seen = shape + past[some]
    rate = np.divide(seen, shape / np.maximum(near, _SMALLEST) + 1)
    expected = rate * RECENT_DAYS / PAST_DAYS * season
    found[some] = negative_binomial_tail(recent[some], expected, 1 / (1 / seen + _RESTLESSNESS))
    return found


def score(p: Floats) -> Floats:
    """Return -log10 p, at most `MOST`, (n)."""
    return np.minimum(-np.log10(np.maximum(p, _SMALLEST)), MOST) + 0.0


def rising(p: Floats, recent: Numbers, tests: int | None = None) -> Flags:
    """Tell where to raise an alarm, (n): a discovery among all cells, rare by itself, and at least five reports.

    Where more `tests` were made than are given, the others had no report.
    """
    return discoveries(p, _SHARE, tests) & (p <= _LARGEST_P) & (recent >= LEAST_REPORTS)
