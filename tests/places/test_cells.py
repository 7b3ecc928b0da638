"""Border cells: no cell that an edge touches may be taken for an inner one."""

import random
from math import cos, pi, sin

from h3.api import basic_int as h3

from chalicelib.domain.place_polygons import RESOLUTION
from infra.places.cells import cells_on

SAMPLES = 40
BESIDE = 1e-4
"""Degrees (about 10 m) within which a cell counts as touched."""


def test_every_cell_along_an_edge_and_ten_metres_beside_it_is_a_border_cell() -> None:
    chance = random.Random(9)
    several = 0
    for _ in range(1_500):
        lon, lat = chance.uniform(14, 24), chance.uniform(49, 55)
        length, turn = 10 ** chance.uniform(-5, -1.5), chance.uniform(0, 2 * pi)
        far = (lon + length * cos(turn), lat + length * sin(turn))
        found = cells_on((lon, lat), far)
        several += len(found) > 1
        for step in range(SAMPLES + 1):
            x, y = (a + (b - a) * step / SAMPLES for a, b in zip((lon, lat), far, strict=True))
            for dx, dy in ((0, 0), (BESIDE, 0), (-BESIDE, 0), (0, BESIDE), (0, -BESIDE)):
                assert h3.latlng_to_cell(y + dy, x + dx, RESOLUTION) in found, (x, y)
    assert several > 200
