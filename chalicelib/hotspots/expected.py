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

REPEAT_AROUND = 0.2
PUBLISHED_DAYS = 30
"""Expected reports are published for so many days."""

_LEAST_EXCESS = 1e-9
_UNIT = 2.0**-28
"""Weights are whole multiples of this: sums of up to 33 million of them are exact, in whatever order they are made."""


def decayed(rows: Numbers, ages: Numbers, size: int, half_life: float) -> Floats:
    """Return Σ 2^(-age / half-life) over the reports of each of `size` cells.

    One element a report: the row of its cell, its age in whole days. Neither the order of the reports nor the number of
    nights in which they came changes a bit.
    """
    weights = np.rint(np.exp2(-np.arange(int(ages.max(initial=0)) + 1) / half_life) / _UNIT) * _UNIT
    found: Floats = np.bincount(rows, weights=weights[ages], minlength=size).astype(np.float64)
    return found


def smoothed(ground: Neighbours, counts: Floats, at: Numbers | None = None) -> Floats:
    """Draw each cell's count, (k), towards the mean of its surroundings, the more the less that mean says.

    Posterior mean of a Poisson number whose rate is gamma distributed around the mean m of the disk of 19 cells
    (Clayton and Kaldor, Biometrics 43, 1987; moments as Marshall, Applied Statistics 40, 1991): m + B (d - m), B = m /
    (m + r), r = μ² / (s² - μ) with mean μ and variance s² of all cells. With rows `at`, those of them alone.
    """
    members = ground.members(2)
    near = ground.around(counts, 2, at) / (members if at is None else members[at])
    # Exact sums: the order of the cells changes no bit.
    some, n = counts[counts != 0], ground.total
    mean = fsum(some) / n
    variance = (fsum(np.square(some - mean)) + (n - len(some)) * mean**2) / n
    size = mean**2 / max(variance - mean, _LEAST_EXCESS)
    trust = np.divide(near, near + size, out=np.zeros(len(near)), where=near > 0)
    return near + trust * ((counts if at is None else counts[at]) - near)


def daily(ground: Neighbours, rows: Numbers, ages: Numbers, at: Numbers | None = None) -> Floats:
    """Return the reports to expect a day in each cell, (k), or in the rows `at`.

    λ = EB(d) / (365 / ln 2) + 0.05 (q + 0.2 Σ q of the six neighbours) / (14 / ln 2), with d and q the counts decayed
    by halves in 365 and 14 days. One element a report: the row of its cell, its age in whole days, 0 for one that came
    on the day before publication. Older ones than `REACH_DAYS` are not given.
    """
    n = ground.size
    lasting = smoothed(ground, decayed(rows, ages, n, HALF_LIFE_DAYS), at)
    recent = decayed(rows, ages, n, REPEAT_HALF_LIFE_DAYS)
    here = recent if at is None else recent[at]
    repeats = here + REPEAT_AROUND * (ground.around(recent, at=at) - here)
    return lasting * log(2) / HALF_LIFE_DAYS + REPEAT_SHARE * repeats * log(2) / REPEAT_HALF_LIFE_DAYS
