"""Neighbours by arithmetic are those of H3, everywhere on the globe."""

import random

import h3.api.basic_int as h3
import numpy as np
import pytest

from chalicelib.hotspots.coordinates import base_cells, inside, places
from chalicelib.hotspots.grid import Cells
from chalicelib.hotspots.lattice import REACHES, Lattice
from tests.hotspots.maps import WARSAW, around, disk


def patch(center: int, chance: random.Random) -> Cells:
    """A disk with holes."""
    cells = [cell for cell in sorted(h3.grid_disk(center, 5)) if chance.random() < 0.9]
    return np.array(cells, dtype=np.uint64)


def centers(res: int, chance: random.Random) -> list[int]:
    """Anywhere, on the corners where three base cells meet, and on pentagons."""
    anywhere = [h3.latlng_to_cell(chance.uniform(-85, 85), chance.uniform(-180, 180), res) for _ in range(3)]
    vertices = [chance.choice(h3.cell_to_vertexes(base)) for base in chance.sample(sorted(h3.get_res0_cells()), 3)]
    corners = [h3.latlng_to_cell(lat, lon, res) for lat, lon in map(h3.vertex_to_latlng, vertices)]
    return [*anywhere, *corners, *chance.sample(sorted(h3.get_pentagons(res)), 2)]


@pytest.mark.parametrize("res", range(2, 12))
def test_sums_and_edges_are_those_of_the_disks_of_h3(res: int) -> None:
    chance = random.Random(res)
    base_cells_met = set()
    for center in centers(res, chance):
        lattice = Lattice.of(patch(center, chance))
        base_cells_met |= set(base_cells(lattice.cells).tolist())
        values = np.array([chance.randrange(1000) for _ in lattice.cells])
        row_of = {cell: row for row, cell in enumerate(lattice.cells.tolist())}
        rows = np.arange(0, len(lattice.cells), 3)
        for reach in REACHES:
            assert lattice.around(values, reach).tolist() == around(lattice, reach, values)
            some = np.flatnonzero(values % 3 == 0)
            assert (lattice.around(values, reach, some) == lattice.around(values, reach)[some]).all()
            assert lattice.members(reach).tolist() == around(lattice, reach, np.ones_like(values))
            number, beside = lattice.edges(rows, reach)
            assert sorted(zip(number.tolist(), beside.tolist(), strict=True)) == sorted(
                (number, row_of[near])
                for number, row in enumerate(rows.tolist())
                for near in h3.grid_disk(int(lattice.cells[row]), reach)
                if near in row_of
            )
    assert len(base_cells_met) >= 8


@pytest.mark.parametrize("res", [5, 8, 9, 11, 15])
def test_places_are_different_and_neighbours_are_one_step_apart(res: int) -> None:
    cells = disk(WARSAW, res, 6)
    a, b = places(cells, res)
    assert len(set(zip(a.tolist(), b.tolist(), strict=True))) == len(cells)
    assert inside(a, b, res).all()
    place = dict(zip(cells.tolist(), zip(a.tolist(), b.tolist(), strict=True), strict=True))
    center = h3.latlng_to_cell(*WARSAW, res)
    steps = {(place[near][0] - place[center][0], place[near][1] - place[center][1]) for near in h3.grid_ring(center, 1)}
    assert steps == {(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)}


def test_places_beyond_the_border_of_a_base_cell_are_outside() -> None:
    children = np.array(sorted(h3.cell_to_children(h3.get_res0_cells()[15], 3)), dtype=np.uint64)
    a, b = places(children, 3)
    known = set(zip(a.tolist(), b.tolist(), strict=True))
    span = np.arange(-25, 26)
    grid_a, grid_b = (axis.ravel() for axis in np.meshgrid(span, span))
    found = inside(grid_a, grid_b, 3)
    assert {(x, y) for x, y, kept in zip(grid_a.tolist(), grid_b.tolist(), found, strict=True) if kept} == known


@pytest.mark.parametrize("fault", ["order", "twice", "resolutions"])
def test_a_lattice_is_of_different_ascending_cells_of_one_resolution(fault: str) -> None:
    cells = disk(WARSAW, 8, 1)
    faulty = {
        "order": cells[::-1],
        "twice": np.sort(np.append(cells, cells[:1])),
        "resolutions": np.sort(np.append(cells, disk(WARSAW, 9, 0))),
    }
    with pytest.raises(ValueError, match="ascending"):
        Lattice.of(faulty[fault])
