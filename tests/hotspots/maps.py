"""Regions of hexagons for the tests of statistics."""

import json
from pathlib import Path
from typing import Any

import h3.api.basic_int as h3
import numpy as np

from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.grid import Cells
from chalicelib.hotspots.lattice import Lattice

WARSAW = (52.23, 21.01)
RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "recorded.json").read_bytes())


def disk(place: tuple[float, float], res: int, reach: int) -> Cells:
    """Cells within `reach` steps of the cell at a place, ascending."""
    return np.array(sorted(h3.grid_disk(h3.latlng_to_cell(*place, res), reach)), dtype=np.uint64)


def region(reach: int, res: int = 8) -> Lattice:
    """A round region around Warsaw."""
    return Lattice.of(disk(WARSAW, res, reach))


def integers(names: list[str]) -> Cells:
    """Cells by their hexadecimal names."""
    return np.array([h3.str_to_int(name) for name in names], dtype=np.uint64)


def around(lattice: Lattice, reach: int, values: Numbers) -> list[int]:
    """The sums of disks, cell by cell, as H3 itself names the neighbours."""
    of = dict(zip(lattice.cells.tolist(), values.tolist(), strict=True))
    return [sum(of.get(near, 0) for near in h3.grid_disk(cell, reach)) for cell in lattice.cells.tolist()]
