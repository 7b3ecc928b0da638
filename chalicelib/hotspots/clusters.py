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
from chalicelib.hotspots.discovery import CONFIDENCES, confidence, discoveries
from chalicelib.hotspots.lattice import Floats, Lattice
from chalicelib.hotspots.sources import distinct
from chalicelib.hotspots.tails import normal_tail, poisson_tail

LEAST_REPORTS = 5
LEAST_SOURCES = 3
"""A hot ring has at least so many reports, from at least so many different sources: nobody makes a hotspot alone."""

LARGEST_RING = 7
_COLD_SHARE = 0.05
_LOW_Z = 1.0
_LEAST_MISSED = 2.99


@dataclass(frozen=True, slots=True)
class Reference:
    """What cells are compared with, by the number of their group: k parallel elements, one for all cells together.

    `size` is the number of cells in the group, `mean` and `deviation` those of their counts.
    """

    size: Floats
    mean: Floats
    deviation: Floats

    def of(self, groups: Numbers) -> Reference:
        """Return the references of cells by the numbers of their groups."""
        return Reference(self.size[groups], self.mean[groups], self.deviation[groups])


@dataclass(frozen=True, slots=True)
class Clusters:
    """The tests of n cells; p is 1 where the ring has no report.

    `hot` is 0 or the confidence in per cent (90, 95, 99).
    """

    z: Floats
    p_gi: Floats
    p_poisson: Floats
    hot: Numbers

    def where(self, kept: Numbers) -> Clusters:
        """Return some of the cells, by their place in the columns."""
        return Clusters(self.z[kept], self.p_gi[kept], self.p_poisson[kept], self.hot[kept])


def reference(counts: Numbers, groups: Numbers | None = None) -> Reference:
    """Return mean and deviation of the counts (n) in each group (n, from 0), or in all where there are none."""
    # Whole numbers until the end: the order of the cells changes no bit, and equal counts have no deviation at all.
    some = np.flatnonzero(counts)
    found = counts[some].astype(np.float64)
    if groups is None:
        size, total, squares = (np.array([float(sum_)]) for sum_ in (len(counts), found.sum(), found @ found))
    else:
        size = np.bincount(groups).astype(np.float64)
        total = np.bincount(groups[some], weights=found, minlength=len(size))
        squares = np.bincount(groups[some], weights=np.square(found), minlength=len(size))
    with np.errstate(invalid="ignore"):
        return Reference(size, total / size, np.sqrt(size * squares - np.square(total)) / size)


def gi_star(sums: Numbers, members: Numbers, compared: Reference) -> Floats:
    """Return z of Getis and Ord's Gi* (Geographical Analysis 27, 1995, formula 14) with weights 0 and 1, (n).

    z = (Σ w y - ȳ W) / (S √((n W - W²) / (n - 1))), with Σ w y the sum over the ring, W its cells, ȳ, S and n those of
    the reference (of each cell, or one of all). 0 where there is nothing to compare: all counts alike, or a ring as
    large as its reference.
    """
    n, ring = compared.size, members.astype(np.float64)
    spread = compared.deviation * np.sqrt(np.maximum(n * ring - np.square(ring), 0) / np.maximum(n - 1, 1))
    above = sums - compared.mean * ring
    return np.divide(above, spread, out=np.zeros(len(sums)), where=spread > 0)


def clusters(
    lattice: Lattice,
    counts: Numbers,
    groups: Numbers | None = None,
    sources: Numbers | None = None,
    at: Numbers | None = None,
) -> Clusters:
    """Test every cell of the lattice, those without reports too.

    Args:
        lattice: the n cells of the region.
        counts: reports in each cell.
        groups: number of the group (the powiat) of each cell; the whole region is the reference where it is absent.
            Rings reach across the borders of groups, and each of their cells expects the mean of its own.
        sources: different sources in the ring of each cell (`ring_sources`); reports are sources of their own where it
            is absent.
        at: rows to return, all whose rings have reports among them; n stands for all rows else.
    """
    sums = lattice.around(counts, at=at)
    compared = reference(counts, groups)
    z = ring_z(lattice, sums, compared, groups, at)
    # Where the ring is empty there is nothing to be found; on maps of few reports that is nearly everywhere.
    some = np.flatnonzero(sums)
    expected = expectation(lattice, compared, groups, some if at is None else at[some])
    p_gi, p_poisson = np.ones(len(sums)), np.ones(len(sums))
    p_gi[some], p_poisson[some] = normal_tail(z[some]), poisson_tail(sums[some], expected)
    enough = enough_for_hot(sums, sources)
    sure = confidence(p_gi, p_poisson, tests=len(counts))
    return Clusters(z, p_gi, p_poisson, np.where(enough, sure, 0))


def enough_for_hot(sums: Numbers, sources: Numbers | None = None) -> Flags:
    """Tell which rings have enough reports from enough sources to be hot, (n)."""
    enough: Flags = (sums >= LEAST_REPORTS) & ((sums if sources is None else sources) >= LEAST_SOURCES)
    return enough


def hot(lattice: Lattice, counts: Numbers, groups: Numbers, at: Numbers, enough: Flags, level: int) -> Flags:
    """Tell which of the rows `at` `clusters` calls hot at a confidence of `level` or more, with less reckoning.

    `at` are all rows whose rings have reports, ascending; `enough` is told of them by `enough_for_hot`.
    """
    found = np.zeros(len(at), dtype=np.bool_)
    if not enough.any():
        return found
    share, sums, compared = CONFIDENCES[level], lattice.around(counts, at=at), reference(counts, groups)
    z = ring_z(lattice, sums, compared, groups, at)
    # What is left out has a chance of 0.16 or more by the one test, of some 0.4 by the other: no discovery needs it.
    high = np.flatnonzero(z > _LOW_Z)
    found[high] = discoveries(normal_tail(z[high]), share, len(counts))
    if not (found & enough).any():
        return found & enough
    expected = expectation(lattice, compared, groups, at)
    more = np.flatnonzero(sums > expected)
    unusual = np.zeros(len(at), dtype=np.bool_)
    unusual[more] = discoveries(poisson_tail(sums[more], expected[more]), share, len(counts))
    return found & unusual & enough


def ring_z(
    lattice: Lattice, sums: Numbers, compared: Reference, groups: Numbers | None, at: Numbers | None = None
) -> Floats:
    """Return `gi_star` of rings by their sums, (n) or those of the rows `at`."""
    members = lattice.members() if at is None else lattice.members()[at]
    if groups is not None:
        compared = compared.of(groups if at is None else groups[at])
    return gi_star(sums, members, compared)


def cold(lattice: Lattice, counts: Numbers, groups: Numbers | None = None) -> Flags:
    """Tell where both tests, turned round, find fewer reports than chance would leave, (n): 95 per cent sure.

    It is for the classes of trends alone. Silence is not safety, so no map shows it.
    """
    compared = reference(counts, groups)
    found = np.zeros(len(counts), dtype=np.bool_)
    # None at all has the chance exp(-expected): below 0.05 only where three are expected.
    if np.nanmax(compared.mean) * LARGEST_RING <= _LEAST_MISSED:
        return found
    some = np.flatnonzero(expectation(lattice, compared, groups) > _LEAST_MISSED)
    sums = lattice.around(counts, at=some)
    z = ring_z(lattice, sums, compared, groups, some)
    some, sums, z = some[z < 0], sums[z < 0], z[z < 0]
    tests = normal_tail(-z), 1 - poisson_tail(sums + 1, expectation(lattice, compared, groups, some))
    found[some] = np.logical_and(*(discoveries(p, _COLD_SHARE, len(counts)) for p in tests))
    return found


def expectation(lattice: Lattice, compared: Reference, groups: Numbers | None, at: Numbers | None = None) -> Floats:
    """Return the reports that rings would have if each of their cells had its group's mean, (n) or of rows `at`."""
    if groups is None:
        return compared.mean * (lattice.members() if at is None else lattice.members()[at])
    return lattice.around(compared.mean[groups], at=at)


def ring_sources(lattice: Lattice, rows: Numbers, sources: Numbers, at: Numbers | None = None) -> Numbers:
    """Return how many different sources the ring of each cell has, (n) or those of the rows `at`.

    One element a report: the row of its cell, and the number of its source (-1: it is a source of its own).
    """
    named = sources >= 0
    alone = lattice.around(np.bincount(rows[~named], minlength=len(lattice.cells)), at=at)
    if not named.any():
        return alone
    number, ring = lattice.edges(rows[named])
    together = distinct(ring, sources[named][number], len(lattice.cells))
    return alone + (together if at is None else together[at])
