"""How many reports to expect at a place: decayed counts, drawn towards those around, and a share of near repeats."""

from __future__ import annotations

from math import fsum, log

import numpy as np

from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.neighbours import Floats, Neighbours

HALF_LIFE_DAYS = 365
REACH_DAYS = 1826
"""How far back reports count: five years, after which one weighs a thirtieth."""

REPEAT_HALF_LIFE_DAYS = 14
REPEAT_SHARE = 0.05
"""Share of what is expected that follows the last weeks, in and (a fifth of it) around the cell."""

HALF_LIVES = (HALF_LIFE_DAYS, REPEAT_HALF_LIFE_DAYS)
REPEAT_AROUND = 0.2
PUBLISHED_DAYS = 30
"""Expected reports are published for so many days."""

UNIT = 2.0**-28
"""Weights are whole multiples of this: sums of up to 33 million of them are exact, in whatever order they are made."""

REPEAT_REACH_DAYS = 29 * REPEAT_HALF_LIFE_DAYS
"""What is older weighs nothing among the repeats: less than half a unit."""

_LEAST_EXCESS = 1e-9


def weights(days: int, half_life: float) -> Numbers:
    """Return 2^(-age / half-life) for the ages 0 to `days` - 1, in whole units."""
    return np.rint(np.exp2(-np.arange(days) / half_life) / UNIT).astype(np.int64)


def decayed(rows: Numbers, ages: Numbers, size: int, half_life: float) -> Floats:
    """Return Σ 2^(-age / half-life) over the reports of each of `size` cells.

    One element a report: the row of its cell, its age in whole days. Neither the order of the reports nor the number of
    nights in which they came changes a bit.
    """
    weight = weights(int(ages.max(initial=0)) + 1, half_life) * UNIT
    found: Floats = np.bincount(rows, weights=weight[ages], minlength=size).astype(np.float64)
    return found


def smoothed(ground: Neighbours, counts: Floats, at: Numbers | None = None) -> Floats:
    """Draw each cell's count, (k), towards the mean of its surroundings, the more the less that mean says.

    Posterior mean of a Poisson number whose rate is gamma distributed around the mean m of the disk of 19 cells
    (Clayton and Kaldor, Biometrics 43, 1987; moments as Marshall, Applied Statistics 40, 1991): m + B (d - m), B = m /
    (m + r), r = μ² / (s² - μ) with mean μ and variance s² of all cells. With rows `at`, those of them alone.
    """
    members = ground.members(2)
    near = ground.around(counts, 2, at) / (members if at is None else members[at])
    # Exact sums: the order of the cells changes no bit. Those of the counts are exact in any order.
    some, n = counts[counts != 0], ground.total
    mean = float(some.sum()) / n
    variance = (fsum(np.square(some - mean)) + (n - len(some)) * mean**2) / n
    size = mean**2 / max(variance - mean, _LEAST_EXCESS)
    trust = np.divide(near, near + size, out=np.zeros(len(near)), where=near > 0)
    return near + trust * ((counts if at is None else counts[at]) - near)


def daily(ground: Neighbours, lasting: Floats, repeated: Floats, at: Numbers | None = None) -> Floats:
    """Return the reports to expect a day in each cell, (k), or in the rows `at`.

    λ = EB(d) / (365 / ln 2) + 0.05 (q + 0.2 Σ q of the six neighbours) / (14 / ln 2), with d and q (k) the counts
    `decayed` by `HALF_LIVES`, 365 and 14 days. Reports older than `REACH_DAYS` are not among them.
    """
    here = repeated if at is None else repeated[at]
    repeats = here + REPEAT_AROUND * (ground.around(repeated, at=at) - here)
    usual = smoothed(ground, lasting, at)
    return usual * log(2) / HALF_LIFE_DAYS + REPEAT_SHARE * repeats * log(2) / REPEAT_HALF_LIFE_DAYS
