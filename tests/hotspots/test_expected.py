"""Expected reports and surprise: the formulae by hand, the order of reports, and what is alarming."""

from math import exp2, log

import numpy as np
import pytest

from chalicelib.hotspots import surprise
from chalicelib.hotspots.analysis import LOOK_BACK_DAYS, Analysis, Reports, analyse
from chalicelib.hotspots.clusters import Groups, clusters, ring_sources
from chalicelib.hotspots.counts import WINDOWS, Numbers
from chalicelib.hotspots.expected import HALF_LIVES, daily, decayed, smoothed
from chalicelib.hotspots.lattice import Floats, Lattice
from chalicelib.hotspots.tails import negative_binomial_tail
from tests.hotspots.maps import region


def some_reports(lattice: Lattice, count: int, seed: int) -> Reports:
    chance = np.random.default_rng(seed)
    share = chance.gamma(0.1, 1, len(lattice.cells))
    return Reports(
        chance.choice(len(lattice.cells), count, p=share / share.sum()),
        chance.integers(0, 1826, count),
        np.where(chance.random(count) < 0.7, -1, chance.integers(0, 40, count)),
    )


def decays(lattice: Lattice, reports: Reports) -> tuple[Floats, Floats]:
    lasting, repeated = (decayed(reports.row, reports.age, len(lattice.cells), life) for life in HALF_LIVES)
    return lasting, repeated


def analysis(lattice: Lattice, groups: Groups, reports: Reports) -> Analysis:
    """As a night does it: old reports count among the lasting ones alone."""
    return analyse(lattice, groups, reports.where(reports.age < LOOK_BACK_DAYS), decays(lattice, reports)[0])


def disk_mean(lattice: Lattice, values: Numbers | list[float], row: int, reach: int) -> float:
    _, near = lattice.edges(np.array([row]), reach)
    return float(np.mean([values[cell] for cell in near.tolist()]))


def test_a_report_counts_half_after_its_half_life() -> None:
    rows, ages = np.array([0, 0, 2, 2]), np.array([0, 365, 730, 730])
    assert decayed(rows, ages, 4, 365).tolist() == [1.5, 0.0, 0.5, 0.0]
    none = np.zeros(0, dtype=np.int64)
    assert decayed(none, none, 3, 365).tolist() == [0.0, 0.0, 0.0]


def test_expected_reports_are_those_of_the_formula() -> None:
    lattice = region(5)
    reports = some_reports(lattice, 300, 1)
    events = list(zip(reports.row.tolist(), reports.age.tolist(), strict=True))
    cells = range(len(lattice.cells))
    d = [sum(exp2(-age / 365) for row, age in events if row == cell) for cell in cells]
    q = [sum(exp2(-age / 14) for row, age in events if row == cell) for cell in cells]
    mean = sum(d) / len(d)
    size = mean**2 / (sum((value - mean) ** 2 for value in d) / len(d) - mean)
    found = daily(lattice, *decays(lattice, reports))
    for cell in cells:
        near = disk_mean(lattice, d, cell, 2)
        lasting = near + near / (near + size) * (d[cell] - near)
        _, ring = lattice.edges(np.array([cell]))
        around = sum(q[other] for other in ring.tolist()) - q[cell]
        expected = lasting / (365 / log(2)) + 0.05 * (q[cell] + 0.2 * around) / (14 / log(2))
        assert found[cell] == pytest.approx(expected, rel=1e-7)


def test_where_counts_differ_no_more_than_chance_has_it_the_surroundings_decide() -> None:
    lattice = region(6)
    counts = np.ones(len(lattice.cells))
    assert smoothed(lattice, counts) == pytest.approx(1.0)
    assert (smoothed(lattice, np.zeros(len(lattice.cells))) == 0).all()


def surprising(lattice: Lattice, past: Numbers, recent: Numbers) -> float:
    return float(surprise.chance(lattice, past, recent)[len(past) // 2])


def test_surprise_is_that_of_the_formula() -> None:
    lattice, chance = region(6), np.random.default_rng(3)
    past = chance.poisson(chance.gamma(0.5, 6, len(lattice.cells)))
    recent = chance.poisson(past * 28 / 365 * 1.3)
    found = surprise.chance(lattice, past, recent)
    mean, variance = float(past.mean()), float(past.var())
    shape = mean**2 / (variance - mean)
    season = recent.sum() / (past.sum() * 28 / 365)
    for cell in range(0, len(past), 5):
        _, near = lattice.edges(np.array([cell]), 2)
        local = (past[near].sum() + mean) / (len(near) + 1)
        mu = (shape + past[cell]) / (shape / local + 1) * 28 / 365 * season
        variance = mu + mu**2 * (1 / (shape + past[cell]) + 0.02)
        expected = negative_binomial_tail(recent[cell : cell + 1], np.array([mu]), np.array([mu**2 / (variance - mu)]))
        assert found[cell] == pytest.approx(expected[0], rel=1e-9)


def test_ten_reports_surprise_where_one_a_month_is_usual_and_not_where_ten_are() -> None:
    lattice = region(8)
    usual = np.full(len(lattice.cells), 13)
    month = np.ones(len(lattice.cells), dtype=np.int64)
    month[len(month) // 2] = 10
    assert surprising(lattice, usual, month) < 1e-4
    usual[len(usual) // 2] = 130
    assert surprising(lattice, usual, month) > 0.2
    assert surprising(lattice, usual * 0, month * 0) == 1.0


def test_a_place_without_any_past_is_rare_and_not_impossible() -> None:
    lattice = region(30)
    past, recent = np.zeros(len(lattice.cells), dtype=np.int64), np.zeros(len(lattice.cells), dtype=np.int64)
    past[:100], recent[:100] = 5, 1
    recent[len(recent) // 2] = 5
    p = surprise.chance(lattice, past, recent)
    assert 0 < p[len(recent) // 2] < 1e-4
    assert np.flatnonzero(surprise.rising(p, recent)).tolist() == [len(recent) // 2]
    recent[len(recent) // 2] = 4
    assert not surprise.rising(surprise.chance(lattice, past, recent), recent).any()


def test_scores_end_at_twenty() -> None:
    assert surprise.score(np.array([1.0, 1e-3, 1e-30, 0.0])).tolist() == pytest.approx([0.0, 3.0, 20.0, 20.0])
    assert not np.signbit(surprise.score(np.array([1.0]))).any()


def test_unchanging_places_raise_hardly_an_alarm() -> None:
    lattice, chance = region(22), np.random.default_rng(6)
    rate = chance.gamma(0.5, 8, len(lattice.cells))
    alarms = [
        surprise.rising(surprise.chance(lattice, chance.poisson(rate), recent), recent).sum()
        for recent in (chance.poisson(rate * 28 / 365) for _ in range(40))
    ]
    assert np.mean(alarms) <= 0.5


def told(found: Analysis) -> list[bytes]:
    columns = [found.rows, found.expected, found.surprise, found.rising, found.trend]
    for window in found.windows.values():
        columns += [column for one in (window.near, window.national) for column in (one.z, one.p_gi, one.p_poisson)]
        columns += [window.near.hot, window.national.hot]
    return [column.tobytes() for column in columns]


def test_the_order_of_the_reports_changes_no_bit() -> None:
    lattice, chance = region(20), np.random.default_rng(9)
    reports = some_reports(lattice, 20_000, 2)
    groups = np.arange(len(lattice.cells)) // 300
    once = analysis(lattice, Groups.of(lattice, groups), reports)
    order = chance.permutation(20_000)
    again = analysis(
        lattice, Groups.of(lattice, groups), Reports(reports.row[order], reports.age[order], reports.source[order])
    )
    assert told(once) == told(again)
    assert once.windows["365d"].near.hot.any()
    assert once.trend.any()


def test_windows_hold_the_days_before_publication() -> None:
    lattice = region(3)
    nowhere = np.zeros(len(lattice.cells), dtype=np.int64)
    ages = np.array([0, 27, 28, 364, 365])
    reports = Reports(np.full(5, 4), ages, np.array([-1, 7, 7, 7, -1]))
    found = analysis(lattice, Groups.of(lattice, nowhere), reports)
    assert found.rows.tolist() == [4]
    for name, count in (("365d", 4), ("28d", 2)):
        counts = nowhere.copy()
        counts[4] = count
        assert found.windows[name].national.z[0] == clusters(lattice, counts).z[4]
    assert found.expected[0] == 30 * daily(lattice, *decays(lattice, reports))[4]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_told_of_few_cells_is_what_all_cells_would_be_told(seed: int) -> None:
    lattice = region(20)
    n, reports = len(lattice.cells), some_reports(lattice, 4000, seed)
    groups = Groups.of(lattice, np.arange(n) // 300)
    found = analysis(lattice, groups, reports)
    year = reports.where(reports.age < 365)
    assert found.rows.tolist() == sorted(set(year.row.tolist()))
    for name, days in WINDOWS.items():
        inside = reports.where(reports.age < days)
        counts = inside.counts(n)
        around = ring_sources(lattice, inside.row, inside.source, lattice.around(counts))
        window = found.windows[name]
        for told_, group in ((window.near, groups), (window.national, None)):
            everywhere = clusters(lattice, counts, group, around)
            for field in ("z", "p_gi", "p_poisson", "hot"):
                assert (getattr(told_, field) == getattr(everywhere, field)[found.rows]).all()
            assert (everywhere.p_poisson < 1).sum() > 100
    assert (found.expected == 30 * daily(lattice, *decays(lattice, reports))[found.rows]).all()
