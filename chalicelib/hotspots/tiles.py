"""The published counts of one resolution, and their cutting into tiles by parent cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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


def tiles(
    found: Layer, codes: Sequence[str], extra: Callable[[slice, slice, Numbers], dict[str, Any]] | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each parent's name and its tile, in the order of the parents; nothing where no cell has a report.

    `extra` gives more members of a tile: it is told which cells, rows of the counts and categories are in it.
    """
    if not len(found.cell):
        return
    above = parents(found.cell, found.res - PARENT_STEPS)
    parent, begins = np.unique(above, return_index=True)
    ends = [*begins[1:].tolist(), len(above)]
    level = levels(found.year, thresholds(found.year)).tolist()
    rank, year, recent, top = (
        ranks(found.cell, found.res).tolist(),
        found.year.tolist(),
        found.recent.tolist(),
        found.top,
    )
    slices = _category_slices(found, parent)
    for number, (cell, begin, end) in enumerate(zip(parent.tolist(), begins.tolist(), ends, strict=True)):
        used, by_category = _by_category(found, slices[number], begin)
        yield (
            name(cell),
            {
                "res": found.res,
                "parent": name(cell),
                "categories": [codes[code] for code in used.tolist()],
                "ranks": _deltas(rank[begin:end]),
                "n365": year[begin:end],
                "n28": recent[begin:end],
                "level": level[begin:end],
                "top": np.searchsorted(used, top[begin:end]).tolist(),
                "by_category": by_category,
                **({} if extra is None else extra(slice(begin, end), slices[number], used)),
            },
        )


def _category_slices(found: Layer, parent: Cells) -> list[slice]:
    begins = np.searchsorted(parents(found.rows.cell, found.res - PARENT_STEPS), parent).tolist()
    return [slice(begin, end) for begin, end in zip(begins, [*begins[1:], len(found.rows.cell)], strict=True)]


def _by_category(found: Layer, part: slice, begin: int) -> tuple[Numbers, list[list[int | None]]]:
    rows = found.rows
    used, index = np.unique(rows.category[part], return_inverse=True)
    position = np.searchsorted(found.cell, rows.cell[part]) - begin
    recent = np.where(found.recent_shown[part], rows.recent[part], UNKNOWN)
    order = np.lexsort((position, index))
    columns = np.stack([index, position, rows.year[part], recent], axis=1)[order].tolist()
    return used, [[*row[:3], None if row[3] == UNKNOWN else row[3]] for row in columns]


def _deltas(numbers: list[int]) -> list[int]:
    return [now - before for now, before in zip(numbers, [0, *numbers], strict=False)]
