"""Is there a cluster around a cell: more reports in its ring than its reference would give by chance?

A ring is a cell with its six neighbours. Two tests, for each alone is wrong on maps of few reports: Gi* takes sums of
small counts for normal, and finds hundreds of hot cells where there is nothing but chance; the Poisson test takes a
place that differs from its reference for a cluster. Hot is what both believe, and what enough reports from enough
different sources make up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.discovery import CONFIDENCES, confidence, discoveries, within_reach
from chalicelib.hotspots.lattice import Lattice
from chalicelib.hotspots.neighbours import Floats, Neighbours
from chalicelib.hotspots.sources import distinct
from chalicelib.hotspots.tails import least_normal_tail, least_poisson_tail, normal_tail, poisson_tail

LEAST_REPORTS = 5
LEAST_SOURCES = 3
"""A hot ring has at least so many reports, from at least so many different sources: nobody makes a hotspot alone."""

LARGEST_RING = 7
_COLD_SHARE = 0.05
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


@dataclass(frozen=True, slots=True)
class Groups:
    """Which of a region's cells are compared with each other: g groups, numbered from 0.

    `own` (k) is the number of each cell's group; `size` (g) is the number of cells of each group in the region. Most
    rings are of one group: `mixed` (k) is -1 for these, for the others the column of `rings` (7, m), which holds the
    groups of the ring's cells, g for a cell that is not of the region.
    """

    own: Numbers
    mixed: Numbers
    rings: Numbers
    size: Floats

    @classmethod
    def of(cls, lattice: Lattice, own: Numbers) -> Groups:
        """Group the cells of a region, (n) to (n)."""
        size = np.bincount(own).astype(np.float64)
        rings = np.append(own, len(size))[lattice.disks()]
        several = np.flatnonzero((rings != own).any(axis=0))
        mixed = np.full(len(own), -1)
        mixed[several] = np.arange(len(several))
        return cls(own, mixed, rings[:, several], size)

    def at(self, rows: Numbers) -> Groups:
        """Return the groups of some cells."""
        return Groups(self.own[rows], self.mixed[rows], self.rings, self.size)


def reference(counts: Numbers, groups: Groups | None = None, total: int | None = None) -> Reference:
    """Return mean and deviation of the counts (k) in each group, or in all cells where there are none.

    Cells of the region that are not given have no reports; there are `total` in all (else as many as counts).
    """
    # Whole numbers until the end: the order of the cells changes no bit, and equal counts have no deviation at all.
    some = np.flatnonzero(counts)
    found = counts[some].astype(np.float64)
    if groups is None:
        size, sums, squares = (np.array([float(one)]) for one in (total or len(counts), found.sum(), found @ found))
    else:
        size, own = groups.size, groups.own[some]
        sums = np.bincount(own, weights=found, minlength=len(size))
        squares = np.bincount(own, weights=np.square(found), minlength=len(size))
    with np.errstate(invalid="ignore"):
        return Reference(size, sums / size, np.sqrt(size * squares - np.square(sums)) / size)


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
    ground: Neighbours,
    counts: Numbers,
    groups: Groups | None = None,
    sources: Numbers | None = None,
    sums: Numbers | None = None,
    at: Numbers | None = None,
) -> Clusters:
    """Test every cell, those without reports too; return what is found of the rows `at`, of all where it is absent.

    Args:
        ground: the cells of the region, or k of them, all whose rings have reports among them.
        counts: reports in each cell.
        groups: the group (the powiat) of each cell; the whole region is the reference where it is absent. Rings reach
            across the borders of groups, and each of their cells expects the mean of its own.
        sources: different sources in the ring of each cell (`ring_sources`); reports are sources of their own where it
            is absent.
        sums: the reports in the ring of each cell, where they are known already.
        at: the rows of the cells that are asked for.
    """
    sums, compared = ground.around(counts) if sums is None else sums, reference(counts, groups, ground.total)
    at = np.arange(len(sums)) if at is None else at
    asked = np.zeros(len(sums), dtype=np.bool_)
    asked[at] = True
    # Where the ring is empty there is nothing to be found; on maps of few reports that is nearly everywhere.
    some = np.flatnonzero(sums)
    inside, asked = sums[some], asked[some]
    z, expected = ring_z(ground, inside, compared, groups, some), expectation(ground, compared, groups, some)
    # The others are only reckoned where they may be discoveries, which lower the bar for those that are asked.
    high = asked | _within_reach(least_normal_tail(z), ground.total)
    more = asked | _within_reach(least_poisson_tail(inside, expected), ground.total)
    p_gi, p_poisson, sure = np.ones(len(sums)), np.ones(len(sums)), np.zeros(len(sums), dtype=np.int64)
    p_gi[some[high]] = normal_tail(z[high])
    p_poisson[some[more]] = poisson_tail(inside[more], expected[more])
    sure[some] = confidence(p_gi[some], p_poisson[some], tests=ground.total)
    sure[~enough_for_hot(sums, sources)] = 0
    return Clusters(ring_z(ground, sums[at], compared, groups, at), p_gi[at], p_poisson[at], sure[at])


def _within_reach(lowest: Floats, tests: int) -> Flags:
    found = np.zeros(len(lowest), dtype=np.bool_)
    found[within_reach(lowest, max(CONFIDENCES.values()), tests)] = True
    return found


def enough_for_hot(sums: Numbers, sources: Numbers | None = None) -> Flags:
    """Tell which rings have enough reports from enough sources to be hot, (n)."""
    enough: Flags = (sums >= LEAST_REPORTS) & ((sums if sources is None else sources) >= LEAST_SOURCES)
    return enough


def hot(ground: Neighbours, counts: Numbers, groups: Groups, sources: Numbers, sums: Numbers, level: int) -> Flags:
    """Tell where `clusters` says hot at a confidence of `level` or more, with less reckoning, (k)."""
    enough = enough_for_hot(sums, sources)
    found = np.zeros(len(counts), dtype=np.bool_)
    if not enough.any():
        return found
    share, compared = CONFIDENCES[level], reference(counts, groups, ground.total)
    at = np.flatnonzero(sums)
    sums = sums[at]
    z = ring_z(ground, sums, compared, groups, at)
    high = within_reach(least_normal_tail(z), share, ground.total)
    found[at[high]] = discoveries(normal_tail(z[high]), share, ground.total)
    found &= enough
    if not found.any():
        return found
    expected = expectation(ground, compared, groups, at)
    more = within_reach(least_poisson_tail(sums, expected), share, ground.total)
    unusual = np.zeros(len(counts), dtype=np.bool_)
    unusual[at[more]] = discoveries(poisson_tail(sums[more], expected[more]), share, ground.total)
    return found & unusual


def ring_z(ground: Neighbours, sums: Numbers, compared: Reference, groups: Groups | None, at: Numbers) -> Floats:
    """Return `gi_star` of the rings at some rows by their sums, (m) each."""
    return gi_star(sums, ground.members()[at], compared if groups is None else compared.of(groups.own[at]))


def cold(lattice: Lattice, counts: Numbers, groups: Groups | None, at: Numbers) -> Flags:
    """Tell where both tests, turned round, find fewer reports than chance would leave, (m): 95 per cent sure.

    It is for the classes of trends alone. Silence is not safety, so no map shows it. `at` are the rows, (m), that are
    asked for; what they are told depends on all n.
    """
    compared = reference(counts, groups)
    found = np.zeros(len(counts), dtype=np.bool_)
    if not len(_missed(lattice, counts, compared, groups, at)[0]):
        return found[at]
    some, sums, z = _missed(lattice, counts, compared, groups, np.arange(len(counts)))
    tests = normal_tail(-z), 1 - poisson_tail(sums + 1, expectation(lattice, compared, groups, some))
    found[some] = np.logical_and(*(discoveries(p, _COLD_SHARE, len(counts)) for p in tests))
    return found[at]


def _missed(
    lattice: Lattice, counts: Numbers, compared: Reference, groups: Groups | None, at: Numbers
) -> tuple[Numbers, Numbers, Floats]:
    """Return those of some rows that may be cold at all, their reports and their z."""
    # None at all has the chance exp(-expected): below 0.05 only where three are expected.
    some = at[expectation(lattice, compared, groups, at) > _LEAST_MISSED]
    sums = lattice.around(counts, at=some)
    z = ring_z(lattice, sums, compared, groups, some)
    return some[z < 0], sums[z < 0], z[z < 0]


def expectation(ground: Neighbours, compared: Reference, groups: Groups | None, at: Numbers) -> Floats:
    """Return the reports that the rings at some rows would have if each of their cells had its group's mean, (m)."""
    if groups is None:
        return compared.mean * ground.members()[at]
    mean = np.append(compared.mean, 0.0)
    found: Floats = _added([mean] * LARGEST_RING)[groups.own[at]]
    mixed = groups.mixed[at]
    several = np.flatnonzero(mixed >= 0)
    found[several] = _added([mean[ring] for ring in groups.rings[:, mixed[several]]])
    return found


def _added(columns: Sequence[Floats]) -> Floats:
    return sum(columns[1:], columns[0])


def ring_sources(ground: Neighbours, rows: Numbers, sources: Numbers, sums: Numbers) -> Numbers:
    """Return how many different sources the ring of each cell has, (k); `sums` are its reports.

    One element a report: the row of its cell, and the number of its source (-1: it is a source of its own).
    """
    named = sources >= 0
    if not named.any():
        return sums
    alone = sums - ground.around(np.bincount(rows[named], minlength=ground.size))
    number, ring = ground.edges(rows[named])
    return alone + distinct(ring, sources[named][number], ground.size)
