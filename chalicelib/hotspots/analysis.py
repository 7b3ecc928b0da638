"""All statistics of one layer, which is a category or all of them, as the columns that are published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chalicelib.hotspots import surprise
from chalicelib.hotspots.clusters import (
    Clusters,
    clusters,
    cold,
    enough_for_hot,
    hot,
    reference,
    ring_sources,
    ring_z,
)
from chalicelib.hotspots.counts import WINDOWS, Flags, Numbers
from chalicelib.hotspots.expected import PUBLISHED_DAYS, daily
from chalicelib.hotspots.lattice import Floats, Lattice
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


def analyse(lattice: Lattice, groups: Numbers, reports: Reports) -> Analysis:
    """Return all statistics of the layer; `groups` (n) is the number of the powiat of each cell, from 0.

    The lattice holds every cell of the region, those without reports too: they are what is compared with. The order of
    the reports changes no bit.
    """
    n = len(lattice.cells)
    year = reports.where(reports.age < max(WINDOWS.values()))
    rows = np.flatnonzero(year.counts(n))
    recent = reports.where(reports.age < surprise.RECENT_DAYS).counts(n)
    past = reports.where(_between(reports, surprise.RECENT_DAYS, surprise.PAST_DAYS)).counts(n)
    p = surprise.chance(lattice, past, recent)
    return Analysis(
        rows=rows,
        windows={name: _window(lattice, groups, year, days, rows) for name, days in WINDOWS.items()},
        expected=PUBLISHED_DAYS * daily(lattice, reports.row, reports.age, rows),
        surprise=surprise.score(p[rows]),
        rising=surprise.rising(p, recent)[rows],
        trend=trend(lattice, groups, year, rows),
    )


def trend(lattice: Lattice, groups: Numbers, reports: Reports, rows: Numbers) -> Numbers:
    """Return the class of the cells in `rows` over the last twelve bins of 28 days, against their own groups."""
    n, bin_of = len(lattice.cells), bins(reports.age)
    found = [reports.where(bin_of == number) for number in range(BINS)]
    counts = [inside.counts(n) for inside in found]
    bins_hot = np.stack([_hot(lattice, groups, *bin_)[rows] for bin_ in zip(found, counts, strict=True)], axis=1)
    ever = np.flatnonzero(bins_hot.any(axis=1))
    kinds = np.full(len(rows), int(Trend.NONE))
    if len(ever):
        at = rows[ever]
        z = [ring_z(lattice, lattice.around(y, at=at), reference(y, groups), groups, at) for y in counts]
        # Cold bins only tell two classes of hot cells apart.
        chilly = [cold(lattice, y, groups)[at] for y in counts]
        kinds[ever] = classes(np.stack(z, axis=1), bins_hot[ever], np.stack(chilly, axis=1))
    return kinds


def _hot(lattice: Lattice, groups: Numbers, reports: Reports, counts: Numbers) -> Flags:
    at = lattice.touched(counts)
    sums = lattice.around(counts, at=at)
    enough = enough_for_hot(sums, ring_sources(lattice, reports.row, reports.source, at))
    found = np.zeros(len(counts), dtype=np.bool_)
    found[at] = hot(lattice, counts, groups, at, enough, PROVEN)
    return found


def _window(lattice: Lattice, groups: Numbers, reports: Reports, days: int, rows: Numbers) -> Window:
    inside = reports.where(reports.age < days)
    counts = inside.counts(len(lattice.cells))
    # Rows without a report in this window are told too: they have one in the longest.
    at = lattice.touched(reports.counts(len(lattice.cells)))
    around = ring_sources(lattice, inside.row, inside.source, at)
    told = np.searchsorted(at, rows)
    return Window(
        near=clusters(lattice, counts, groups, around, at).where(told),
        national=clusters(lattice, counts, None, around, at).where(told),
    )


def _between(reports: Reports, first: int, days: int) -> Flags:
    found: Flags = (reports.age >= first) & (reports.age < first + days)
    return found
