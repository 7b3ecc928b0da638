"""Near repeats, against a count of all pairs and against the Near Repeat Calculator 1.3."""

import csv
import os
import re
from datetime import date
from html import unescape
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from chalicelib.hotspots import knox as module
from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.knox import knox
from chalicelib.hotspots.lattice import Floats

FOLDER = Path(os.environ.get("CZUJKA_DATA", "")) / "nearrepeat_oracle"
CASES = {
    # What it counted; it names the bands [0, 7) and (0, 100) "0 to 7 days" and "1 to 100 metres".
    "chicago_be_month1": (
        (0.01, 100, 200, 300),
        (7, 14, 21),
        [[28, 5, 5, 2], [44, 13, 8, 4], [97, 56, 19, 16], [77, 67, 45, 20], [182194, 146149, 95237, 45879]],
    ),
    "chicago_arson": (
        (0.01, 200, 400, 600),
        (1, 2, 3),
        [[0, 2, 0, 8], [9, 1, 1, 45], [4, 0, 0, 140], [6, 0, 0, 234], [393, 710, 770, 133658]],
    ),
}


def events(seed: int, count: int = 120) -> tuple[Floats, Floats, Numbers]:
    chance = np.random.default_rng(seed)
    x, y = (np.asarray(10 * chance.integers(0, 60, count), dtype=np.float64) for _ in "xy")
    return x, y, chance.integers(0, 50, count)


def of_the_calculator(name: str) -> tuple[Floats, Floats, Numbers]:
    with (FOLDER / f"{name}.csv").open(encoding="ascii") as stream:
        rows = list(csv.reader(stream))
    # It reckons in single precision, which moves two pairs across 400 and 600 metres.
    x, y = (np.array([float(np.float32(row[side])) for row in rows], dtype=np.float64) for side in (0, 1))
    return x, y, np.array([date.fromisoformat(row[2]).toordinal() for row in rows])


def tables(name: str) -> list[Floats]:
    """Its two printed tables: observed over mean expected, and p."""
    (page,) = FOLDER.glob(f"{name}_NRsummary*.htm")
    text = unescape(page.read_text("latin-1"))
    cells = re.findall(r">\s*([01]?\d*\.\d\d)\s*<", text)
    return [np.array(cells[at : at + 20], dtype=np.float64).reshape(5, 4) for at in (0, 20)]


def test_every_pair_is_counted_in_its_band(monkeypatch: pytest.MonkeyPatch) -> None:
    # Pairs are made a few at a time.
    monkeypatch.setattr(module, "_AT_ONCE", 100)
    x, y, days = events(1)
    distances, gaps = (1.0, 50.0, 120.0), (1, 7, 20)
    expected = np.zeros((4, 4), dtype=np.int64)
    for one, other in combinations(range(len(x)), 2):
        apart, later = abs(x[one] - x[other]) + abs(y[one] - y[other]), abs(days[one] - days[other])
        expected[sum(apart >= bound for bound in distances), sum(later >= bound for bound in gaps)] += 1
    found = knox(x, y, days, distances, gaps, permutations=0, seed=0)
    assert found.observed.tolist() == expected.tolist()
    assert (found.observed[:-1].sum(axis=1) > 0).all()


def test_what_is_expected_is_the_mean_of_the_deals() -> None:
    x, y, days = events(2)
    exact = knox(x, y, days, (1.0, 80.0), (3, 10), permutations=0, seed=0)
    chance = np.random.default_rng(3)
    deals = [knox(x, y, chance.permutation(days), (1.0, 80.0), (3, 10), 0, 0).observed for _ in range(600)]
    error = np.std(deals, axis=0) / np.sqrt(600)
    assert (np.abs(np.mean(deals, axis=0) - exact.expected) <= 4 * error + 1e-9).all()
    assert exact.ratio == pytest.approx(exact.observed / exact.expected)


def test_repeats_are_found_and_chance_is_not() -> None:
    chance = np.random.default_rng(4)
    x, y, days = chance.random(150) * 5000, chance.random(150) * 5000, chance.integers(0, 300, 150)
    alone = knox(x, y, days, (150.0,), (8,), permutations=99, seed=5)
    assert alone.p[0, 0] > 0.05
    followed = chance.integers(0, 150, 40)
    x, y = np.append(x, x[followed] + 20), np.append(y, y[followed] - 20)
    repeats = knox(x, y, np.append(days, days[followed] + 3), (150.0,), (8,), permutations=99, seed=5)
    assert repeats.p[0, 0] == 0.01
    assert repeats.ratio[0, 0] > 5


def test_the_order_of_events_and_a_shift_change_no_count() -> None:
    x, y, days = events(6)
    once = knox(x, y, days, (1.0, 80.0), (3, 10), 0, 0)
    order = np.random.default_rng(7).permutation(len(x))
    again = knox(x[order] + 7000, y[order] - 300, days[order] + 365, (1.0, 80.0), (3, 10), 0, 0)
    assert once.observed.tolist() == again.observed.tolist()
    assert once.expected.tobytes() == again.expected.tobytes()


def test_one_event_has_no_pair() -> None:
    one = knox(np.zeros(1), np.zeros(1), np.zeros(1, dtype=np.int64), (1.0,), (1,), 3, 0)
    assert one.observed.tolist() == [[0, 0], [0, 0]]
    assert one.ratio.tolist() == [[0.0, 0.0], [0.0, 0.0]]


@pytest.mark.data
@pytest.mark.skipif(not FOLDER.is_dir(), reason="no outside data: set CZUJKA_DATA")
@pytest.mark.parametrize("name", list(CASES))
def test_tables_are_those_of_the_near_repeat_calculator(name: str) -> None:
    distances, gaps, observed = CASES[name]
    found = knox(*of_the_calculator(name), distances, gaps, permutations=199, seed=1)
    assert found.observed.tolist() == observed
    ratio, p = tables(name)
    # Its expectation is the mean of 19 or 99 deals, ours that of all: theirs scatters about ours.
    spread = found.observed / np.sqrt(found.expected * (19 if name == "chicago_be_month1" else 99)) / found.expected
    assert (np.abs(ratio - found.ratio) <= 5 * spread + 0.0051)[found.expected > 5].all()
    assert ((p <= 0.05) == (found.p <= 0.05))[found.expected > 5].mean() >= 0.9
    assert p[1, 0] <= 0.05
    assert found.p[1, 0] <= 0.05
