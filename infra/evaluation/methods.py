"""Four ways to say where the next reports will be: ours, and three that are in use elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import h3.api.basic_int as h3
import numpy as np

from chalicelib.hotspots.clusters import gi_star, reference
from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.expected import HALF_LIVES, REACH_DAYS, daily, decayed
from chalicelib.hotspots.lattice import Floats, Lattice
from infra.evaluation.points import metres

YEAR = 365
BANDWIDTH = 250.0
"""Metres; the kernel does better with it in cities than with 500."""


@dataclass(frozen=True, slots=True)
class History:
    """What a forecast may know: the region, and of each report before the forecast its cell's row and its age in days.

    `kernel` holds the shares that each report has in cells around it: report, row and weight, in parallel.
    """

    lattice: Lattice
    row: Numbers
    age: Numbers
    kernel: tuple[Numbers, Numbers, Floats]

    @property
    def year(self) -> Flags:
        """Which reports are of the last 365 days."""
        found: Flags = (self.age >= 0) & (self.age < YEAR)
        return found

    @property
    def counts(self) -> Numbers:
        """Reports of the last 365 days in each cell."""
        return np.bincount(self.row[self.year], minlength=len(self.lattice.cells))


def expected(known: History) -> Floats:
    """Return our expected reports."""
    used = (known.age >= 0) & (known.age < REACH_DAYS)
    row, age, size = known.row[used], known.age[used], len(known.lattice.cells)
    lasting, repeated = (decayed(row, age, size, half_life) for half_life in HALF_LIVES)
    return daily(known.lattice, lasting, repeated)


def counted(known: History) -> Floats:
    """Return the reports of the last year: what a list of the worst places says."""
    return known.counts.astype(np.float64)


def density(known: History) -> Floats:
    """Return the kernel density of the last year at the middle of each cell."""
    report, row, weight = known.kernel
    used = known.year[report]
    found: Floats = np.bincount(row[used], weights=weight[used], minlength=len(known.lattice.cells)).astype(np.float64)
    return found


def clustered(known: History) -> Floats:
    """Return z of Gi* of the last year."""
    counts = known.counts
    return gi_star(known.lattice.around(counts), known.lattice.members(), reference(counts))


METHODS: dict[str, Callable[[History], Floats]] = {
    "expected": expected,
    "counts": counted,
    "kde": density,
    "gi_star": clustered,
}


def kernel(lattice: Lattice, lat: Floats, lon: Floats, rows: Numbers) -> tuple[Numbers, Numbers, Floats]:
    """Return the quartic kernel's weights: report, row of a cell whose middle is within the bandwidth, weight.

    K(d) = (1 - d² / h²)²; constants do not rank (Silverman, Density Estimation, 1986, 4.5).
    """
    middle = float(lat.mean())
    centres = np.array([h3.cell_to_latlng(cell) for cell in lattice.cells.tolist()])
    east, north = metres(centres[:, 0], centres[:, 1], middle)
    x, y = metres(lat, lon, middle)
    report, row = _edges(lattice, rows)
    share = 1 - (np.square(x[report] - east[row]) + np.square(y[report] - north[row])) / BANDWIDTH**2
    near = share > 0
    return report[near], row[near], np.square(share[near])


def _edges(lattice: Lattice, rows: Numbers) -> tuple[Numbers, Numbers]:
    # The disk of each occupied cell once, then one for each of its reports.
    used, which = np.unique(rows, return_inverse=True)
    number, row = lattice.edges(used, 2)
    order = np.argsort(number, kind="stable")
    number, row = number[order], row[order]
    begins = np.searchsorted(number, np.arange(len(used) + 1))
    lengths = np.diff(begins)[which]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.repeat(np.arange(len(rows)), lengths), row[np.repeat(begins[which], lengths) + within]
