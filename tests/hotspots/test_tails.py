"""Tails of distributions, against arithmetic of forty digits and against SciPy's."""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from chalicelib.hotspots.lattice import Floats
from chalicelib.hotspots.tails import negative_binomial_tail, normal_tail, poisson_tail
from tests.hotspots.maps import RECORDED

EXACT = 5e-13
TRIES = 250


@pytest.fixture(autouse=True)
def forty_digits() -> None:
    mpmath.mp.dps = 40


def relative(found: Floats, exact: list[Any]) -> float:
    return max(float(abs(ours / true - 1)) for ours, true in zip(found.tolist(), exact, strict=True) if true > 1e-290)


def test_the_poisson_tail_is_right_to_twelve_digits() -> None:
    chance = np.random.default_rng(1)
    means = 10 ** chance.uniform(-4, 4, TRIES)
    counts = np.maximum(1, np.round(means + chance.normal(0, 4, TRIES) * np.sqrt(means))).astype(np.int64)
    counts += chance.integers(0, 5, TRIES)
    exact = [mpmath.gammainc(k, 0, m, regularized=True) for k, m in zip(counts.tolist(), means.tolist(), strict=True)]
    assert relative(poisson_tail(counts, means), exact) <= EXACT


def test_the_negative_binomial_tail_is_right_to_twelve_digits() -> None:
    chance = np.random.default_rng(2)
    sizes, means = 10 ** chance.uniform(-1.3, 1.7, TRIES), 10 ** chance.uniform(-4, 2, TRIES)
    spread = np.sqrt(means + means**2 / sizes)
    counts = np.maximum(1, np.round(means + chance.normal(0, 3, TRIES) * spread)).astype(np.int64)
    counts += chance.integers(0, 5, TRIES)
    exact = [
        mpmath.betainc(k, r, 0, mpmath.mpf(m) / (mpmath.mpf(m) + r), regularized=True)
        for k, m, r in zip(counts.tolist(), means.tolist(), sizes.tolist(), strict=True)
    ]
    assert relative(negative_binomial_tail(counts, means, sizes), exact) <= EXACT


def test_the_normal_tail_is_right_to_twelve_digits() -> None:
    z = np.linspace(-8, 35, 200)
    assert relative(normal_tail(z), [mpmath.erfc(mpmath.mpf(x) / mpmath.sqrt(2)) / 2 for x in z.tolist()]) <= EXACT


@pytest.mark.parametrize("kind", ["normal", "poisson", "negative"])
def test_tails_are_those_of_scipy(kind: str) -> None:
    asked, answered = RECORDED["asked"]["tails"][kind], RECORDED["answered"]["tails"][kind]
    columns = np.array(asked, dtype=np.float64).T
    ours: dict[str, Callable[[], Floats]] = {
        "normal": lambda: normal_tail(columns),
        "poisson": lambda: poisson_tail(columns[0].astype(np.int64), columns[1]),
        "negative": lambda: negative_binomial_tail(columns[0].astype(np.int64), columns[1], columns[2]),
    }
    assert np.abs(ours[kind]() - np.array(answered)).max() <= 1e-12
    # SciPy itself loses digits where a probability of almost one is told by its complement.
    assert relative(ours[kind](), answered) <= 1e-10


@pytest.mark.parametrize(("count", "mean", "tail"), [(0, 0.0, 1.0), (0, 3.0, 1.0), (1, 0.0, 0.0), (7, 0.0, 0.0)])
def test_nothing_is_certain_to_be_reached_and_something_impossible_where_nothing_is_expected(
    count: int, mean: float, tail: float
) -> None:
    counts, means = np.array([count, 2]), np.array([mean, 1.0])
    assert poisson_tail(counts, means)[0] == tail
    assert negative_binomial_tail(counts, means, np.array([2.0, 1.0]))[0] == tail


def test_a_tail_of_one_or_more_is_what_none_leaves() -> None:
    one, means, sizes = np.ones(3, dtype=np.int64), np.array([0.01, 1.0, 40.0]), np.array([0.05, 1.0, 9.0])
    assert poisson_tail(one, means) == pytest.approx(-np.expm1(-means), rel=1e-14)
    assert negative_binomial_tail(one, means, sizes) == pytest.approx(
        -np.expm1(-sizes * np.log1p(means / sizes)), rel=1e-13
    )
