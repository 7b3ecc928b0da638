"""Gi*, the Poisson test and the two together: as esda and statsmodels have them, and right where nothing is."""

import h3.api.basic_int as h3
import numpy as np
import pytest

from chalicelib.hotspots.clusters import (
    LEAST_REPORTS,
    Clusters,
    Groups,
    clusters,
    cold,
    gi_star,
    hot,
    reference,
    ring_sources,
)
from chalicelib.hotspots.counts import Numbers
from chalicelib.hotspots.discovery import confidence, discoveries
from chalicelib.hotspots.lattice import Floats, Lattice
from chalicelib.hotspots.tails import least_normal_tail, least_poisson_tail, normal_tail, poisson_tail
from tests.hotspots.maps import RECORDED, WARSAW, integers, region


def z_of(lattice: Lattice, counts: Numbers) -> Floats:
    return gi_star(lattice.around(counts), lattice.members(), reference(counts))


def test_gi_star_is_that_of_esda() -> None:
    asked = RECORDED["asked"]["gi"]
    found = z_of(Lattice.of(integers(asked["cells"])), np.array(asked["counts"]))
    assert np.abs(found - RECORDED["answered"]["gi"]["z"]).max() <= 1e-12
    assert np.abs(found).max() > 2


def test_discoveries_are_those_of_statsmodels() -> None:
    asked, answered = RECORDED["asked"]["discoveries"], RECORDED["answered"]["discoveries"]
    assert discoveries(np.array(asked["p"]), asked["share"]).tolist() == answered
    assert 0 < sum(answered) < len(answered)


@pytest.mark.parametrize("n", [1, 2, 5, 40])
def test_discoveries_are_the_longest_beginning_below_the_line(n: int) -> None:
    chance, some = np.random.default_rng(n), 0
    for _ in range(300):
        p = np.round(chance.random(n) ** 4, 3)
        ordered = np.sort(p)
        k = max((rank for rank in range(1, n + 1) if ordered[rank - 1] <= rank * 0.05 / n), default=0)
        expected = p <= ordered[k - 1] if k else np.zeros(n, dtype=np.bool_)
        assert discoveries(p, 0.05).tolist() == expected.tolist()
        some += k
    assert some > 30


def test_confidence_is_the_largest_at_which_all_tests_are_discoveries() -> None:
    p, q = np.array([1e-9, 0.02, 0.04, 0.9]), np.array([1e-9, 1e-9, 1e-9, 1e-9])
    assert confidence(p, q).tolist() == [99, 95, 90, 0]
    assert confidence(q, p).tolist() == [99, 95, 90, 0]


def different(lattice: Lattice, rows: Numbers, sources: Numbers) -> Numbers:
    return ring_sources(lattice, rows, sources, lattice.around(np.bincount(rows, minlength=len(lattice.cells))))


def null_maps(mean: float, groups: int) -> tuple[float, float]:
    """Hot cells a map where only chance is, by both tests and by Gi* alone: the mean of forty maps."""
    lattice, chance = region(60), np.random.default_rng(int(mean * 1000))
    powiats = np.arange(len(lattice.cells)) * groups // len(lattice.cells)
    compared = None if groups == 1 else Groups.of(lattice, powiats)
    found, alone = [], []
    for _ in range(40):
        tested = clusters(lattice, chance.poisson(mean, len(lattice.cells)), compared)
        found.append((tested.hot >= 95).sum())
        alone.append(discoveries(tested.p_gi, 0.05).sum())
    return float(np.mean(found)), float(np.mean(alone))


@pytest.mark.parametrize("groups", [1, 9])
@pytest.mark.parametrize("mean", [0.005, 0.02, 0.05, 0.1, 0.3, 1.0, 5.0])
def test_maps_of_chance_alone_have_no_hot_cells(mean: float, groups: int) -> None:
    both, gi_alone = null_maps(mean, groups)
    assert both <= 0.5
    # Why there are two tests.
    assert mean > 0.3 or gi_alone > 10


def test_a_planted_cluster_is_found_and_nothing_else() -> None:
    lattice, chance = region(40), np.random.default_rng(7)
    counts = chance.poisson(0.05, len(lattice.cells))
    middle = int(np.searchsorted(lattice.cells, h3.latlng_to_cell(*WARSAW, 8)))
    counts[middle] += 8
    hot = clusters(lattice, counts).hot >= 95
    assert hot[middle]
    _, near = lattice.edges(np.array([middle]))
    assert set(np.flatnonzero(hot).tolist()) <= set(near.tolist())


@pytest.mark.parametrize(
    ("shape", "reports", "seed", "decisive"),
    [(0.1, 4000, 3, {"gi"}), (1, 200, 3, {"poisson"}), (0.05, 100, 1, {"reports", "sources"})],
)
def test_hot_is_what_both_tests_discover_with_enough_reports_from_enough_sources(
    shape: float, reports: int, seed: int, decisive: set[str]
) -> None:
    lattice, chance = region(25), np.random.default_rng(seed)
    share = chance.gamma(shape, 1, len(lattice.cells))
    rows = chance.choice(len(lattice.cells), reports, p=share / share.sum())
    sources = np.where(chance.random(reports) < 0.5, -1, rows // 40)
    counts, around = np.bincount(rows, minlength=len(lattice.cells)), different(lattice, rows, sources)
    tested = clusters(lattice, counts, None, around)
    sums = lattice.around(counts)
    conditions = {
        "gi": discoveries(normal_tail(tested.z), 0.05),
        "poisson": discoveries(poisson_tail(sums, counts.mean() * lattice.members()), 0.05),
        "reports": sums >= 5,
        "sources": around >= 3,
    }
    assert ((tested.hot >= 95) == np.logical_and.reduce(list(conditions.values()))).all()
    for name in decisive:
        without = np.logical_and.reduce([held for other, held in conditions.items() if other != name])
        assert (without & ~conditions[name]).any()


@pytest.mark.parametrize(
    ("reports", "sources", "hot_"), [(12, 12, True), (12, 3, True), (12, 2, False), (5, 5, True), (4, 4, False)]
)
def test_few_reports_or_few_sources_make_nothing_hot(reports: int, sources: int, hot_: bool) -> None:  # noqa: FBT001
    lattice = region(60)
    rows = np.full(reports, len(lattice.cells) // 2)
    counts = np.bincount(rows, minlength=len(lattice.cells))
    found = clusters(lattice, counts, None, different(lattice, rows, np.arange(reports) % sources))
    assert bool(found.hot.any()) is hot_
    assert (clusters(lattice, counts).hot.any()) == (reports >= LEAST_REPORTS)
    names = different(lattice, rows, np.arange(reports) % sources)
    alone = hot(lattice, counts, Groups.of(lattice, np.zeros_like(counts)), names, lattice.around(counts), 90)
    assert bool(alone.any()) is hot_


def test_sources_of_a_ring_are_counted_once() -> None:
    lattice, chance = region(4), np.random.default_rng(5)
    rows, sources = chance.integers(0, len(lattice.cells), 200), chance.integers(-1, 12, 200)
    expected = []
    for cell in lattice.cells.tolist():
        ring = set(h3.grid_disk(cell, 1))
        inside = [int(lattice.cells[row]) in ring for row in rows.tolist()]
        named = {source for source, kept in zip(sources.tolist(), inside, strict=True) if kept and source >= 0}
        expected.append(len(named) + int(((sources < 0) & np.array(inside)).sum()))
    assert different(lattice, rows, sources).tolist() == expected
    alone = np.full(200, -1)
    assert (different(lattice, rows, alone) == lattice.around(np.bincount(rows, minlength=61))).all()


def by_hand(lattice: Lattice, counts: Numbers, groups: Numbers, row: int) -> tuple[float, float]:
    """Z and the expectation of one ring, straight from their definitions."""
    number, near = lattice.edges(np.array([row]))
    assert not number.any()
    group = counts[groups == groups[row]]
    n, w, deviation = len(group), len(near), float(np.std(group))
    above = float(counts[near].sum()) - float(group.mean()) * w
    means = [float(counts[groups == groups[cell]].mean()) for cell in near.tolist()]
    return above / (deviation * np.sqrt((n * w - w * w) / (n - 1))), sum(means)


def test_a_powiat_is_compared_with_itself_and_rings_reach_across_its_border() -> None:
    lattice, chance = region(12), np.random.default_rng(11)
    groups = np.searchsorted(lattice.cells, lattice.cells, side="left") % 3
    counts = chance.poisson(np.array([0.2, 2.0, 9.0])[groups])
    tested = clusters(lattice, counts, Groups.of(lattice, groups))
    for row in range(0, len(lattice.cells), 17):
        z, expected = by_hand(lattice, counts, groups, row)
        assert tested.z[row] == pytest.approx(z, rel=1e-12)
        if sums := lattice.around(counts)[row]:
            assert tested.p_poisson[row] == pytest.approx(poisson_tail(np.array([sums]), np.array([expected]))[0])


def test_a_city_is_hot_against_the_nation_and_only_its_worst_corner_against_itself() -> None:
    lattice, chance = region(40), np.random.default_rng(2)
    center = h3.latlng_to_cell(*WARSAW, 8)
    city = np.isin(lattice.cells, np.array(h3.grid_disk(center, 8), dtype=np.uint64))
    counts = chance.poisson(np.where(city, 6.0, 0.1))
    corner = np.searchsorted(lattice.cells, np.array(h3.grid_disk(center, 1), dtype=np.uint64))
    counts[corner] += 15
    national, own = clusters(lattice, counts), clusters(lattice, counts, Groups.of(lattice, city.astype(np.int64)))
    assert (national.hot[city] >= 95).mean() > 0.9
    assert (own.hot[corner] >= 95).all()
    assert (own.hot[city] >= 95).mean() < 0.2


@pytest.mark.parametrize("count", [0, 3])
def test_where_all_counts_are_alike_nothing_stands_out(count: int) -> None:
    lattice = region(5)
    groups = Groups.of(lattice, np.arange(len(lattice.cells)) % 2)
    tested = clusters(lattice, np.full(len(lattice.cells), count), groups)
    assert (tested.z == 0).all()
    assert not tested.hot.any()


def test_a_group_smaller_than_a_ring_has_no_clusters() -> None:
    lattice = region(3)
    counts = np.zeros(len(lattice.cells), dtype=np.int64)
    counts[:2] = 50
    groups = Groups.of(lattice, np.minimum(np.arange(len(lattice.cells)), 2))
    found = clusters(lattice, counts, groups)
    assert (found.z[:2] == 0).all()
    assert not found.hot[:2].any()


def test_cold_is_a_hole_among_many_reports_and_never_where_few_are_expected() -> None:
    lattice, chance = region(25), np.random.default_rng(4)
    hole = np.isin(lattice.cells, np.array(h3.grid_disk(h3.latlng_to_cell(*WARSAW, 8), 2), dtype=np.uint64))
    counts = np.where(hole, 0, chance.poisson(6.0, len(lattice.cells)))
    everywhere = np.arange(len(counts))
    found = cold(lattice, counts, None, everywhere)
    assert found[lattice.around(hole.astype(np.int64)) == 7].all()
    assert not found[lattice.around(hole.astype(np.int64)) == 0].any()
    few = np.minimum(counts, 1) * (chance.random(len(counts)) < 0.2)
    assert not cold(lattice, few, None, everywhere).any()
    some = np.flatnonzero(found)[::3]
    assert (cold(lattice, counts, None, some) == found[some]).all()


def shifted(reach: int, move: tuple[int, int]) -> dict[tuple[int, int], int]:
    """A disk's cells somewhere else in the base cell, by their places relative to its centre."""
    start = h3.latlng_to_cell(*WARSAW, 8)
    origin = h3.local_ij_to_cell(
        start, *(at + by for at, by in zip(h3.cell_to_local_ij(start, start), move, strict=True))
    )
    center = h3.cell_to_local_ij(start, origin)
    found = {}
    for cell in h3.grid_disk(origin, reach):
        i, j = h3.cell_to_local_ij(start, cell)
        found[i - center[0], j - center[1]] = cell
    return found


@pytest.mark.parametrize("move", [(1, 0), (-3, 7), (211, -95), (-400, -321)])
def test_a_shift_in_space_changes_no_bit(move: tuple[int, int]) -> None:
    def told(cells: dict[tuple[int, int], int]) -> dict[tuple[int, int], tuple[float, ...]]:
        lattice = Lattice.of(np.array(sorted(cells.values()), dtype=np.uint64))
        place = {cell: at for at, cell in cells.items()}
        ordered = [place[cell] for cell in lattice.cells.tolist()]
        chance = np.random.default_rng(8)
        value = {
            at: (int(count), int(group))
            for at, count, group in zip(
                sorted(cells),
                chance.poisson(chance.gamma(0.3, 2, len(cells))),
                chance.integers(0, 3, len(cells)),
                strict=True,
            )
        }
        counts, groups = (np.array([value[at][column] for at in ordered]) for column in (0, 1))
        found: list[Clusters] = [clusters(lattice, counts), clusters(lattice, counts, Groups.of(lattice, groups))]
        columns = [column.tolist() for one in found for column in (one.z, one.p_gi, one.p_poisson, one.hot)]
        return dict(zip(ordered, zip(*columns, strict=True), strict=True))

    here, there = told(shifted(9, (0, 0))), told(shifted(9, move))
    assert here == there
    assert any(row[3] for row in here.values())


@pytest.mark.parametrize("seed", range(6))
def test_hot_alone_is_what_all_tests_call_hot(seed: int) -> None:
    lattice, chance = region(25), np.random.default_rng(seed)
    n = len(lattice.cells)
    groups = Groups.of(lattice, np.arange(n) * 5 // n)
    counts = chance.poisson(chance.gamma(0.2, 1 + seed, n))
    sums = lattice.around(counts)
    sources = np.where(chance.random(n) < 0.3, 2, sums)
    everything = clusters(lattice, counts, groups, sources)
    for level in (90, 95, 99):
        assert (hot(lattice, counts, groups, sources, sums, level) == (everything.hot >= level)).all()
    assert everything.hot.any()


def test_bounds_lie_below_what_they_bound() -> None:
    z = np.linspace(-3, 35, 500)
    assert (least_normal_tail(z) <= normal_tail(z)).all()
    counts, means = np.tile(np.arange(60), 50), np.repeat(np.geomspace(1e-3, 80, 50), 60)
    assert (least_poisson_tail(counts, means) <= poisson_tail(counts, means)).all()
    assert (least_poisson_tail(counts, means) >= poisson_tail(counts, means) * 0.9).any()
