"""Durations counted by bins that grow with them: small to keep, exact to add up, true to within 1 part in 128.

Up to 127 minutes each minute is a bin of its own; above, a bin is as wide as the seven leading binary digits leave it.
A quantile read from the bins lies within 0.8 % of the one that the durations themselves have.

Source: the layout is that of G. Tene's HdrHistogram with seven significant bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil

_BITS = 7
_EXACT = 1 << _BITS
_HALF = _EXACT >> 1


def bin_of(minutes: int) -> int:
    """Return the bin of a duration in whole minutes, from 0 on."""
    shift = max(0, minutes.bit_length() - _BITS)
    return _HALF * shift + (minutes >> shift)


def middle(number: int) -> float:
    """Return the duration in minutes that stands for a bin: the middle of those that fall into it."""
    if number < _EXACT:
        return float(number)
    shift = number // _HALF - 1
    return ((number - _HALF * shift) << shift) + ((1 << shift) - 1) / 2


def counted(durations: Iterable[int]) -> dict[int, int]:
    """Return how many durations fall into each bin."""
    bins: dict[int, int] = {}
    for minutes in durations:
        number = bin_of(minutes)
        bins[number] = bins.get(number, 0) + 1
    return bins


def add(bins: dict[int, int], more: Iterable[tuple[int, int]]) -> None:
    """Add further counts by bin: in whatever order and groups counts are added, the sum is the same."""
    for number, count in more:
        bins[number] = bins.get(number, 0) + count


def quantile(bins: Mapping[int, int], share: float) -> float | None:
    """Return the duration in minutes that `share` (0 < share ≤ 1) of all do not exceed; None where there is none.

    By the nearest rank: the smallest duration such that so many of the durations are no longer, not a mean of two.
    """
    rank, below = ceil(share * sum(bins.values())), 0
    for number in sorted(bins):
        below += bins[number]
        if below >= rank:
            return middle(number)
    return None
