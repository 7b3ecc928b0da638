"""Is there a cluster around a cell: more reports in its ring than its reference would give by chance?

A ring is a cell with its six neighbours. Two tests, for each alone is wrong on maps of few reports: Gi* takes sums of
small counts for normal, and finds hundreds of hot cells where there is nothing but chance; the Poisson test takes a
place that differs from its reference for a cluster. Hot is what both believe, and what enough reports from enough
different sources make up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.discovery import confidence, discoveries
from chalicelib.hotspots.lattice import Floats, Lattice
from chalicelib.hotspots.sources import distinct
from chalicelib.hotspots.tails import normal_tail, poisson_tail

LEAST_REPORTS = 5
LEAST_SOURCES = 3
"""A hot ring has at least so many reports, from at least so many different sources: nobody makes a hotspot alone."""

_COLD_SHARE = 0.05
_LEAST_MISSED = 2.99


@dataclass(frozen=True, slots=True)
class Reference:
    """What a cell is compared with: n parallel elements for groups of cells, one element for all cells together.

    `size` is the number of cells in the group, `mean` and `deviation` those of their counts.
    """

    size: Floats
    mean: Floats
    deviation: Floats


@dataclass(frozen=True, slots=True)
class Clusters:
    """The tests of n cells; p is 1 where the ring has no report.

    `hot` is 0 or the confidence in per cent (90, 95, 99).
    """

    z: Floats
    p_gi: Floats
    p_poisson: Floats
    hot: Numbers


def reference(counts: Numbers, groups: Numbers | None = None) -> Reference:
    """Return mean and deviation of the counts (n) in each cell's group (n, from 0), or in all where there are none."""
    if groups is None:
        size, total, squares = (np.array([float(sum_)]) for sum_ in (len(counts), counts.sum(), counts @ counts))
    else:
        size = np.bincount(groups).astype(np.float64)
        total, squares = np.bincount(groups, weights=counts), np.bincount(groups, weights=np.square(counts))
    # Whole numbers until here: the order of the cells changes no bit, and equal counts have no deviation at all.
    with np.errstate(invalid="ignore"):
        mean, deviation = total / size, np.sqrt(size * squares - np.square(total)) / size
    if groups is None:
        return Reference(size, mean, deviation)
    return Reference(size[groups], mean[groups], deviation[groups])


def gi_star(sums: Numbers, members: Numbers, compared: Reference) -> Floats:
    """Return z of Getis and Ord's Gi* (Geographical Analysis 27, 1995, formula 14) with weights 0 and 1, (n).

    z = (Σ w y - ȳ W) / (S √((n W - W²) / (n - 1))), with Σ w y the sum over the ring, W its cells, ȳ, S and n those of
    the reference. 0 where there is nothing to compare: all counts alike, or a ring as large as its reference.
    """
    n, ring = compared.size, members.astype(np.float64)
    spread = compared.deviation * np.sqrt(np.maximum(n * ring - np.square(ring), 0) / np.maximum(n - 1, 1))
    above = sums - compared.mean * ring
    return np.divide(above, spread, out=np.zeros(len(sums)), where=spread > 0)


def clusters(
    lattice: Lattice, counts: Numbers, groups: Numbers | None = None, sources: Numbers | None = None
) -> Clusters:
    """Test every cell of the lattice, those without reports too.

    Args:
        lattice: the n cells of the region.
        counts: reports in each cell.
        groups: number of the group (the powiat) of each cell; the whole region is the reference where it is absent.
            Rings reach across the borders of groups, and each of their cells expects the mean of its own.
        sources: different sources in the ring of each cell (`ring_sources`); reports are sources of their own where it
            is absent.
    """
    sums = lattice.around(counts)
    compared = reference(counts, groups)
    z = gi_star(sums, lattice.members(), compared)
    expected = expectation(lattice, compared, groups)
    # Where the ring is empty there is nothing to be found; on maps of few reports that is nearly everywhere.
    some = np.flatnonzero(sums)
    p_gi, p_poisson = np.ones(len(sums)), np.ones(len(sums))
    p_gi[some], p_poisson[some] = normal_tail(z[some]), poisson_tail(sums[some], expected[some])
    enough = (sums >= LEAST_REPORTS) & ((sums if sources is None else sources) >= LEAST_SOURCES)
    return Clusters(z, p_gi, p_poisson, np.where(enough, confidence(p_gi, p_poisson), 0))


def cold(lattice: Lattice, counts: Numbers, groups: Numbers | None = None) -> Flags:
    """Tell where both tests, turned round, find fewer reports than chance would leave, (n): 95 per cent sure.

    It is for the classes of trends alone. Silence is not safety, so no map shows it.
    """
    sums = lattice.around(counts)
    compared = reference(counts, groups)
    z = gi_star(sums, lattice.members(), compared)
    expected = expectation(lattice, compared, groups)
    p_gi, p_poisson = np.ones(len(sums)), np.ones(len(sums))
    # None at all has the chance exp(-expected): below 0.05 only where three are expected.
    some = np.flatnonzero((z < 0) & (expected > _LEAST_MISSED))
    p_gi[some] = normal_tail(-z[some])
    p_poisson[some] = 1 - poisson_tail(sums[some] + 1, expected[some])
    return discoveries(p_gi, _COLD_SHARE) & discoveries(p_poisson, _COLD_SHARE)


def expectation(lattice: Lattice, compared: Reference, groups: Numbers | None) -> Floats:
    """Return the reports that the ring of each cell would have if each of its cells had its group's mean, (n)."""
    return compared.mean * lattice.members() if groups is None else lattice.around(compared.mean)


def ring_sources(lattice: Lattice, rows: Numbers, sources: Numbers) -> Numbers:
    """Return how many different sources the ring of each cell has, (n).

    One element a report: the row of its cell, and the number of its source (-1: it is a source of its own).
    """
    named = sources >= 0
    alone = lattice.around(np.bincount(rows[~named], minlength=len(lattice.cells)))
    if not named.any():
        return alone
    number, ring = lattice.edges(rows[named])
    return alone + distinct(ring, sources[named][number], len(lattice.cells))
