"""Tail probabilities of the normal, Poisson and negative binomial distributions, by NumPy alone.

SciPy would be 114 MB in a function that may have 250. Probabilities of single numbers are Loader's saddle-point form
("Fast and accurate computation of binomial probabilities", 2000), which loses no digits where logarithms of large
factorials do; a tail is their sum by the ratio of neighbours, from its largest term outwards. Against SciPy the
relative error is below 1e-12.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.lattice import Floats

_ENOUGH = 1e-17
_STEPS = 8
_SERIES_FROM = 15.0
_ROOT_2_PI = math.sqrt(2 * math.pi)
_ROUNDING = 1 - 1e-9
"""A bound stays below what it bounds whatever rounding does."""

_erfc = np.frompyfunc(math.erfc, 1, 1)
_lgamma = np.frompyfunc(math.lgamma, 1, 1)


def normal_tail(z: Floats) -> Floats:
    """Return P(Z >= z) of the standard normal distribution, (n) to (n): erfc(z / √2) / 2."""
    found: Floats = np.asarray(_erfc(z / math.sqrt(2)), dtype=np.float64) / 2
    return found


def least_normal_tail(z: Floats) -> Floats:
    """Return what `normal_tail` is at least, with little reckoning, (n): φ(z) z / (1 + z²) (Gordon, 1941), or 0.5."""
    high = np.maximum(z, 0.0)
    bound: Floats = np.exp(-np.square(high) / 2) / _ROOT_2_PI * high / (1 + np.square(high))
    return np.where(z > 0, bound * _ROUNDING, 0.5)


def least_poisson_tail(counts: Numbers, means: Floats) -> Floats:
    """Return what `poisson_tail` is at least, with little reckoning, (n): the probability of the very count."""
    factorials = _lgamma(np.arange(int(counts.max(initial=0)) + 1) + 1.0).astype(np.float64)
    with np.errstate(divide="ignore"):
        bound: Floats = np.exp(counts * np.log(means) - means - factorials[counts])
    return bound * _ROUNDING


def poisson_tail(counts: Numbers, means: Floats) -> Floats:
    """Return P(X >= count) of Poisson numbers, (n) and (n) to (n); 1 where the count is 0.

    Equal pairs are calculated once: in maps many are.
    """
    found = np.where(counts <= 0, 1.0, -np.expm1(-means))
    # On maps of few reports most counts are 1, which needs no sum.
    more = np.flatnonzero(counts > 1)
    found[more] = _of_pairs(counts[more], means[more], np.zeros(len(more)), _poisson)
    return found


def negative_binomial_tail(counts: Numbers, means: Floats, sizes: Floats) -> Floats:
    """Return P(X >= count) of negative binomial numbers with the given means and sizes, (n) each to (n).

    `sizes` is the shape r of the gamma distribution that mixes Poisson numbers: the variance is μ + μ² / r.
    """
    return _of_pairs(counts, means, sizes, _negative_binomial)


def _of_pairs(
    counts: Numbers, means: Floats, sizes: Floats, tail: Callable[[Floats, Floats, Floats], Floats]
) -> Floats:
    # A mean of 0 leaves no chance of anything.
    found = np.where(counts <= 0, 1.0, 0.0)
    asked = (counts > 0) & (means > 0)
    columns = [counts[asked].astype(np.float64), means[asked], sizes[asked]]
    order = np.lexsort(columns)
    ordered = [column[order] for column in columns]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in ordered])
    inverse = np.empty(len(order), dtype=np.int64)
    inverse[order] = np.cumsum(first) - 1
    found[asked] = tail(*(column[first] for column in ordered))[inverse]
    return found


def _poisson(count: Floats, mean: Floats, _: Floats) -> Floats:
    high, low = np.flatnonzero(count > mean), np.flatnonzero(count <= mean)
    found, above, below = np.empty(len(count)), mean[high], mean[low]
    found[high] = _sum(_poisson_at(count[high], above), count[high], +1, lambda at, mu: mu / (at + 1), above)
    less = count[low] - 1
    found[low] = 1 - _sum(_poisson_at(less, below), less, -1, lambda at, mu: np.maximum(at, 0) / mu, below)
    return found


def _negative_binomial(count: Floats, mean: Floats, size: Floats) -> Floats:
    high, low = np.flatnonzero(count > mean), np.flatnonzero(count <= mean)
    success, failure, found = size / (size + mean), mean / (size + mean), np.empty(len(count))

    def rise(at: Floats, size: Floats, failure: Floats) -> Floats:
        return (at + size) / (at + 1) * failure

    def fall(at: Floats, size: Floats, failure: Floats) -> Floats:
        return np.maximum(at, 0) / ((np.maximum(at, 1) + size - 1) * failure)

    for rows, begin, step, ratio in ((high, count, +1, rise), (low, count - 1, -1, fall)):
        of = size[rows], failure[rows]
        found[rows] = _sum(_binomial_at(begin[rows], of[0], success[rows], of[1]), begin[rows], step, ratio, *of)
    found[low] = 1 - found[low]
    return found


def _sum(first: Floats, at: Floats, step: int, ratio: Callable[..., Floats], *of: Floats) -> Floats:
    """Add up terms, the `first` at the numbers `at`, each the one before times `ratio`, until nothing is added.

    `ratio` is told where it is and what else it depends `of`, parallel to `first`. Beyond the last term it gives 0.
    """
    found, going = np.empty(len(first)), np.arange(len(first))
    total, term, at = first.copy(), first.copy(), at.copy()
    while len(going):
        for _ in range(_STEPS):
            term *= ratio(at, *of)
            total += term
            at += step
        # Few go far. Those that have ended lose nothing by some steps more: what they add is too little to count.
        more = (term > total * _ENOUGH) & (at >= 0)
        found[going[~more]] = total[~more]
        going, total, term, at = going[more], total[more], term[more], at[more]
        of = tuple(column[more] for column in of)
    return found


def _poisson_at(count: Floats, mean: Floats) -> Floats:
    x = np.maximum(count, 1.0)
    at = np.exp(-_stirling_error(x) - _deviance(x, mean)) / np.sqrt(2 * math.pi * x)
    return np.where(count > 0, at, np.exp(-mean))


def _binomial_at(count: Floats, size: Floats, success: Floats, failure: Floats) -> Floats:
    """P(X = count) = size / n · Binomial(size of n; success), n = size + count, with gammas for factorials."""
    x = np.maximum(count, 1.0)
    n = x + size
    exponent = (
        _stirling_error(n)
        - _stirling_error(x)
        - _stirling_error(size)
        - _deviance(size, n * success)
        - _deviance(x, n * failure)
    )
    at = np.exp(exponent) * np.sqrt(n / (2 * math.pi * x * size)) * (size / n)
    return np.where(count > 0, at, np.exp(size * np.log(success)))


def _stirling_error(x: Floats) -> Floats:
    """Return log Γ(x + 1) - [(x + ½) log x - x + ½ log 2π], the error of Stirling's formula."""
    small = x <= _SERIES_FROM
    near = np.where(small, x, 1.0)
    exact = _lgamma(near + 1).astype(np.float64) - ((near + 0.5) * np.log(near) - near + 0.5 * math.log(2 * math.pi))
    far = np.where(small, _SERIES_FROM, x)
    over = 1 / np.square(far)
    series = (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188) * over) * over) * over) * over) / far
    return np.where(small, exact, series)


def _deviance(x: Floats, mean: Floats) -> Floats:
    """Return x log(x / mean) + mean - x without cancellation where both are close."""
    difference = x - mean
    v = difference / (x + mean)
    squared = np.square(v)
    # x log((1 + v) / (1 - v)) = 2x (v + v³/3 + ...); the first term meets mean - x.
    odd = sum(np.power(squared, j) / (2 * j + 1) for j in range(1, 9))
    close = difference * v + 2 * x * v * odd
    return np.where(np.abs(v) < 0.1, close, x * np.log(x / mean) - difference)
