"""The statistics beside the published counts: parallel to the cells, and to the rows by category."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from chalicelib.hotspots.analysis import Analysis
from chalicelib.hotspots.counts import WINDOWS, Numbers
from chalicelib.hotspots.grid import Cells
from chalicelib.hotspots.lattice import Floats
from chalicelib.hotspots.tiles import Layer

ALL = -1
"""Stands for all categories together."""

UNKNOWN = -1
"""Stands in a column of whole numbers where there is no statistic; in the others it is NaN."""

Columns: TypeAlias = dict[str, npt.NDArray[Any]]

_SHARED = ("expected", "surprise")
_BY_WINDOW = ("z", "p_gi", "p_poisson", "z_national")


@dataclass(frozen=True, slots=True)
class Scores:
    """The statistics of n cells or rows.

    `shared` holds `expected`, `surprise` and `trend` (`Trend`); `windows` by name `z, p_gi, p_poisson, hot, z_national,
    hot_national`, `hot` being 0, 90, 95 or 99.
    """

    shared: Columns
    windows: Mapping[str, Columns]

    @classmethod
    def unknown(cls, n: int) -> Scores:
        """Return scores of n cells or rows of which nothing is known."""
        shared: Columns = {name: np.full(n, np.nan) for name in _SHARED}
        shared["trend"] = np.full(n, UNKNOWN, dtype=np.int8)
        return cls(shared, {name: _window(n) for name in WINDOWS})

    def put(self, at: Numbers, found: Analysis) -> None:
        """Write what was found of some cells to their places."""
        for name in (*_SHARED, "trend"):
            self.shared[name][at] = getattr(found, name)
        for name, window in found.windows.items():
            columns = self.windows[name]
            for column in ("z", "p_gi", "p_poisson", "hot"):
                columns[column][at] = getattr(window.near, column)
            columns["z_national"][at], columns["hot_national"][at] = window.national.z, window.national.hot

    def of(self, window: str) -> Columns:
        """Return all columns of a window, those that know no window among them."""
        return {**self.shared, **self.windows[window]}


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of a layer: of its cells, all ordinary categories together, and of its rows."""

    cells: Scores
    rows: Scores


def scored(layer: Layer, found: Iterable[tuple[int, Cells, Analysis]]) -> Scored:
    """Put statistics beside the counts of a layer.

    Each is of `ALL` or of the category of that index: its cells, ascending, all of which have a row, and what was found
    of them.
    """
    scores = Scored(Scores.unknown(len(layer.cell)), Scores.unknown(len(layer.rows.cell)))
    for category, cells, analysis in found:
        if category == ALL:
            scores.cells.put(np.searchsorted(layer.cell, cells), analysis)
        else:
            rows = np.flatnonzero(layer.rows.category == category)
            scores.rows.put(rows[np.searchsorted(layer.rows.cell[rows], cells)], analysis)
    return scores


def rounded(numbers: Floats, digits: int, decimals: int) -> Floats:
    """Round to so many digits that count, and to so many decimals at most: what decays slowly changes seldom."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.floor(np.log10(np.abs(numbers)))
    places = np.where(np.isfinite(size), np.minimum(digits - 1 - size, decimals), decimals)
    scale = np.power(10.0, places)
    found: Floats = np.rint(numbers * scale) / scale
    return found


def _window(n: int) -> Columns:
    columns: Columns = {name: np.full(n, np.nan) for name in _BY_WINDOW}
    return columns | {name: np.full(n, UNKNOWN, dtype=np.int8) for name in ("hot", "hot_national")}
