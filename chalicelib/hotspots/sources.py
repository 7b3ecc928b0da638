"""Distinct sources of reports, by row of the counts and by cell."""

from __future__ import annotations

import numpy as np

from chalicelib.hotspots.counts import Numbers


def distinct(groups: Numbers, sources: Numbers, size: int) -> Numbers:
    """Return for each of `size` groups how many different sources its reports have.

    One element a report: its group (-1: none), and the number of its source (-1: it is a source of its own).
    """
    inside = groups >= 0
    groups, sources = groups[inside], sources[inside]
    named = sources >= 0
    alone = np.bincount(groups[~named], minlength=size)
    if not named.any():
        return alone
    width = int(sources.max()) + 1
    pairs = np.unique(groups[named] * width + sources[named])
    return alone + np.bincount(pairs // width, minlength=size)
