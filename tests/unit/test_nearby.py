"""A search by place reads every index cell that can hold a report whose public place is within the radius."""

import math
import random

import pytest

from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.location import cell_at, metres, public_location
from chalicelib.services.around import cells
from chalicelib.services.followup import MAX_RADIUS_M
from chalicelib.store import keys

DEGREE_M = 111_195.0


@pytest.mark.parametrize("sensitivity", [Sensitivity.ORDINARY, Sensitivity.VULNERABLE])
@pytest.mark.parametrize("radius", [1, 50, 300, 1_000, MAX_RADIUS_M])
def test_no_public_place_within_the_radius_is_missed(sensitivity: Sensitivity, radius: int) -> None:
    chance = random.Random(radius)
    within = 0
    for _ in range(1_500):
        cell = cell_at(chance.uniform(49, 54.8), chance.uniform(14.2, 24))
        place = public_location(cell, sensitivity)
        assert place is not None
        # Most searches stand just within the radius, where the wrong side of a border is likeliest.
        bearing, away = chance.uniform(0, 2 * math.pi), radius * chance.uniform(0.9, 1)
        lat = place.lat + away * math.cos(bearing) / DEGREE_M
        lon = place.lon + away * math.sin(bearing) / (DEGREE_M * math.cos(math.radians(place.lat)))
        if metres(lat, lon, place.lat, place.lon) <= radius:
            within += 1
            assert keys.place(cell) in cells(lat, lon, radius)
    assert within >= 1_000


@pytest.mark.parametrize(("radius", "most"), [(1, 5), (500, 6), (MAX_RADIUS_M, 14)])
def test_a_search_reads_a_handful_of_cells(radius: int, most: int) -> None:
    chance = random.Random(7)
    counts = [len(cells(chance.uniform(49, 54.8), chance.uniform(14.2, 24), radius)) for _ in range(300)]
    assert min(counts) >= 1
    assert max(counts) <= most
