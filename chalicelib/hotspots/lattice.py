"""A set of H3 cells laid out on a raster, so that sums over neighbours are sums of shifted arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import h3.api.basic_int as h3
import numpy as np
import numpy.typing as npt

from chalicelib.hotspots.coordinates import base_cells, inside, places
from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.grid import Cells
from chalicelib.hotspots.neighbours import REACHES, Floats, Neighbours, Number, Rows

__all__ = ["REACHES", "Floats", "Lattice"]

_MARGIN = max(REACHES)
_PENTAGONS = frozenset(h3.get_base_cell_number(cell) for cell in h3.get_pentagons(0))


def _steps(reach: int) -> list[tuple[int, int]]:
    """Return the places of a disk around 0, ordered: of a + bω the distance is max(|a|, |b|, |a - b|)."""
    span = range(-reach, reach + 1)
    return [(a, b) for a in span for b in span if abs(a - b) <= reach]


@dataclass(frozen=True, slots=False)
class Lattice(Neighbours):
    """n cells of one resolution, ascending and different, in a raster of `spread` spots, `width` to a row.

    `spots` (n) is where each cell lies. Base cells lie one below the other; what they share as neighbours is in pairs,
    of which there are few. The raster spans the cells' bounding rhombus: twice the cells for a country, more for places
    far apart.
    """

    cells: Cells
    res: int
    spots: Numbers
    width: int
    spread: int
    _members: dict[int, Numbers] = field(default_factory=dict, repr=False, compare=False)
    _disks: dict[int, Rows] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, cells: Cells) -> Lattice:
        """Lay out cells, (n,), at least one.

        Raises:
            ValueError: they are not ascending and different, or not of one resolution.
        """
        kinds = cells >> np.uint64(45)
        res = int(kinds[0] >> np.uint64(7)) & 0xF
        if ((kinds >> np.uint64(7)) != kinds[0] >> np.uint64(7)).any() or (cells[1:] <= cells[:-1]).any():
            raise ValueError("cells must be different, ascending, and of one resolution")
        a, b = places(cells, res)
        # Ascending cells are in the order of their base cells.
        begins = [0, *(np.flatnonzero(kinds[1:] != kinds[:-1]) + 1).tolist(), len(cells)]
        blocks = [slice(begin, end) for begin, end in pairwise(begins)]
        for block in blocks:
            if int(kinds[block.start]) & 0x7F in _PENTAGONS:
                # A pentagon's lattice lacks a sixth of the plane: its cells lie apart, and all they have is pairs.
                a[block], b[block] = 0, np.arange(block.stop - block.start) * (2 * _MARGIN + 1)
        above = _MARGIN + 1
        for block in blocks:
            a[block] += above - int(a[block].min())
            b[block] -= b[block].min()
            above = int(a[block].max()) + 1 + _MARGIN
        width = int(b.max()) + 1 + _MARGIN
        return cls(cells, res, a * width + b, width, (above + 1) * width)

    @property
    def size(self) -> int:
        """The number of cells, n."""
        return len(self.cells)

    @property
    def total(self) -> int:
        """The number of cells, n: the lattice is the region."""
        return len(self.cells)

    def around(self, values: npt.NDArray[Number], reach: int = 1, at: Numbers | None = None) -> npt.NDArray[Number]:
        """Return what `Neighbours.around` returns: for all cells, sums of shifted rasters."""
        if at is not None:
            return super().around(values, reach, at)
        columns: tuple[int, ...] = values.shape[1:]
        raster = np.zeros((self.spread, *columns), dtype=values.dtype)
        raster[self.spots] = values
        edge = _MARGIN * (self.width + 1)
        sums = np.zeros((self.spread - 2 * edge, *columns), dtype=values.dtype)
        for a, b in _steps(reach):
            first = edge + a * self.width + b
            sums += raster[first : first + len(sums)]
        found = sums[self.spots - edge]
        ours, theirs = self._across[reach]
        if len(ours):
            np.add.at(found, ours, values[theirs])
        return found

    def disks(self, reach: int = 1) -> Rows:
        """Return the rows of the disk of each cell, (7 or 19, n); n stands where a cell is not of the lattice."""
        if reach not in self._disks:
            n, steps = len(self.cells), [a * self.width + b for a, b in _steps(reach)]
            beside = np.empty((len(steps), n), dtype=np.int32)
            for number, step in enumerate(steps):
                beside[number] = self._rows[self.spots + step]
            beside[beside < 0] = n
            ours, theirs = self._across[reach]
            for row, hidden in zip(ours.tolist(), theirs.tolist(), strict=True):
                # The raster shows too few of this cell's neighbours, never too many: there is a free place.
                beside[int(np.argmax(beside[:, row] == n)), row] = hidden
            self._disks[reach] = beside
        return self._disks[reach]

    def members(self, reach: int = 1) -> Numbers:
        """Return how many cells of the lattice the disk of each has, (n)."""
        if reach not in self._members:
            self._members[reach] = self.around(np.ones(len(self.cells), dtype=np.int64), reach)
        return self._members[reach]

    @cached_property
    def _rows(self) -> Numbers:
        raster = np.full(self.spread, -1, dtype=np.int64)
        raster[self.spots] = np.arange(len(self.cells))
        return raster

    @cached_property
    def _across(self) -> dict[int, tuple[Numbers, Numbers]]:
        """For each reach: the neighbours that the raster does not show, as two columns of rows."""
        base = base_cells(self.cells)
        pentagonal = np.isin(base, list(_PENTAGONS))
        none = np.zeros(0, dtype=np.int64)
        if not pentagonal.any() and (base == base[0]).all():
            return dict.fromkeys(REACHES, (none, none))
        return {reach: self._pairs(base, pentagonal, reach) for reach in REACHES}

    def _pairs(self, base: Numbers, pentagonal: Flags, reach: int) -> tuple[Numbers, Numbers]:
        a, b = places(self.cells, self.res)
        border = pentagonal.copy()
        for da, db in _steps(reach):
            border |= ~inside(a + da, b + db, self.res)
        ours, theirs = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        for row in np.flatnonzero(border).tolist():
            disk = np.array(sorted(h3.grid_disk(int(self.cells[row]), reach)), dtype=np.uint64)
            found = np.minimum(np.searchsorted(self.cells, disk), len(self.cells) - 1)
            found = found[(self.cells[found] == disk) & (found != row)]
            hidden = found[pentagonal[row] | (base[found] != base[row])]
            ours.append(np.full(len(hidden), row))
            theirs.append(hidden)
        return np.concatenate(ours), np.concatenate(theirs)
