"""What cells know of the cells around them, whatever part of a country they are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from chalicelib.hotspots.counts import Numbers

Floats: TypeAlias = npt.NDArray[np.float64]
Rows: TypeAlias = npt.NDArray[np.int32]
Number = TypeVar("Number", np.int32, np.int64, np.float64)

REACHES = (1, 2)
"""Steps that a disk can reach: 7 and 19 cells."""


class Neighbours(ABC):
    """k cells of a region; those of the region that are not among them have no reports."""

    @property
    @abstractmethod
    def size(self) -> int:
        """The number of cells, k."""

    @property
    @abstractmethod
    def total(self) -> int:
        """The number of cells of the region."""

    @abstractmethod
    def disks(self, reach: int = 1) -> Rows:
        """Return the rows of the disk of each cell, (7 or 19, k); k stands for a cell that is not among them."""

    @abstractmethod
    def members(self, reach: int = 1) -> Numbers:
        """Return how many cells of the region the disk of each cell has, (k)."""

    def around(self, values: npt.NDArray[Number], reach: int = 1, at: Numbers | None = None) -> npt.NDArray[Number]:
        """Return the sum of `values` (k) over the disk of each cell, (k): itself and all cells within `reach` steps.

        With rows `at`, (m), those sums alone. Of several columns, (k, c), each by itself. Whole numbers stay whole, and
        fractions with few bits exact: the order in which the neighbours are added changes nothing.
        """
        # One value more stands for the neighbours that are not there.
        known = np.append(values, np.zeros((1, *values.shape[1:]), dtype=values.dtype), axis=0)
        found = np.zeros((self.size if at is None else len(at), *values.shape[1:]), dtype=values.dtype)
        for beside in self.disks(reach):
            found += known[beside if at is None else beside[at]]
        return found

    def touched(self, counts: Numbers) -> Numbers:
        """Return the rows, ascending, of all cells in whose rings are any of the `counts` (k)."""
        some, flags = np.flatnonzero(counts), np.zeros(self.size + 1, dtype=np.bool_)
        for beside in self.disks():
            flags[beside[some]] = True
        return np.flatnonzero(flags[:-1])

    def edges(self, rows: Numbers, reach: int = 1) -> tuple[Numbers, Numbers]:
        """Return each of the m `rows` beside each cell of its disk: the number within `rows`, and the cell's row."""
        beside = self.disks(reach)[:, rows]
        step, number = np.nonzero(beside < self.size)
        return number, beside[step, number].astype(np.int64)


class Patch(Neighbours):
    """Some cells of a region, by their rows there: all that have reports, and all around these."""

    def __init__(self, ground: Neighbours, rows: Numbers) -> None:
        place = np.full(ground.size + 1, len(rows), dtype=np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        self._rows, self._place = rows, place
        self._ground = ground
        self._disks: dict[int, Rows] = {}

    @property
    def size(self) -> int:
        """The number of cells, k."""
        return len(self._rows)

    @property
    def total(self) -> int:
        """The number of cells of the region."""
        return self._ground.total

    @property
    def rows(self) -> Numbers:
        """The rows of the cells in the region, (k)."""
        return self._rows

    def places(self, rows: Numbers) -> Numbers:
        """Return where cells of the patch stand in it, by their rows in the region, (m) to (m)."""
        return self._place[rows].astype(np.int64)

    def disks(self, reach: int = 1) -> Rows:
        """Return the rows of the disk of each cell, (7 or 19, k); k stands for a cell that is not among them."""
        if reach not in self._disks:
            self._disks[reach] = np.stack([self._place[beside[self._rows]] for beside in self._ground.disks(reach)])
        return self._disks[reach]

    def members(self, reach: int = 1) -> Numbers:
        """Return how many cells of the region the disk of each cell has, (k)."""
        return self._ground.members(reach)[self._rows]
