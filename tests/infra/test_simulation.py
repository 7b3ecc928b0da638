"""The model of a day against the limits of AWS: nobody is lost in it, and its answers bend the right way."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.commands.cost import templates
from infra.simulation import DAY_S, EVENT_S, EVENT_SHARE, REPORTS_A_DAY, Limits, arrivals, simulate, through

COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=60).map(lambda found: np.array(found, dtype=np.int64))


@pytest.fixture(scope="module")
def limits() -> Limits:
    return Limits.of(templates()["functions"])


@given(coming=COUNTS, rate=st.integers(1, 40), again=st.integers(1, 7))
def test_whoever_comes_passes_and_nobody_passes_before_coming(coming: np.ndarray, rate: int, again: int) -> None:
    passed, waits = through(coming, rate, None, again)
    assert passed.sum() == coming.sum() == waits.seconds.total()
    assert passed.max() <= rate
    come = np.cumsum(np.concatenate([coming, np.zeros(max(0, len(passed) - len(coming)), dtype=np.int64)]))
    assert (np.cumsum(passed) <= come[: len(passed)]).all()
    assert all(wait % again == 0 for wait in waits.seconds)


@given(coming=COUNTS, rate=st.integers(1, 40), more=st.integers(0, 40), share=st.floats(0.01, 1))
def test_a_higher_limit_never_makes_anybody_wait_longer(coming: np.ndarray, rate: int, more: int, share: float) -> None:
    slow, fast = (through(coming, each)[1].quantile(share) for each in (rate, rate + more))
    assert fast <= slow


@given(coming=COUNTS)
def test_without_limits_nobody_waits(coming: np.ndarray) -> None:
    assert set(through(coming, 1e9)[1].seconds) <= {0}


def test_a_burst_lets_through_at_once_what_was_saved_up() -> None:
    passed, waits = through(np.array([0, 0, 0, 12]), 2, 8)
    assert passed.tolist() == [0, 0, 0, 8, 2, 2]
    assert waits.seconds == {0: 8, 1: 2, 2: 2}


def test_a_day_has_as_many_reports_as_it_should_and_an_event_a_fifth_more() -> None:
    country, unit = arrivals(100, event=True)
    assert len(country) == DAY_S
    assert unit.sum() == pytest.approx(100 * REPORTS_A_DAY * EVENT_SHARE, rel=0.05)
    assert country.sum() == pytest.approx(100 * REPORTS_A_DAY * (1 + EVENT_SHARE), rel=0.02)
    assert np.count_nonzero(unit) <= EVENT_S
    assert arrivals(1, event=False)[1].sum() == 0


def test_the_nation_of_today_is_far_from_every_limit(limits: Limits) -> None:
    found = simulate(limits, 1, event=True)
    assert found["accepted"] == found["reports"] == found["at_once"]
    assert max(found["use_percent"].values()) < 25


def test_the_limit_that_is_taken_away_most_of_binds_first(limits: Limits) -> None:
    for name, said in (("mails", "mails"), ("relay", "relay"), ("unit_key", "key of the unit")):
        tight = replace(limits, **{name: 0.5})
        found = simulate(tight, 10, event=True)
        assert found["binds_first"] == said
        assert found["mail_p99_s"] + found["wait_p99_s"] > 0


def test_limits_of_ours_are_those_of_the_template(limits: Limits) -> None:
    assert (limits.gateway, limits.burst) == (50, 100)
    assert all(getattr(limits, each.name) > 0 for each in fields(limits))
