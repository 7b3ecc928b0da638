"""The published counts as one long table: a row for each cell, category and window with reports."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.grid import Cells, parents
from chalicelib.hotspots.scores import ALL, Scored
from chalicelib.hotspots.sources import distinct
from chalicelib.hotspots.tiles import Layer

Table: TypeAlias = dict[str, npt.NDArray[Any]]


def table(found: Layer, scores: Scored, cells: Cells, categories: Numbers, recent: Flags, sources: Numbers) -> Table:
    """Return the rows of one resolution: `cell, category, window, reports, sources`, and the columns of `Scores.of`.

    The parallel arrays are the reports that count of ordinary categories, one element each; `category` is `ALL` or an
    index, `window` days. Rows are ordered by cell, category (all first) and window (the longer first). Which reports of
    a vulnerable category share a source is not told: each that is counted is a source of its own.
    """
    cell_of, row_of = _groups(found, parents(cells, found.res), categories)
    size, rows = len(found.cell), len(found.rows.cell)
    year = row_of >= 0
    # The appended flag is that of -1, no row.
    told = recent & np.append(found.recent_shown, False)[row_of]
    everything = np.full(size, ALL)
    shorter = np.where(found.recent_shown, found.rows.recent, 0)
    blocks = []
    for window, inside, by_cell, by_row in (
        (365, year, found.year, found.rows.year),
        (28, told, found.recent, shorter),
    ):
        of_cell, of_row = (np.where(inside, place, -1) for place in (cell_of, row_of))
        known = [np.bincount(place[inside], minlength=n) for place, n in ((cell_of, size), (row_of, rows))]
        blocks += [
            {
                **_block(
                    found.cell, everything, window, by_cell, distinct(of_cell, sources, size) + by_cell - known[0]
                ),
                **scores.cells.of(f"{window}d"),
            },
            {
                **_block(
                    found.rows.cell,
                    found.rows.category,
                    window,
                    by_row,
                    distinct(of_row, sources, rows) + by_row - known[1],
                ),
                **scores.rows.of(f"{window}d"),
            },
        ]
    columns: Table = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    kept = np.flatnonzero(columns["reports"])
    order = np.lexsort((-columns["window"][kept], columns["category"][kept], columns["cell"][kept]))
    return {name: column[kept][order] for name, column in columns.items()}


def _groups(found: Layer, cells: Cells, categories: Numbers) -> tuple[Numbers, Numbers]:
    """Return for each report the position of its cell, and of its row of the counts (-1: not published)."""
    width = int(categories.max(initial=0)) + 1
    if not len(found.cell):
        return np.full(len(cells), -1), np.full(len(cells), -1)
    cell_of = np.minimum(np.searchsorted(found.cell, cells), len(found.cell) - 1)
    keys = np.searchsorted(found.cell, found.rows.cell) * width + found.rows.category
    wanted = cell_of * width + categories
    row_of = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    published = (found.cell[cell_of] == cells) & (keys[row_of] == wanted)
    return cell_of, np.where(published, row_of, -1)


def _block(cell: Cells, category: Numbers, window: int, reports: Numbers, sources: Numbers) -> Table:
    return {
        "cell": cell,
        "category": category.astype(np.int64),
        "window": np.full(len(cell), window),
        "reports": reports,
        "sources": sources,
    }
