"""Answers of the libraries that analysts know, to hold our own statistics against.

Runs in an environment of its own (requirements/oracles.txt: 0.7 GB, so not in `.venv`), reads questions as JSON from
standard input and prints the answers: `.oracles/bin/python tests/hotspots/oracles.py < questions.json`. With --record
it asks its own small questions, and prints them with the answers: that is `tests/hotspots/recorded.json`, with which
`make test` compares; `make test-all` asks anew.
"""

import json
import sys
import time
import warnings
from typing import Any

import numpy as np

SEED = 20261122


def gi(cells: list[str], counts: list[int]) -> dict[str, Any]:
    """Z of esda's Gi* with binary weights, and the CPU seconds of weights and statistic."""
    import h3
    from esda.getisord import G_Local
    from libpysal.weights import W

    known = set(cells)
    neighbours = {
        cell: [other for other in h3.grid_disk(cell, 1) if other != cell and other in known] for cell in cells
    }
    # Which cells are neighbours it is told for nothing.
    began = time.process_time()
    weights = W(neighbours, id_order=cells, silence_warnings=True)
    found = G_Local(np.array(counts, dtype=np.float64), weights, transform="B", star=True, permutations=0)
    return {"z": found.Zs.tolist(), "seconds": time.process_time() - began}


def discoveries(p: list[float], share: float) -> list[bool]:
    """The set that statsmodels' Benjamini-Hochberg rejects."""
    from statsmodels.stats.multitest import multipletests

    found: list[bool] = multipletests(p, alpha=share, method="fdr_bh")[0].tolist()
    return found


def mann_kendall(series: list[list[float]]) -> list[list[float]]:
    """S and p of pyehsa, a pair for each series."""
    from pyehsa.mann_kendall import MannKendall

    answers = [MannKendall.mann_kendall_test(row) for row in series]
    return [[answer["S"], answer["sl"]] for answer in answers]


def tails(normal: list[float], poisson: list[list[float]], negative: list[list[float]]) -> dict[str, list[float]]:
    """SciPy's upper tails: of z, of (count, mean), of (count, mean, size)."""
    from scipy import stats

    k, mean = np.array(poisson).T
    count, mu, size = np.array(negative).T
    return {
        "normal": stats.norm.sf(normal).tolist(),
        "poisson": stats.poisson.sf(k - 1, mean).tolist(),
        "negative": stats.nbinom.sf(count - 1, size, size / (size + mu)).tolist(),
    }


def questions(chance: np.random.Generator) -> dict[str, Any]:
    """Small questions over all ranges that maps have."""
    import h3

    disk = h3.grid_disk(h3.latlng_to_cell(52.23, 21.01, 8), 6)
    cells = sorted(cell for cell in disk if chance.random() < 0.9)
    means = 10 ** chance.uniform(-3, 3, 120)
    sizes = 10 ** chance.uniform(-1, 1.7, 120)
    counts = np.maximum(1, np.round(means + chance.normal(0, 3, 120) * np.sqrt(means)))
    mu = means / 20
    wide = np.maximum(1, np.round(mu + chance.normal(0, 2, 120) * np.sqrt(mu + mu**2 / sizes)))
    series = [chance.normal(size=12), chance.integers(0, 3, 12), np.arange(12), np.zeros(12), -np.arange(12)]
    series += [chance.integers(0, top, 12) for top in (2, 4, 9) for _ in range(20)]
    return {
        "gi": {"cells": cells, "counts": chance.poisson(chance.gamma(0.4, 3, len(cells))).tolist()},
        "discoveries": {"p": (chance.random(200) ** 3).tolist(), "share": 0.05},
        "mann_kendall": {"series": [np.asarray(row, dtype=np.float64).tolist() for row in series]},
        "tails": {
            "normal": np.linspace(-6, 30, 73).tolist(),
            "poisson": np.stack([counts, means], axis=1).tolist(),
            "negative": np.stack([wide, mu, sizes], axis=1).tolist(),
        },
    }


def main() -> None:
    """Answer, or record."""
    warnings.simplefilter("ignore")
    asked = questions(np.random.default_rng(SEED)) if "--record" in sys.argv else json.load(sys.stdin)
    answered = {name: globals()[name](**question) for name, question in asked.items()}
    json.dump({"asked": asked, "answered": answered} if "--record" in sys.argv else answered, sys.stdout)


if __name__ == "__main__":
    main()
