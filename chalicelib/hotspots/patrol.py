"""How many reports to expect next week at a place, on a weekday, in a part of the day.

A place is an H3 cell of resolution 9 (an edge of some 200 m: as far as a patrol sees and walks), a slot is a weekday
with a part of the day. What is expected is the product of two estimates that each borrow from the whole unit what a
place with few reports cannot tell by itself: the place's weekly rate, and the slot's share of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log, log1p
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from chalicelib.domain.calendar import Part
from chalicelib.domain.checks import WEIGHT, chances

RESOLUTION = 9
REACH_DAYS = 182
"""How far back reports are looked at: half a year, after which one weighs a hundredth."""

HALF_LIFE_DAYS = 28
LEAST_REPORTS = 3
"""A place with fewer reports is not told: one or two are no pattern, and a patrol can be sent for the case itself."""

SLOTS = tuple((day, part) for day in range(1, 8) for part in Part)
"""Weekday (1 is Monday) and part of the day of each slot, in the order of the week."""

LOW, HIGH = 0.1, 0.9
"""The quantiles of the interval: four weeks of five lie within it, if the week is like those before."""

_LEAST_VARIATION = 0.1
_WEEK = 7

Floats: TypeAlias = npt.NDArray[np.float64]
Counts: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected of p places: `shape` (p), `rate` (scalar), both of the Gamma distribution of the weekly rate.

    `shares` (p by 28) are the parts of a week's reports that fall into each slot; a row adds up to 1.
    """

    shape: Floats
    rate: float
    shares: Floats

    @property
    def weekly(self) -> Floats:
        """Reports a week at each place (p)."""
        return self.shape / self.rate

    @property
    def expected(self) -> Floats:
        """Reports next week at each place in each slot (p by 28)."""
        found: Floats = self.weekly[:, None] * self.shares
        return found

    def interval(self, place: int, slot: int) -> tuple[int, int]:
        """Return the quantiles `LOW` and `HIGH` of next week's number of reports at a place in a slot.

        A Poisson number whose rate is a Gamma variable is negative binomial; thinning by the slot's share q turns the
        rate b of the Gamma into b / q.
        """
        success = self.rate / (self.rate + float(self.shares[place, slot]))
        return quantiles(float(self.shape[place]), success)


def forecast(by_age: Counts, by_slot: Counts) -> Forecast:
    """Return what is expected from the counts of a unit's p places.

    `by_age` (p by `REACH_DAYS`) counts reports by whole days before the week begins, 1 first; `by_slot` (p by 28) those
    whose time is known. Counts are whole numbers and summed in the order of their days, so that the order in which
    reports come changes no bit.

    The rate is Clayton and Kaldor's gamma-Poisson estimate (Biometrics 43, 1987) with moments as Marshall takes them
    (Applied Statistics 40, 1991), for counts that decay. With w(a) = 2^(-a / 28), S = Σ w(a) n(a), E = Σ w(a) / 7
    weeks, c = Σ w(a)² / Σ w(a), a place's S / c is as good as a Poisson number of E / c weeks. With m the mean of S / E
    over all places, and A its variance beyond the noise m c / E, the prior is Gamma(m² / A, m / A).

    A slot's share is (n + K P) / (N + K) with the unit's own table P, smoothed by `chalicelib.domain.checks.chances`,
    and K its weight.
    """
    weights = np.exp2(-np.arange(1, REACH_DAYS + 1) / HALF_LIFE_DAYS)
    exposure = weights.sum() / _WEEK
    spread = np.square(weights).sum() / weights.sum()
    decayed = (by_age * weights).sum(axis=1)
    rates = decayed / exposure
    mean = float(rates.mean())
    # All alike is no certainty that they are: a tenth of the mean is left to differ.
    variance = max(float(rates.var()) - mean * spread / exposure, (_LEAST_VARIATION * mean) ** 2)
    shape = mean**2 / variance + decayed / spread
    return Forecast(shape, float(mean / variance + exposure / spread), _shares(by_slot))


def quantiles(shape: float, success: float) -> tuple[int, int]:
    """Return the quantiles `LOW` and `HIGH` of a negative binomial number of failures before `shape` successes."""
    number, low = 0, None
    total = _chance(0, shape, success)
    while total < HIGH:
        if low is None and total >= LOW:
            low = number
        number += 1
        total += _chance(number, shape, success)
    return number if low is None else low, number


def _chance(number: int, shape: float, success: float) -> float:
    # By logarithms: the chance of none at all is below every float where thousands are expected.
    ways = lgamma(number + shape) - lgamma(shape) - lgamma(number + 1)
    return exp(ways + shape * log(success) + number * log1p(-success))


def ranked(expected: Floats, places: npt.NDArray[np.uint64], allowed: npt.NDArray[np.bool_], most: int) -> Counts:
    """Return the flat indices (row by row) of the `most` largest entries at allowed places, largest first.

    Of equal ones the place with the smaller index comes first, then the earlier slot.
    """
    rows, slots = np.divmod(np.arange(expected.size), expected.shape[1])
    flat = np.where(allowed[rows], expected.ravel(), -1.0)
    order = np.lexsort((slots, places[rows], -flat))[:most]
    found: Counts = order[flat[order] > 0].astype(np.int64)
    return found


def _shares(by_slot: Counts) -> Floats:
    named = {slot: int(number) for slot, number in zip(SLOTS, by_slot.sum(axis=0), strict=True)}
    of_unit = chances(named)
    common = np.array([of_unit[slot] for slot in SLOTS])
    found: Floats = (by_slot + WEIGHT * common) / (by_slot.sum(axis=1, keepdims=True) + WEIGHT)
    return found
