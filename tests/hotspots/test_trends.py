"""Mann and Kendall's test as pyehsa has it, and the eight classes from examples that their definitions name."""

import numpy as np
import pytest

from chalicelib.hotspots.analysis import Reports, trend
from chalicelib.hotspots.clusters import Groups
from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.lattice import Lattice
from chalicelib.hotspots.neighbours import Patch
from chalicelib.hotspots.trends import BINS, Trend, bins, classes, mann_kendall
from tests.hotspots.maps import RECORDED, region

ASKED, ANSWERED = RECORDED["asked"]["mann_kendall"]["series"], RECORDED["answered"]["mann_kendall"]


def test_mann_kendall_is_that_of_pyehsa() -> None:
    total, p = mann_kendall(np.array(ASKED))
    assert total.tolist() == [row[0] for row in ANSWERED]
    assert np.abs(p - [row[1] for row in ANSWERED]).max() <= 1e-12
    assert {-1, 0, 1} == set(np.sign(total).tolist())


@pytest.mark.parametrize("values", [[5.0], [1.0, 2.0]])
def test_short_series_have_no_trend(values: list[float]) -> None:
    assert mann_kendall(np.array([values]))[1].tolist() == [1.0]


RISE, FALL, FLAT = range(12), range(12, 0, -1), (0, 1) * 6
EXAMPLES = [
    ("............", "............", FLAT, Trend.NONE),
    ("...........H", "............", RISE, Trend.NEW),
    ("..........HH", "............", RISE, Trend.CONSECUTIVE),
    ("..HHHHHHHHHH", "............", FLAT, Trend.CONSECUTIVE),
    (".HHHHHHHHHHH", "............", RISE, Trend.INTENSIFYING),
    ("HHHHHHHHHHHH", "............", RISE, Trend.INTENSIFYING),
    ("HHHHHHHHHHHH", "............", FLAT, Trend.PERSISTENT),
    ("HHHH.HHHHHHH", "............", FLAT, Trend.PERSISTENT),
    ("HHHHHHHHHHHH", "............", FALL, Trend.DIMINISHING),
    ("H....H.....H", "............", FLAT, Trend.SPORADIC),
    ("H.........HH", "............", FLAT, Trend.SPORADIC),
    ("H.........HH", "..C.........", FLAT, Trend.OSCILLATING),
    ("HHHHHHHHHHH.", "............", FLAT, Trend.HISTORICAL),
    ("HHHHHHHHHHH.", "...........C", FALL, Trend.HISTORICAL),
    ("HHHHHHHHHH..", "............", FALL, Trend.NONE),
    (".....HHHH...", "C...........", FLAT, Trend.NONE),
]


@pytest.mark.parametrize(("hot", "cold", "z", "kind"), EXAMPLES)
def test_classes_are_those_of_their_definitions(hot: str, cold: str, z: range | tuple[int, ...], kind: Trend) -> None:
    marks = [np.array([[mark == letter for mark in row]]) for row, letter in ((hot, "H"), (cold, "C"))]
    found = classes(np.array([list(z)], dtype=np.float64), *marks)
    assert Trend(int(found[0])) is kind


def test_every_class_has_an_example() -> None:
    assert {row[3] for row in EXAMPLES} == set(Trend)


def kinds(lattice: Lattice, row: Numbers, age: Numbers) -> Numbers:
    everywhere = np.arange(len(lattice.cells))
    groups = Groups.of(lattice, np.zeros_like(everywhere))
    return trend(lattice, groups, Patch(lattice, everywhere), Reports(row, age, np.full(len(row), -1)))


def test_the_last_bin_ends_on_the_day_before_publication() -> None:
    ages = np.array([0, 27, 28, 28 * 12 - 1, 28 * 12, 2000])
    assert bins(ages).tolist() == [11, 11, 10, 0, -1, -1]
    assert BINS == 12


@pytest.mark.parametrize(
    ("ages", "kind"),
    [
        ([3] * 12, Trend.NEW),
        ([3] * 12 + [40] * 12, Trend.CONSECUTIVE),
        ([28 * number + 5 for number in range(12) for _ in range(12)], Trend.PERSISTENT),
        ([28 * number + 5 for number in range(12) for _ in range(40 - 2 * number)], Trend.INTENSIFYING),
        ([28 * number + 5 for number in range(12) for _ in range(12 + 2 * number)], Trend.DIMINISHING),
        ([28 * number + 5 for number in range(1, 12) for _ in range(12)], Trend.HISTORICAL),
        ([3] * 12 + [200] * 12, Trend.SPORADIC),
        ([100] * 12, Trend.NONE),
    ],
)
def test_the_class_of_a_place_follows_from_its_reports(ages: list[int], kind: Trend) -> None:
    lattice = region(40)
    middle = len(lattice.cells) // 2
    # Elsewhere there is a place that never changes: how much a place stands out is measured by all others.
    age = np.array([*ages, *(28 * number for number in range(12) for _ in range(30))])
    row = np.where(np.arange(len(age)) < len(ages), middle, 0)
    found = kinds(lattice, row, age)
    assert Trend(int(found[middle])) is kind
    assert np.count_nonzero(found) <= 14


def test_a_place_that_was_empty_among_many_reports_and_is_hot_now_oscillates() -> None:
    lattice = region(10)
    middle = len(lattice.cells) // 2
    _, near = lattice.edges(np.array([middle]), 2)
    every = np.repeat(np.arange(len(lattice.cells)), 6)
    others = np.setdiff1d(np.arange(len(lattice.cells)), near)
    rows = [np.repeat(others, 6), np.full(90, middle), np.full(60, middle), every, every]
    ages = [
        np.full(len(rows[0]), 300),
        np.full(90, 100),
        np.full(60, 2),
        np.full(len(every), 100),
        np.full(len(every), 2),
    ]
    row, age = np.concatenate(rows), np.concatenate(ages)
    found = kinds(lattice, row, age)
    assert Trend(int(found[middle])) is Trend.OSCILLATING
