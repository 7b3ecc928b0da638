"""All statistics of one layer, which is a category or all of them, as the columns that are published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chalicelib.hotspots import surprise
from chalicelib.hotspots.clusters import (
    Clusters,
    Groups,
    clusters,
    cold,
    hot,
    reference,
    ring_sources,
    ring_z,
)
from chalicelib.hotspots.counts import WINDOWS, Flags, Numbers
from chalicelib.hotspots.expected import PUBLISHED_DAYS, daily
from chalicelib.hotspots.lattice import Lattice
from chalicelib.hotspots.neighbours import Floats, Patch
from chalicelib.hotspots.trends import BINS, Trend, bins, classes

PROVEN = 95
"""A bin of a trend is hot at this confidence."""


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of a layer, m parallel elements, those of the last five years.

    `row` is that of the cell in the lattice, `age` whole days (0: the day before publication), `source` a number, or -1
    for a report that is a source of its own.
    """

    row: Numbers
    age: Numbers
    source: Numbers

    def where(self, kept: Flags) -> Reports:
        """Return those that a mask keeps."""
        return Reports(self.row[kept], self.age[kept], self.source[kept])

    def counts(self, size: int) -> Numbers:
        """Return the reports of each of `size` rows."""
        return np.bincount(self.row, minlength=size)


@dataclass(frozen=True, slots=True)
class Window:
    """The clusters of k cells over one window; `near` compares with the cell's own group, `national` with all."""

    near: Clusters
    national: Clusters


@dataclass(frozen=True, slots=True)
class Analysis:
    """The statistics of the k cells that have reports in the longest window; `rows` are theirs, ascending.

    `expected` are reports of 30 days; `surprise` compares the last 28 days with the year before, `rising` are the
    alarms; `trend` holds `Trend`.
    """

    rows: Numbers
    windows: dict[str, Window]
    expected: Floats
    surprise: Floats
    rising: Flags
    trend: Numbers


def analyse(lattice: Lattice, groups: Groups, reports: Reports) -> Analysis:
    """Return all statistics of the layer; `groups` are those of all n cells, the powiats.

    The lattice holds every cell of the region, those without reports too: they are what is compared with. The order of
    the reports changes no bit.
    """
    # All that is reckoned is about cells with reports and those around; the others are only many.
    patch = Patch(lattice, lattice.touched(reports.counts(lattice.size)))
    inside = Reports(patch.places(reports.row), reports.age, reports.source)
    near, k = groups.at(patch.rows), patch.size
    year = inside.where(inside.age < max(WINDOWS.values()))
    told = np.flatnonzero(year.counts(k))
    recent = inside.where(inside.age < surprise.RECENT_DAYS).counts(k)
    past = inside.where(_between(inside, surprise.RECENT_DAYS, surprise.PAST_DAYS)).counts(k)
    p = surprise.chance(patch, past, recent)
    return Analysis(
        rows=patch.rows[told],
        windows={name: _window(patch, near, year, days, told) for name, days in WINDOWS.items()},
        expected=PUBLISHED_DAYS * daily(patch, inside.row, inside.age, told),
        surprise=surprise.score(p[told]),
        rising=surprise.rising(p, recent, lattice.total)[told],
        trend=trend(lattice, groups, patch, year)[told],
    )


def trend(lattice: Lattice, groups: Groups, patch: Patch, reports: Reports) -> Numbers:
    """Return the class of each cell of the patch over the last twelve bins of 28 days, against its own group."""
    bin_of, near = bins(reports.age), groups.at(patch.rows)
    found = [reports.where(bin_of == number) for number in range(BINS)]
    counts = [inside.counts(patch.size) for inside in found]
    bins_hot = np.stack([_hot(patch, near, *bin_) for bin_ in zip(found, counts, strict=True)], axis=1)
    ever = np.flatnonzero(bins_hot.any(axis=1))
    kinds = np.full(patch.size, int(Trend.NONE))
    if len(ever):
        z = [ring_z(patch, patch.around(y, at=ever), reference(y, near), near, ever) for y in counts]
        # Cold bins only tell two classes of hot cells apart.
        chilly = [_cold(lattice, groups, patch, y)[patch.rows[ever]] for y in counts]
        kinds[ever] = classes(np.stack(z, axis=1), bins_hot[ever], np.stack(chilly, axis=1))
    return kinds


def _hot(patch: Patch, groups: Groups, reports: Reports, counts: Numbers) -> Flags:
    sums = patch.around(counts)
    return hot(patch, counts, groups, ring_sources(patch, reports.row, reports.source, sums), sums, PROVEN)


def _cold(lattice: Lattice, groups: Groups, patch: Patch, counts: Numbers) -> Flags:
    # Where there are no reports at all is cold too, and there are cells beyond the patch.
    everywhere = np.zeros(lattice.size, dtype=np.int64)
    everywhere[patch.rows] = counts
    return cold(lattice, everywhere, groups)


def _window(patch: Patch, groups: Groups, reports: Reports, days: int, told: Numbers) -> Window:
    inside = reports.where(reports.age < days)
    counts = inside.counts(patch.size)
    sums = patch.around(counts)
    around = ring_sources(patch, inside.row, inside.source, sums)
    return Window(
        near=clusters(patch, counts, groups, around, sums).where(told),
        national=clusters(patch, counts, None, around, sums).where(told),
    )


def _between(reports: Reports, first: int, days: int) -> Flags:
    found: Flags = (reports.age >= first) & (reports.age < first + days)
    return found
