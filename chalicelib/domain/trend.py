"""How one count compares with the count of as long a time before: change, interval, and a word for both.

Reports come one by one, so that two counts of equal times are taken for Poisson counts. Given their sum, the later one
is binomial, and its share tells the ratio of the rates (J. Przyborowski, H. Wilenski: Homogeneity of results in testing
samples from Poisson series, Biometrika 31, 1940). The share's interval is Wilson's (E. B. Wilson, JASA 22, 1927),
recommended for small counts too by L. D. Brown, T. T. Cai, A. DasGupta (Statistical Science 16, 2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

Z = 1.959963984540054
"""Standard normal quantile of 0.975: intervals of 95 %."""

FEWEST = 10
"""With fewer reports in both times together nothing is said of a trend: no change but an extreme one could show."""


class Class(StrEnum):
    """What can be said of a change: the interval lies above none, below none, includes none; or there is too little."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Trend:
    """Relative change, 0.25 for a quarter more, with its 95 % interval; None where it has no bound."""

    change: float | None
    low: float | None
    high: float | None
    kind: Class


def trend(now: int, before: int) -> Trend:
    """Compare two counts of equal times."""
    total = now + before
    if total == 0:
        return Trend(None, None, None, Class.TOO_FEW)
    share, square = now / total, Z * Z / total
    centre = (share + square / 2) / (1 + square)
    half = Z * sqrt(share * (1 - share) / total + square / (4 * total)) / (1 + square)
    low, high = _change(centre - half), _change(centre + half)
    return Trend(_change(share), low, high, _class(total, low, high))


def _change(share: float) -> float | None:
    """Return the relative change that a share of the later count means; None where the earlier one has no part."""
    # What rounding leaves of none is none: the bound of a count of nothing is exact.
    share = min(1.0, max(0.0, round(share, 12)))
    return None if share == 1 else share / (1 - share) - 1


def _class(total: int, low: float | None, high: float | None) -> Class:
    if total < FEWEST:
        return Class.TOO_FEW
    if low is None or low > 0:
        return Class.UP
    return Class.DOWN if high is not None and high < 0 else Class.SAME
