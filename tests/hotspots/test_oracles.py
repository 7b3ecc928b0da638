"""The statistics against the libraries themselves, on questions that are larger than the recorded ones."""

from typing import Any

import numpy as np
import pytest

from chalicelib.hotspots.clusters import gi_star, reference
from chalicelib.hotspots.discovery import discoveries
from chalicelib.hotspots.grid import name
from chalicelib.hotspots.lattice import Lattice
from chalicelib.hotspots.tails import negative_binomial_tail, normal_tail, poisson_tail
from chalicelib.hotspots.trends import mann_kendall
from tests.hotspots.asking import PYTHON, ask
from tests.hotspots.maps import RECORDED, WARSAW, disk, integers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON.exists(), reason="no libraries to compare with: `make test-all` installs them"),
]


@pytest.fixture(scope="module")
def asked() -> dict[str, Any]:
    chance = np.random.default_rng(42)
    # Warsaw lies within a base cell; a corner of three of them is at 64.7 N, 10.54 E.
    cells = np.concatenate([disk(WARSAW, 8, 20), disk((64.7, 10.536), 8, 20)])
    cells = np.sort(cells[chance.random(len(cells)) < 0.8])
    means = 10 ** chance.uniform(-3, 3, 4000)
    sizes = 10 ** chance.uniform(-1, 1.7, 4000)
    counts = np.maximum(1, np.round(means + chance.normal(0, 3, 4000) * np.sqrt(means)))
    few = means / 20
    wide = np.maximum(1, np.round(few + chance.normal(0, 2, 4000) * np.sqrt(few + few**2 / sizes)))
    series = [*chance.normal(size=(1000, 12)), *chance.integers(0, 4, (3000, 12))]
    return {
        "gi": {
            "cells": [name(cell) for cell in cells.tolist()],
            "counts": chance.poisson(chance.gamma(0.2, 3, len(cells))).tolist(),
        },
        "discoveries": {"p": (chance.random(20_000) ** 2).tolist(), "share": 0.05},
        "mann_kendall": {"series": [row.astype(np.float64).tolist() for row in series]},
        "tails": {
            "normal": chance.normal(0, 6, 4000).tolist(),
            "poisson": np.stack([counts, means], axis=1).tolist(),
            "negative": np.stack([wide, few, sizes], axis=1).tolist(),
        },
    }


@pytest.fixture(scope="module")
def answered(asked: dict[str, Any]) -> dict[str, Any]:
    return ask(asked)


def test_gi_star_is_that_of_esda(asked: dict[str, Any], answered: dict[str, Any]) -> None:
    lattice, counts = Lattice.of(integers(asked["gi"]["cells"])), np.array(asked["gi"]["counts"])
    found = gi_star(lattice.around(counts), lattice.members(), reference(counts))
    assert np.abs(found - answered["gi"]["z"]).max() <= 1e-12


def test_discoveries_are_those_of_statsmodels(asked: dict[str, Any], answered: dict[str, Any]) -> None:
    assert discoveries(np.array(asked["discoveries"]["p"]), 0.05).tolist() == answered["discoveries"]
    assert any(answered["discoveries"])


def test_mann_kendall_is_that_of_pyehsa(asked: dict[str, Any], answered: dict[str, Any]) -> None:
    total, p = mann_kendall(np.array(asked["mann_kendall"]["series"]))
    assert total.tolist() == [row[0] for row in answered["mann_kendall"]]
    assert np.abs(p - [row[1] for row in answered["mann_kendall"]]).max() <= 1e-12


def test_tails_are_those_of_scipy(asked: dict[str, Any], answered: dict[str, Any]) -> None:
    normal, poisson, negative = (np.array(asked["tails"][kind]) for kind in ("normal", "poisson", "negative"))
    found = {
        "normal": normal_tail(normal),
        "poisson": poisson_tail(poisson[:, 0].astype(np.int64), poisson[:, 1]),
        "negative": negative_binomial_tail(negative[:, 0].astype(np.int64), negative[:, 1], negative[:, 2]),
    }
    for kind, ours in found.items():
        assert np.abs(ours - answered["tails"][kind]).max() <= 1e-12


def test_what_is_recorded_is_what_they_say() -> None:
    again = ask(RECORDED["asked"])
    for kind in ("discoveries", "mann_kendall", "tails"):
        assert again[kind] == RECORDED["answered"][kind]
    assert again["gi"]["z"] == pytest.approx(RECORDED["answered"]["gi"]["z"], abs=1e-13)
