"""One hash for many: the Merkle tree of RFC 6962 (2.1) over the events of a day, and the chain of the days.

The leaves are in the order of their bytes, so that the tree tells nothing of which events belong to one case.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

FIRST_PREVIOUS = "0" * 64
"""Stands for the day before the first one."""


def root(leaves: Iterable[str]) -> str:
    """Return the root over the hashes of events, in whatever order they come; all are hexadecimal."""
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in sorted(map(bytes.fromhex, leaves))]
    if not level:
        return hashlib.sha256().hexdigest()
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        # One without a neighbour goes up as it is: just so RFC 6962 splits at the greatest power of two.
        level = pairs + level[2 * len(pairs) :]
    return level[0].hex()


def chained(previous: str, day: str, day_root: str) -> str:
    """Return the hash of all days up to `day` (ISO), of which `previous` is the same up to the day before."""
    return hashlib.sha256(bytes.fromhex(previous) + day.encode() + bytes.fromhex(day_root)).hexdigest()
