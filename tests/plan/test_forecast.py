"""What is expected of places and times: against a recount by hand, and at its edges."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import Part
from chalicelib.domain.checks import WEIGHT, chances
from chalicelib.hotspots.patrol import HALF_LIFE_DAYS, REACH_DAYS, SLOTS, Counts, forecast, quantiles, ranked


def counts(*places: dict[int, int], columns: int = REACH_DAYS) -> Counts:
    """A table with these entries by column."""
    table = np.zeros((len(places), columns), dtype=np.int64)
    for row, entries in enumerate(places):
        for column, number in entries.items():
            table[row, column] = number
    return table


def test_the_weekly_rate_is_the_gamma_poisson_estimate() -> None:
    seen = [{6: 4, 34: 2}, {6: 1}, {100: 3}]
    told = forecast(counts(*seen), counts({}, {}, {}, columns=28))
    weights = [2 ** (-(age + 1) / HALF_LIFE_DAYS) for age in range(REACH_DAYS)]
    exposure, spread = sum(weights) / 7, sum(w * w for w in weights) / sum(weights)
    decayed = [sum(weights[age] * number for age, number in place.items()) for place in seen]
    rates = [each / exposure for each in decayed]
    mean = sum(rates) / 3
    variance = sum((rate - mean) ** 2 for rate in rates) / 3 - mean * spread / exposure
    variance = max(variance, (mean / 10) ** 2)
    expected = [(mean**2 / variance + each / spread) / (mean / variance + exposure / spread) for each in decayed]
    assert told.weekly == pytest.approx(expected, rel=1e-12)


def test_a_slots_share_borrows_from_the_whole_unit() -> None:
    saturday_night = SLOTS.index((6, Part.NIGHT))
    told = forecast(counts({0: 9}, {0: 1}), counts({saturday_night: 9}, {}, columns=28))
    common = chances({slot: 9 if slot == (6, Part.NIGHT) else 0 for slot in SLOTS})
    assert told.shares[0, saturday_night] == pytest.approx((9 + WEIGHT * common[6, Part.NIGHT]) / (9 + WEIGHT))
    # Of the second place nobody knows a time: it has those of the unit.
    assert told.shares[1] == pytest.approx([common[slot] for slot in SLOTS])


@given(st.lists(st.lists(st.integers(0, 30), min_size=28, max_size=28), min_size=1, max_size=6))
def test_what_is_expected_adds_up_to_the_weekly_rates(table: list[list[int]]) -> None:
    by_slot = np.array(table, dtype=np.int64)
    by_age = np.zeros((len(table), REACH_DAYS), dtype=np.int64)
    by_age[:, :28] = by_slot
    by_age[:, 40] = 1
    told = forecast(by_age, by_slot)
    assert told.expected.sum(axis=1) == pytest.approx(told.weekly, rel=1e-9)
    assert (told.expected > 0).all()
    for place, slot in product(range(len(table)), (0, 27)):
        low, high = told.interval(place, slot)
        assert 0 <= low <= high


@given(st.permutations(range(5)))
def test_the_order_of_places_changes_no_bit_of_a_single_place(order: list[int]) -> None:
    by_age, by_slot = counts(*({n: n + 1} for n in range(5))), counts(*({n: n + 1} for n in range(5)), columns=28)
    here, there = forecast(by_age, by_slot), forecast(by_age[order], by_slot[order])
    assert there.shares.tobytes() == here.shares[order].tobytes()
    assert there.weekly == pytest.approx(here.weekly[order], rel=1e-12)


@pytest.mark.parametrize(("mean", "expected"), [(0.01, (0, 0)), (1.0, (0, 2)), (10.0, (6, 14)), (2000.0, (1943, 2057))])
def test_with_a_sure_rate_the_quantiles_are_those_of_poisson(mean: float, expected: tuple[int, int]) -> None:
    shape = 1e7
    assert quantiles(shape, shape / (shape + mean)) == expected


@given(st.floats(0.05, 50), st.floats(0.02, 0.98))
def test_the_quantiles_are_the_first_numbers_that_reach_their_chance(shape: float, success: float) -> None:
    low, high = quantiles(shape, success)

    def below(number: int) -> float:
        terms = (
            math.lgamma(n + shape)
            - math.lgamma(shape)
            - math.lgamma(n + 1)
            + shape * math.log(success)
            + n * math.log1p(-success)
            for n in range(number + 1)
        )
        return math.fsum(map(math.exp, terms))

    for number, chance in ((low, 0.1), (high, 0.9)):
        assert below(number) >= chance - 1e-9
        assert number == 0 or below(number - 1) < chance + 1e-9


def test_equal_ones_are_ranked_by_place_and_time_and_small_places_are_left_out() -> None:
    expected = np.array([[0.2, 0.2], [0.2, 0.9], [5.0, 5.0]])
    places = np.array([30, 10, 20], dtype=np.uint64)
    allowed = np.array([True, True, False])
    assert ranked(expected, places, allowed, 3).tolist() == [3, 2, 0]
