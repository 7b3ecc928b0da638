"""All cells of a country, those without reports too, and which of them are compared with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chalicelib.hotspots.clusters import Groups
from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.grid import Cells, parents
from chalicelib.hotspots.lattice import Lattice


@dataclass(frozen=True)
class Region:
    """n cells of one resolution, ascending, and for each (n) the number of its group in `names`."""

    cells: Cells
    groups: Numbers
    names: Sequence[str]

    @cached_property
    def lattice(self) -> Lattice:
        """The cells as neighbours."""
        return Lattice.of(self.cells)

    @cached_property
    def compared(self) -> Groups:
        """The groups as the statistics want them."""
        return Groups.of(self.lattice, self.groups)

    def rows(self, cells: Cells) -> Numbers:
        """Return the rows of cells, (m) to (m); -1 of those that are not of the region."""
        found = np.minimum(np.searchsorted(self.cells, cells), len(self.cells) - 1)
        return np.where(self.cells[found] == cells, found, -1)

    def holding(self, beyond: Mapping[int, str]) -> Region:
        """Return the region with cells that lie beyond it as well, each with the name of its group, new or known.

        Reports count where they are: on the border, or where the outline is coarse.
        """
        names = [*self.names, *sorted(set(beyond.values()) - set(self.names))]
        number = {name: index for index, name in enumerate(names)}
        cells = np.concatenate([self.cells, np.array(list(beyond), dtype=np.uint64)])
        groups = np.concatenate([self.groups, np.array([number[name] for name in beyond.values()])])
        order = np.argsort(cells)
        return Region(cells[order], groups[order], names)

    def coarser(self, res: int) -> tuple[Region, Numbers]:
        """Return the region's cells of a coarser resolution, and for each of the n cells the row of its ancestor.

        A cell is of the group to which most of what is in it belongs; of equals, the first.
        """
        cells, up = np.unique(parents(self.cells, res), return_inverse=True)
        width = len(self.names)
        pairs, numbers = np.unique(up * width + self.groups, return_counts=True)
        # The last one of a cell is written last: of most children, and of the lowest number among equals.
        order = np.lexsort((-(pairs % width), numbers))
        groups = np.zeros(len(cells), dtype=np.int64)
        groups[pairs[order] // width] = pairs[order] % width
        return Region(cells, groups, self.names), up
