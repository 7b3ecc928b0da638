"""Which days a period holds, and when it is told."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.hotspots.periods import DAYS, PERIODS, SETTLING, closed, first_day, period_of

days = st.dates(date(2020, 1, 1), date(2100, 1, 1))


@given(days)
def test_every_day_is_in_one_period_of_four_weeks_that_begins_on_a_monday(day: date) -> None:
    first = first_day(period_of(day))
    assert first <= day < first + timedelta(days=DAYS) == first_day(period_of(day) + 1)
    assert first.isoweekday() == 1


@given(days)
def test_the_last_thirteen_are_told_that_ended_a_week_ago(day: date) -> None:
    periods = closed(day)
    assert len(periods) == PERIODS
    assert first_day(periods.stop) + SETTLING <= day < first_day(periods.stop + 1) + SETTLING
