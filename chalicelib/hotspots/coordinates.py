"""Plane coordinates of H3 cells, by the arithmetic of Eisenstein integers.

Within one base cell the centres of the cells of a resolution form a hexagonal lattice. With ω = exp(2πi/3), I = 1, J =
ω and K = ω² = -1 - ω, each digit of an index is one of seven numbers a + bω, and the lattice of resolution r is that of
r - 1 multiplied by a number of norm 7: 3 + ω² where r is odd (class III), 3 + ω where it is even (H3 documentation,
"IJK coordinates" and "Aperture 7 hexagons"; `_downAp7`, `_downAp7r`). So a cell's place is Σ u(digit r) Π m(s), s > r,
and the six neighbours of z are z ± 1, z ± ω, z ± (1 + ω).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np

from chalicelib.hotspots.counts import Flags, Numbers
from chalicelib.hotspots.grid import Cells

Place: TypeAlias = tuple[int, int]

UNITS: tuple[Place, ...] = ((0, 0), (-1, -1), (0, 1), (-1, 0), (1, 0), (0, -1), (1, 1))
"""What each digit of an index adds, as (a, b) of a + bω: centre, K, J, JK, I, IK, IJ."""

_ODD, _EVEN = (2, -1), (3, 1)
_FINEST = 15
_GROUP = 4


def base_cells(cells: Cells) -> Numbers:
    """Return the number of the base cell (0 to 121) of each cell, (n,) to (n,)."""
    return ((cells >> np.uint64(45)) & np.uint64(0x7F)).astype(np.int64)


def places(cells: Cells, res: int) -> tuple[Numbers, Numbers]:
    """Return a and b of the place a + bω of each cell of `res` within its base cell, (n,) to two of (n,).

    Four digits at a time are looked up in tables of 4,096 places.
    """
    a, b = (np.zeros(len(cells), dtype=np.int64) for _ in "ab")
    for shift, first, second in _tables(res):
        digits = ((cells >> np.uint64(shift)) & np.uint64(8**_GROUP - 1)).astype(np.intp)
        a += first[digits]
        b += second[digits]
    return a, b


def inside(a: Numbers, b: Numbers, res: int) -> Flags:
    """Tell which places hold a cell of the base cell in which they are counted; the others lie beyond its border.

    Digits are read off from the finest: of the seven u exactly one leaves a multiple of m(r), and the quotient is the
    place of the parent. A cell of the base cell ends at 0.
    """
    for r in range(res, 0, -1):
        root, digit_a, digit_b = _REMAINDERS[r % 2]
        rest = (a + root * b) % 7
        a, b = a - digit_a[rest], b - digit_b[rest]
        a, b = _divided(a, b, _ODD if r % 2 else _EVEN)
    found: Flags = (a == 0) & (b == 0)
    return found


def _times(x: Place, y: Place) -> Place:
    # (a + bω)(c + dω) with ω² = -1 - ω
    (a, b), (c, d) = x, y
    return a * c - b * d, a * d + b * c - b * d


def _divided(a: Numbers, b: Numbers, by: Place) -> tuple[Numbers, Numbers]:
    # The conjugate of c + dω is (c - d) - dω, and the norm of both factors is 7.
    c, d = by[0] - by[1], -by[1]
    return (a * c - b * d) // 7, (a * d + b * c - b * d) // 7


@lru_cache(maxsize=_FINEST)
def _tables(res: int) -> list[tuple[int, Numbers, Numbers]]:
    """Return, for each group of four digits, its lowest bit and the places that its 4,096 values add."""
    scale: Place = (1, 0)
    adds: dict[int, list[Place]] = {}
    for r in range(res, 0, -1):
        # 7 stands in the digits that a cell does not use and never in one that it does.
        adds[r] = [*(_times(unit, scale) for unit in UNITS), (0, 0)]
        scale = _times(scale, _ODD if r % 2 else _EVEN)
    tables = []
    for last in range(_GROUP, res + _GROUP, _GROUP):
        last = min(last, _FINEST)  # noqa: PLW2901 - fifteen digits are three whole groups and one of three
        added = np.zeros((8**_GROUP, 2), dtype=np.int64)
        value = np.arange(8**_GROUP)
        for back in range(_GROUP):
            if (r := last - back) in adds and r > (last - 1) // _GROUP * _GROUP:
                added += np.array(adds[r])[(value >> (3 * back)) & 7]
        tables.append((3 * (_FINEST - last), np.ascontiguousarray(added[:, 0]), np.ascontiguousarray(added[:, 1])))
    return tables


def _remainders(by: Place) -> tuple[int, Numbers, Numbers]:
    # Modulo a number of norm 7 every a + bω is one of 0 to 6: ω is the root there for which c + dω is 0.
    root = next(root for root in range(7) if (by[0] + root * by[1]) % 7 == 0)
    of = {(a + root * b) % 7: (a, b) for a, b in UNITS}
    return root, np.array([of[rest][0] for rest in range(7)]), np.array([of[rest][1] for rest in range(7)])


_REMAINDERS = (_remainders(_EVEN), _remainders(_ODD))
