"""All statistics of one layer, which is a category or all of them, as the columns that are published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chalicelib.hotspots import surprise
from chalicelib.hotspots.clusters import Clusters, clusters, cold, ring_sources
from chalicelib.hotspots.counts import WINDOWS, Flags, Numbers
from chalicelib.hotspots.expected import PUBLISHED_DAYS, daily
from chalicelib.hotspots.lattice import Floats, Lattice
from chalicelib.hotspots.sources import distinct
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


@dataclass(frozen=True, slots=True)
class Window:
    """The statistics of n cells over one window; `near` compares with the cell's own group, `national` with all."""

    days: int
    reports: Numbers
    sources: Numbers
    near: Clusters
    national: Clusters


@dataclass(frozen=True, slots=True)
class Analysis:
    """The statistics of n cells.

    `expected` are reports of 30 days; `p_rising` and `surprise` compare the last 28 days with the year before, `rising`
    are the alarms; `trend` holds `Trend`.
    """

    windows: dict[str, Window]
    expected: Floats
    p_rising: Floats
    surprise: Floats
    rising: Flags
    trend: Numbers


def analyse(lattice: Lattice, groups: Numbers, reports: Reports) -> Analysis:
    """Return all statistics of the layer; `groups` (n) is the number of the powiat of each cell, from 0.

    The lattice holds every cell of the region, those without reports too: they are what is compared with. The order of
    the reports changes no bit.
    """
    recent = _counts(lattice, reports.row[reports.age < surprise.RECENT_DAYS])
    past = _counts(lattice, reports.row[_between(reports, surprise.RECENT_DAYS, surprise.PAST_DAYS)])
    p = surprise.chance(lattice, past, recent)
    return Analysis(
        windows={name: _window(lattice, groups, reports, days) for name, days in WINDOWS.items()},
        expected=PUBLISHED_DAYS * daily(lattice, reports.row, reports.age),
        p_rising=p,
        surprise=surprise.score(p),
        rising=surprise.rising(p, recent),
        trend=trend(lattice, groups, reports),
    )


def trend(lattice: Lattice, groups: Numbers, reports: Reports) -> Numbers:
    """Return the class of each cell over the last twelve bins of 28 days, against its own group, (n)."""
    bin_of = bins(reports.age)
    found = [_bin(lattice, groups, reports.where(bin_of == number)) for number in range(BINS)]
    z, hot = np.stack([row[0] for row in found], axis=1), np.stack([row[1] for row in found], axis=1)
    ever = np.flatnonzero(hot.any(axis=1))
    kinds = np.full(len(lattice.cells), int(Trend.NONE))
    if len(ever):
        # Cold bins only tell two classes of hot cells apart.
        chilly = np.stack([cold(lattice, row[2], groups)[ever] for row in found], axis=1)
        kinds[ever] = classes(z[ever], hot[ever], chilly)
    return kinds


def _bin(lattice: Lattice, groups: Numbers, reports: Reports) -> tuple[Floats, Flags, Numbers]:
    counts = _counts(lattice, reports.row)
    found = clusters(lattice, counts, groups, ring_sources(lattice, reports.row, reports.source))
    return found.z, found.hot >= PROVEN, counts


def _window(lattice: Lattice, groups: Numbers, reports: Reports, days: int) -> Window:
    inside = reports.where(reports.age < days)
    counts = _counts(lattice, inside.row)
    around = ring_sources(lattice, inside.row, inside.source)
    return Window(
        days=days,
        reports=counts,
        sources=distinct(inside.row, inside.source, len(lattice.cells)),
        near=clusters(lattice, counts, groups, around),
        national=clusters(lattice, counts, None, around),
    )


def _counts(lattice: Lattice, rows: Numbers) -> Numbers:
    return np.bincount(rows, minlength=len(lattice.cells))


def _between(reports: Reports, first: int, days: int) -> Flags:
    found: Flags = (reports.age >= first) & (reports.age < first + days)
    return found
