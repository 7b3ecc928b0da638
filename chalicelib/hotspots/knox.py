"""Near repeats: do reports follow others close by and soon after more often than chance would have it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.lattice import Floats

_AT_ONCE = 1 << 22


@dataclass(frozen=True, slots=True)
class Knox:
    """A table of pairs, rows by distance and columns by days apart, each over half-open bands [from, to).

    `observed` pairs, `expected` the mean number if days were dealt out anew, `p` the share of the deals, the real one
    among them, with at least as many.
    """

    observed: Numbers
    expected: Floats
    p: Floats

    @property
    def ratio(self) -> Floats:
        """Observed over expected; 0 where nothing is expected."""
        return np.divide(self.observed, self.expected, out=np.zeros(self.expected.shape), where=self.expected > 0)


def knox(
    x: Floats, y: Floats, days: Numbers, distances: Sequence[float], gaps: Sequence[int], permutations: int, seed: int
) -> Knox:
    """Count near pairs of n events (metres, metres, whole days), and compare with `permutations` deals of their days.

    `distances` (metres, Manhattan) and `gaps` (days) are the inner bounds, ascending: the first band is from 0 to the
    first bound, one more is beyond the last. The test is Knox's (Applied Statistics 13, 1964), the Monte Carlo p Besag
    and Diggle's (Applied Statistics 26, 1977); the expectation is exact, for each pair of places is as likely to get
    each pair of days. The Near Repeat Calculator counts the same bands and names each one unit too high.
    """
    first, second, band = _near(x, y, np.asarray(distances, dtype=np.float64))
    shape = (len(distances) + 1, len(gaps) + 1)
    by_gap = _pairs_by_gap(days, np.asarray(gaps))
    pairs = len(days) * (len(days) - 1) // 2

    def table(dealt: Numbers) -> Numbers:
        column = np.searchsorted(np.asarray(gaps), np.abs(dealt[first] - dealt[second]), side="right")
        found = np.bincount(band * shape[1] + column, minlength=shape[0] * shape[1]).reshape(shape)
        # All pairs that are not near are far; how many there are of each gap no deal changes.
        found[-1] = by_gap - found[:-1].sum(axis=0)
        return found

    observed = table(days)
    chance = np.random.default_rng(seed)
    reached = np.ones(shape)
    for _ in range(permutations):
        reached += table(chance.permutation(days)) >= observed
    expected = observed.sum(axis=1, keepdims=True) * (by_gap / max(pairs, 1))
    return Knox(observed, expected, reached / (permutations + 1))


def _near(x: Floats, y: Floats, distances: Floats) -> tuple[Numbers, Numbers, Numbers]:
    """Return the pairs closer than the last bound: both events, and the band."""
    order = np.argsort(x, kind="stable")
    across, along = x[order], y[order]
    # In the order of x the partners of an event are those that follow within the reach.
    after = np.searchsorted(across, across + distances[-1], side="left") - np.arange(len(x)) - 1
    ends = np.cumsum(after)
    found = []
    begin = 0
    while begin < len(x):
        end = max(begin + 1, int(np.searchsorted(ends, (ends[begin - 1] if begin else 0) + _AT_ONCE)))
        left = np.repeat(np.arange(begin, end), after[begin:end])
        within = np.arange(len(left)) - np.repeat(np.cumsum(after[begin:end]) - after[begin:end], after[begin:end])
        right = left + 1 + within
        apart = np.abs(across[left] - across[right]) + np.abs(along[left] - along[right])
        near = apart < distances[-1]
        bands = np.searchsorted(distances, apart[near], side="right")
        found.append(np.stack([order[left[near]], order[right[near]], bands]))
        begin = end
    first, second, band = np.concatenate(found, axis=1)
    return first, second, band


def _pairs_by_gap(days: Numbers, gaps: Numbers) -> Numbers:
    """Return how many of all pairs are so many days apart, a number for each band."""
    ordered = np.sort(days)
    n = len(days)
    # Later events less than a bound away, those of the same day after it in the order among them.
    closer = [int((np.searchsorted(ordered, ordered + bound, side="left") - np.arange(n) - 1).sum()) for bound in gaps]
    return np.diff(np.array([0, *closer, n * (n - 1) // 2]))
