"""The published counts of one resolution, and their cutting into tiles by parent cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chalicelib.hotspots.counts import Counts, Flags, Numbers
from chalicelib.hotspots.grid import Cells, name, parents, ranks
from chalicelib.hotspots.indexes import PARENT_STEPS
from chalicelib.hotspots.levels import levels, thresholds

UNKNOWN = -1
"""Stands in a column of counts where a count exists and may not be told."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What is published of one resolution.

    `rows` are the counts by category, `recent_shown` those of them whose shorter window may be told. `cell`, `year`,
    `recent` and `top` are parallel, one for each cell, ascending: the sums of what is told by category, and the
    category with most reports in the longer window (the first of equals).
    """

    rows: Counts
    recent_shown: Flags
    cell: Cells
    year: Numbers
    recent: Numbers
    top: Numbers

    @property
    def res(self) -> int:
        """Resolution of the cells."""
        return self.rows.res


def layer(rows: Counts, recent_shown: Flags) -> Layer:
    """Add the categories of each cell up; `rows` are those whose longer window may be told."""
    cell, first, row = np.unique(rows.cell, return_index=True, return_inverse=True)
    told = np.where(recent_shown, rows.recent, 0)
    order = np.lexsort((rows.category, -rows.year, row))
    return Layer(
        rows=rows,
        recent_shown=recent_shown,
        cell=cell,
        year=np.bincount(row, weights=rows.year, minlength=len(cell)).astype(np.int64),
        recent=np.bincount(row, weights=told, minlength=len(cell)).astype(np.int64),
        # Rows are ordered by cell, and so is `order`: each cell's block begins where it began.
        top=rows.category[order][first],
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """What tiles tell beyond counts: columns of the n cells, and c numbers of some of the m rows of the counts.

    `rows` is (m, c); `standing_out` (m) tells which of them are told.
    """

    cells: Mapping[str, list[Any]]
    rows: Numbers
    standing_out: Flags


def tiles(found: Layer, codes: Sequence[str], marks: Marks | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each parent's name and its tile, in the order of the parents; nothing where no cell has a report."""
    if not len(found.cell):
        return
    # All tiles are made at once and then cut apart: a country has ten thousand of a few cells.
    laid = _Laid.of(found)
    columns = {
        "ranks": _steps(ranks(found.cell, found.res), laid.begins).tolist(),
        "n365": found.year.tolist(),
        "n28": found.recent.tolist(),
        "level": levels(found.year, thresholds(found.year)).tolist(),
        "top": laid.indexes(laid.tile_of_cell, found.top).tolist(),
    }
    more = {} if marks is None else marks.cells
    used = [codes[code] for code in laid.used.tolist()]
    by_category = laid.table(found.rows.year, np.where(found.recent_shown, found.rows.recent, UNKNOWN)).tolist()
    for row in np.flatnonzero(~found.recent_shown[laid.order]).tolist():
        by_category[row][-1] = None
    standing_out = [] if marks is None else laid.table(*marks.rows.T)[marks.standing_out[laid.order]].tolist()
    stands = np.zeros(len(laid.order), dtype=np.bool_) if marks is None else marks.standing_out[laid.order]
    bounds = {
        "cells": laid.bounds(laid.tile_of_cell),
        "used": laid.bounds(laid.tile_of_used),
        "rows": laid.bounds(laid.tile),
        "standing_out": laid.bounds(laid.tile[stands]),
    }
    for number, parent in enumerate(laid.parents.tolist()):
        cells, categories, rows, standing = (slice(*ends[number : number + 2]) for ends in bounds.values())
        document = {
            "res": found.res,
            "parent": name(parent),
            "categories": used[categories],
            **{key: column[cells] for key, column in columns.items()},
            "by_category": by_category[rows],
            **{key: column[cells] for key, column in more.items()},
        }
        yield name(parent), document if marks is None else {**document, "standing_out": standing_out[standing]}


@dataclass(frozen=True, slots=True)
class _Laid:
    """A layer cut into t tiles: where its n cells and m rows go.

    `parents` and `begins` (t): each tile's parent and first cell. `order` (m) are the rows by tile, category and cell;
    in this order `tile`, `index` (of the category within the tile) and `place` (of the cell). `tile_of_used` and `used`
    (u) are the categories of each tile, ascending.
    """

    parents: Cells
    begins: Numbers
    tile_of_cell: Numbers
    order: Numbers
    tile: Numbers
    index: Numbers
    place: Numbers
    tile_of_used: Numbers
    used: Numbers

    @classmethod
    def of(cls, found: Layer) -> _Laid:
        above, begins, tile_of_cell = np.unique(
            parents(found.cell, found.res - PARENT_STEPS), return_index=True, return_inverse=True
        )
        cell = np.searchsorted(found.cell, found.rows.cell)
        order = np.lexsort((cell, found.rows.category, tile_of_cell[cell]))
        cell, category = cell[order], found.rows.category[order]
        tile = tile_of_cell[cell]
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = (tile[1:] != tile[:-1]) | (category[1:] != category[:-1])
        tile_of_used = tile[first]
        index = np.cumsum(first) - 1 - np.searchsorted(tile_of_used, tile)
        return cls(above, begins, tile_of_cell, order, tile, index, cell - begins[tile], tile_of_used, category[first])

    def indexes(self, tile: Numbers, category: Numbers) -> Numbers:
        """Return where categories, that are used there, stand in the lists of tiles, (k) and (k) to (k)."""
        width = int(self.used.max()) + 1
        found = np.searchsorted(self.tile_of_used * width + self.used, tile * width + category)
        return found - np.searchsorted(self.tile_of_used, tile)

    def table(self, *columns: Numbers) -> Numbers:
        """Return columns of the rows, (m) each, in the order of the tiles, behind index and place."""
        return np.column_stack([self.index, self.place, *(column[self.order] for column in columns)])

    def bounds(self, tile: Numbers) -> list[int]:
        """Return where each tile begins among ascending numbers of tiles, and where the last one ends, (t + 1)."""
        found: list[int] = np.searchsorted(tile, np.arange(len(self.parents) + 1)).tolist()
        return found


def _steps(numbers: Numbers, begins: Numbers) -> Numbers:
    """Return by how much each number is above the one before; the first of each tile stays as it is."""
    found = np.diff(numbers, prepend=0)
    found[begins] = numbers[begins]
    return found
