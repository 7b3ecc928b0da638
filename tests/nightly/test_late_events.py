"""Events that a night misses, because the index lags or clocks differ: the next one counts them."""

from datetime import timedelta

from tests.nightly.world import NOON, Night, days_ago

SKEW = timedelta(minutes=5)


def test_an_event_that_the_index_shows_after_the_night_is_counted_by_the_next(night: Night) -> None:
    night.file(at=days_ago(1))
    late = night.file(at=days_ago(1) + timedelta(hours=11, minutes=58))
    item = night._event(night.reports[late], "2026-11-21")
    item.delete()
    assert night.run()["totals"]["reports_365d"] == 1
    item.save()
    night.now = NOON + timedelta(days=1)
    assert night.run()["totals"]["reports_365d"] == 2


def test_an_event_of_a_clock_that_is_five_minutes_slow_is_not_passed_over(night: Night) -> None:
    night.file(at=days_ago(1))
    night.run()
    # Written after the night by a server that still lives in the time before it.
    night.file(at=NOON - SKEW)
    night.now = NOON + timedelta(days=1)
    assert night.run()["totals"]["reports_365d"] == 2


def test_an_event_of_a_clock_that_is_five_minutes_fast_is_counted_once(night: Night) -> None:
    night.file(at=NOON + SKEW)
    night.file(at=days_ago(1))
    night.run()
    night.now = NOON + timedelta(days=1)
    assert night.run()["totals"]["reports_365d"] == 2
    night.now = NOON + timedelta(days=2)
    assert night.run()["totals"]["reports_365d"] == 2
