"""All statistics of one layer, which is a category or all of them, as the columns that are published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from chalicelib.hotspots import surprise
from chalicelib.hotspots.clusters import (
    LEAST_REPORTS,
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
from chalicelib.hotspots.expected import (
    PUBLISHED_DAYS,
    REPEAT_HALF_LIFE_DAYS,
    REPEAT_REACH_DAYS,
    daily,
    decayed,
)
from chalicelib.hotspots.lattice import Lattice
from chalicelib.hotspots.neighbours import Floats, Patch
from chalicelib.hotspots.surprise import PAST_DAYS, RECENT_DAYS
from chalicelib.hotspots.trends import BINS, Trend, bins, classes

PROVEN = 95
"""A bin of a trend is hot at this confidence."""


Bin: TypeAlias = tuple[Numbers, Numbers]
"""The reports of each cell of a patch in a bin, and those of its ring."""

LOOK_BACK_DAYS = max(PAST_DAYS + RECENT_DAYS, REPEAT_REACH_DAYS)
"""Reports that are older count only among those that decay slowly."""


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports of a layer, m parallel elements, those of the last `LOOK_BACK_DAYS`.

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


def analyse(lattice: Lattice, groups: Groups, reports: Reports, lasting: Floats) -> Analysis:
    """Return all statistics of the layer; `groups` are those of all n cells, the powiats.

    `lasting` (n) are the reports of the last five years, `decayed` by `HALF_LIFE_DAYS`. The lattice holds every cell of
    the region, those without reports too: they are what is compared with. The order of the reports changes no bit.
    """
    n = lattice.size
    year = reports.where(reports.age < max(WINDOWS.values()))
    counts = year.counts(n)
    rows = np.flatnonzero(counts)
    recent = reports.where(reports.age < RECENT_DAYS).counts(n)
    past = reports.where((reports.age >= RECENT_DAYS) & (reports.age < RECENT_DAYS + PAST_DAYS)).counts(n)
    p = surprise.chance(lattice, past, recent)
    repeated = decayed(reports.row, reports.age, n, REPEAT_HALF_LIFE_DAYS)
    # Clusters are about cells with reports and those around; the others are only many.
    patch = Patch(lattice, lattice.touched(counts))
    inside, near, told = replace(year, row=patch.places(year.row)), groups.at(patch.rows), patch.places(rows)
    return Analysis(
        rows=rows,
        windows={name: _window(patch, near, inside, days, told) for name, days in WINDOWS.items()},
        expected=PUBLISHED_DAYS * daily(lattice, lasting, repeated, rows),
        surprise=surprise.score(p[rows]),
        rising=surprise.rising(p, recent)[rows],
        trend=trend(lattice, groups, patch, inside)[told],
    )


def trend(lattice: Lattice, groups: Groups, patch: Patch, reports: Reports) -> Numbers:
    """Return the class of each cell of the patch over the last twelve bins of 28 days, against its own group."""
    k, near, number = patch.size, groups.at(patch.rows), bins(reports.age)
    counts = np.bincount((reports.row * BINS + number)[number >= 0], minlength=k * BINS).reshape(k, BINS)
    # All bins at once: to look up the neighbours costs more than to add.
    sums = patch.around(counts.astype(np.int32))
    # Bin by bin from here on: rows of memory.
    each = list(zip(*(np.ascontiguousarray(table.T, dtype=np.int64) for table in (counts, sums)), strict=True))
    hot_in = [_hot(patch, near, reports, number == bin_, y, around) for bin_, (y, around) in enumerate(each)]
    ever = np.flatnonzero(np.logical_or.reduce(hot_in))
    kinds = np.full(k, int(Trend.NONE))
    if len(ever):
        z = [ring_z(patch, around[ever], reference(y, near), near, ever) for y, around in each]
        marks = [
            np.stack([one[ever] for one in of], axis=1)
            for of in (hot_in, _chilly(lattice, groups, patch, hot_in[-1], each))
        ]
        kinds[ever] = classes(np.stack(z, axis=1), *marks)
    return kinds


def _hot(patch: Patch, groups: Groups, reports: Reports, inside: Flags, counts: Numbers, sums: Numbers) -> Flags:
    if int(sums.max(initial=0)) < LEAST_REPORTS:
        return np.zeros(patch.size, dtype=np.bool_)
    bin_ = reports.where(inside)
    return hot(patch, counts, groups, ring_sources(patch, bin_.row, bin_.source, sums), sums, PROVEN)


def _chilly(lattice: Lattice, groups: Groups, patch: Patch, hot_now: Flags, each: Sequence[Bin]) -> list[Flags]:
    """Return for each bin which cells of the patch are cold, (k); only of those that are hot in the last one."""
    found = [np.zeros(patch.size, dtype=np.bool_) for _ in each]
    # Cold bins only tell apart two classes of cells that are hot now.
    now = np.flatnonzero(hot_now)
    if len(now):
        for (counts, _), cold_in in zip(each[:-1], found, strict=False):
            # Where there are no reports at all is cold too, and there are cells beyond the patch.
            everywhere = np.zeros(lattice.size, dtype=np.int64)
            everywhere[patch.rows] = counts
            cold_in[now] = cold(lattice, everywhere, groups, patch.rows[now])
    return found


def _window(patch: Patch, groups: Groups, reports: Reports, days: int, told: Numbers) -> Window:
    inside = reports.where(reports.age < days)
    counts = inside.counts(patch.size)
    sums = patch.around(counts)
    around = ring_sources(patch, inside.row, inside.source, sums)
    return Window(*(clusters(patch, counts, one, around, sums, told) for one in (groups, None)))
