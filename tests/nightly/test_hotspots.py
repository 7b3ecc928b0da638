"""Counting, ranking, classes and suppression, against H3's string functions and against an attacker."""

import random
from collections import Counter
from itertools import pairwise

import h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.hotspots import grid, privacy
from chalicelib.hotspots.counts import Counts, Flags, pyramid
from chalicelib.hotspots.indexes import RESOLUTIONS
from chalicelib.hotspots.levels import levels, thresholds
from chalicelib.hotspots.sources import distinct
from chalicelib.hotspots.tiles import layer, tiles


def integers(cells: list[str]) -> grid.Cells:
    return np.array([h3.str_to_int(cell) for cell in cells], dtype=np.uint64)


def anywhere(count: int, seed: int) -> list[str]:
    """Cells of resolution 11 over all the globe, some of them under a pentagon."""
    chance = random.Random(seed)
    pentagons = [h3.cell_to_latlng(cell) for cell in h3.get_pentagons(2)]
    places = [(chance.uniform(-85, 85), chance.uniform(-180, 180)) for _ in range(count)]
    places += [
        (lat + chance.gauss(0, spread), lon + chance.gauss(0, spread))
        for lat, lon in pentagons
        for spread in (1, 0.1, 0.01)
    ]
    return [h3.latlng_to_cell(lat, lon, 11) for lat, lon in places]


@pytest.mark.parametrize("res", range(12))
def test_ancestors_by_bits_are_those_of_h3(res: int) -> None:
    cells = anywhere(300, res)
    found = grid.parents(integers(cells), res).tolist()
    assert [grid.name(cell) for cell in found] == [h3.cell_to_parent(cell, res) for cell in cells]


@pytest.mark.parametrize("res", RESOLUTIONS)
def test_ranks_are_positions_among_the_sorted_children_pentagons_included(res: int) -> None:
    cells = sorted({h3.cell_to_parent(cell, res) for cell in anywhere(60, 7)})
    ranks = grid.ranks(integers(cells), res).tolist()
    parents = [h3.cell_to_parent(cell, res - 3) for cell in cells]
    assert any(h3.is_pentagon(parent) for parent in parents)
    assert ranks == [
        sorted(h3.cell_to_children(parent, res)).index(cell) for cell, parent in zip(cells, parents, strict=True)
    ]


reports = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.booleans()), min_size=0, max_size=120)


@settings(max_examples=150, deadline=None)
@given(reports)
def test_the_pyramid_equals_a_recount_at_every_resolution(rows: list[tuple[int, int, bool]]) -> None:
    ground = sorted(anywhere(10, 3))[:41]
    cells = [ground[number] for number, _, _ in rows]
    found = pyramid(
        integers(cells),
        np.array([category for _, category, _ in rows], dtype=np.int64),
        np.array([recent for _, _, recent in rows], dtype=np.bool_),
        RESOLUTIONS,
    )
    assert [level.res for level in found] == list(RESOLUTIONS)
    for level in found:
        expected: Counter[tuple[str, int]] = Counter()
        recently: Counter[tuple[str, int]] = Counter()
        for cell, (_, category, recent) in zip(cells, rows, strict=True):
            key = (h3.cell_to_parent(cell, level.res), category)
            expected[key] += 1
            recently[key] += recent
        keys = [
            (grid.name(cell), category)
            for cell, category in zip(level.cell.tolist(), level.category.tolist(), strict=True)
        ]
        assert keys == sorted(expected)
        assert dict(zip(keys, level.year.tolist(), strict=True)) == expected
        assert dict(zip(keys, level.recent.tolist(), strict=True)) == recently


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=300))
def test_levels_rise_with_the_count_and_keep_their_shares(numbers: list[int]) -> None:
    counts = np.array(numbers)
    bounds = thresholds(counts)
    assert 2 <= bounds[0] < bounds[1] < bounds[2] < bounds[3]
    found = levels(counts, bounds)
    assert set(found.tolist()) <= {1, 2, 3, 4, 5}
    for level, share in zip((2, 3, 4, 5), (0.5, 0.25, 0.1, 0.02), strict=True):
        assert (found >= level).sum() <= share * len(numbers)
    order = np.argsort(counts, kind="stable")
    assert (np.diff(found[order]) >= 0).all()


def test_levels_are_as_fine_as_the_shares_allow() -> None:
    counts = np.arange(1, 101)
    assert thresholds(counts) == [51, 76, 91, 99]
    assert levels(counts, [51, 76, 91, 99])[[49, 50, 74, 75, 98]].tolist() == [1, 2, 2, 3, 5]
    assert thresholds(np.ones(50, dtype=np.int64)) == [2, 3, 4, 5]
    assert thresholds(np.zeros(0, dtype=np.int64)) == [2, 3, 4, 5]


seen: Counter[str] = Counter()
clusters = st.tuples(st.sampled_from([*range(12), 60, 200, 342]), st.integers(0, 1), st.booleans(), st.integers(1, 9))
shapes = st.lists(clusters, min_size=1, max_size=25).map(
    lambda found: [row for *row, times in found for _ in range(times)]
)
"""Reports in bunches: place, category, whether in the shorter window."""


@settings(max_examples=300, deadline=None)
@given(shapes)
def check_suppression(rows: list[list[int]]) -> None:
    ground = sorted(h3.cell_to_children(h3.latlng_to_cell(52.2, 21.0, 5), 8))
    cells = integers([ground[number] for number, _, _ in rows])
    levels_found = pyramid(
        cells,
        np.array([category for _, category, _ in rows], dtype=np.int64),
        np.array([recent for _, _, recent in rows], dtype=np.bool_),
        (8, 7, 6, 5),
    )[::-1]
    masks = privacy.shown(levels_found)
    told = [_told(level, mask) for level, mask in zip(levels_found, masks, strict=True)]
    assert all(count >= privacy.K for layer_told in told for count in layer_told.values())
    country: Counter[int] = Counter()
    for (_, category), count in _all(levels_found[0]).items():
        country[category] += count
    shown_country = dict(zip(*(column.tolist() for column in privacy.country_shown(levels_found[0])), strict=True))
    for category, count in country.items():
        rest = count - sum(shown for (_, shown_category), shown in told[0].items() if shown_category == category)
        if category in shown_country:
            assert shown_country[category] == count
            assert rest == 0 or rest >= privacy.K
        else:
            assert count < privacy.K
            assert rest == count
    for above, below in pairwise(told):
        assert {(h3.cell_to_parent(cell), category) for cell, category in below} <= above.keys()
        seen["told"] += len(below)
        for (cell, category), count in above.items():
            rest = count - sum(below[child, category] for child in h3.cell_to_children(cell))
            assert rest == 0 or rest >= privacy.K


def test_suppression_leaves_nothing_small_to_be_worked_out() -> None:
    check_suppression()
    assert seen["told"] > 150


def test_all_but_the_smallest_count_is_told_where_that_is_enough() -> None:
    cells = sorted(h3.cell_to_children(h3.latlng_to_cell(52.2, 21.0, 7), 8))[:4]
    numbers = np.array([9, 7, 6, 2])
    level8 = Counts(8, integers(cells), np.zeros(4, dtype=np.int64), numbers, numbers)
    level7 = Counts(
        7, integers([h3.cell_to_parent(cells[0])]), np.zeros(1, dtype=np.int64), np.array([24]), np.array([24])
    )
    top, bottom = privacy.shown([level7, level8])
    assert top.tolist() == [True]
    assert bottom.tolist() == [True, True, False, False]


@pytest.mark.parametrize(("count", "told"), [(4, False), (5, True)])
def test_five_reports_are_enough_to_be_told(count: int, told: bool) -> None:  # noqa: FBT001 - a table's column
    cell = h3.latlng_to_cell(52.2, 21.0, 11)
    categories, recent = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.bool_)
    found = pyramid(integers([cell] * count), categories, recent, (8, 7, 6, 5))[::-1]
    assert [mask.tolist() for mask in privacy.shown(found)] == [[told]] * 4
    assert [column.tolist() for column in privacy.country_shown(found[0])] == ([[0], [5]] if told else [[], []])


def test_nothing_vulnerable_is_told_below_resolution_8() -> None:
    cell = h3.latlng_to_cell(52.2, 21.0, 11)
    found = pyramid(integers([cell] * 9), np.zeros(9, dtype=np.int64), np.ones(9, dtype=np.bool_), RESOLUTIONS)[::-1]
    assert [mask.tolist() for mask in privacy.shown(found)] == [[True], [True], [True], [True], [False]]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 3)), max_size=60))
def test_sources_are_counted_once(rows: list[tuple[int, int]]) -> None:
    groups, sources = (np.array([row[place] for row in rows], dtype=np.int64) for place in (0, 1))
    expected = [
        len({source for group, source in rows if group == wanted and source >= 0})
        + sum(1 for group, source in rows if group == wanted and source < 0)
        for wanted in range(5)
    ]
    assert distinct(groups, sources, 5).tolist() == expected


def test_a_tile_names_the_first_of_equal_categories_and_hides_a_recent_count_that_must_not_be_told() -> None:
    cell = h3.latlng_to_cell(52.2, 21.0, 8)
    rows = Counts(8, integers([cell] * 3), np.array([0, 2, 3]), np.array([5, 5, 1]), np.array([2, 1, 1]))
    ((parent, tile),) = tiles(layer(rows, np.array([False, True, True])), ["a", "b", "c", "d"])
    assert parent == h3.cell_to_parent(cell, 5)
    assert tile["categories"] == ["a", "c", "d"]
    assert (tile["n365"], tile["n28"], tile["top"]) == ([11], [2], [0])
    assert tile["by_category"] == [[0, 0, 5, None], [1, 0, 5, 1], [2, 0, 1, 1]]


def _all(level: Counts) -> Counter[tuple[str, int]]:
    keys = zip(level.cell.tolist(), level.category.tolist(), strict=True)
    rows = zip(keys, level.year.tolist(), strict=True)
    return Counter({(grid.name(cell), category): count for (cell, category), count in rows})


def _told(level: Counts, mask: Flags) -> Counter[tuple[str, int]]:
    return _all(level.where(mask))
