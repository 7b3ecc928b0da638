"""What the statistics cost on as many cells of resolution 8 as reports of a country fill, and what esda takes for Gi*.

Both sides build their weights in the measured time; esda is told the neighbours for nothing.
"""

import time
from typing import Any

import h3.api.basic_int as h3
import numpy as np

from chalicelib.hotspots.analysis import LOOK_BACK_DAYS, Reports, analyse
from chalicelib.hotspots.clusters import Groups, clusters, gi_star, reference
from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.expected import HALF_LIFE_DAYS, REACH_DAYS, decayed
from chalicelib.hotspots.grid import Cells, name
from chalicelib.hotspots.lattice import Floats, Lattice
from tests.hotspots.asking import ask

CELLS = 446_518
GROUPS = 380
ROUNDS = 5
REPORTS = 1_000_000


def run() -> dict[str, Any]:
    """CPU seconds of Gi* against esda's, of all tests of one layer, and of a layer of a million reports."""
    chance = np.random.default_rng(1)
    disk = np.array(sorted(h3.grid_disk(h3.latlng_to_cell(52.0, 19.3, 8), 392)), dtype=np.uint64)
    cells = np.sort(chance.choice(disk, CELLS, replace=False))
    share = chance.gamma(0.1, 1, CELLS)
    rows = chance.choice(CELLS, REPORTS, p=share / share.sum())
    counts = np.bincount(rows, minlength=CELLS)
    ours, z = min((_gi(cells, counts) for _ in range(ROUNDS)), key=lambda round_: round_[0])
    theirs = ask({"gi": {"cells": [name(cell) for cell in cells.tolist()], "counts": counts.tolist()}})["gi"]
    lattice = Lattice.of(cells)
    groups = Groups.of(lattice, np.arange(CELLS) * GROUPS // CELLS)
    began = time.process_time()
    clusters(lattice, counts, groups)
    tests = time.process_time() - began
    ages = chance.integers(0, REACH_DAYS, REPORTS)
    began = time.process_time()
    late = ages < LOOK_BACK_DAYS
    lasting = decayed(rows, ages, CELLS, HALF_LIFE_DAYS)
    analyse(lattice, groups, Reports(rows[late], ages[late], np.full(int(late.sum()), -1)), lasting)
    layer = time.process_time() - began
    return {
        "cells": CELLS,
        "gi_star_cpu_s": round(ours, 4),
        "esda_cpu_s": round(theirs["seconds"], 2),
        "esda_over_ours": round(theirs["seconds"] / ours, 1),
        "largest_difference_of_z": float(np.abs(z - theirs["z"]).max()),
        "both_tests_by_powiat_cpu_s": round(tests, 2),
        "layer_of_a_million_reports_cpu_s": round(layer, 2),
    }


def _gi(cells: Cells, counts: Numbers) -> tuple[float, Floats]:
    began = time.process_time()
    lattice = Lattice.of(cells)
    z = gi_star(lattice.around(counts), lattice.members(), reference(counts))
    return time.process_time() - began, z
