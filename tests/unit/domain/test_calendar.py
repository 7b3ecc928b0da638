from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import (
    HOUR,
    PART_HOURS,
    Part,
    day_bounds,
    day_of,
    full_hour_from,
    month_later,
    next_midnight,
    part_of,
    weekday,
)

WARSAW = ZoneInfo("Europe/Warsaw")
# Zones with clocks that change at midnight (Havana, Asuncion), by half an hour (Lord Howe), or not in whole hours.
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Warsaw",
        "America/Vancouver",
        "America/Havana",
        "America/Asuncion",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
    )
]
INSTANTS = st.datetimes(datetime(1999, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # zone follows


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-11-24T22:59:59+00:00", "2026-11-24"),
        ("2026-11-24T23:00:00+00:00", "2026-11-25"),
        ("2026-07-24T21:59:59+00:00", "2026-07-24"),
        ("2026-07-24T22:00:00+00:00", "2026-07-25"),
        ("2026-11-25T01:30:00+14:00", "2026-11-24"),
    ],
)
def test_L07_day_turns_at_local_midnight(instant: str, day: str) -> None:
    assert day_of(datetime.fromisoformat(instant), WARSAW) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "first", "hours"),
    [
        ("2026-03-28", "2026-03-27T23:00", 24),
        ("2026-03-29", "2026-03-28T23:00", 23),
        ("2026-03-30", "2026-03-29T22:00", 24),
        ("2026-10-24", "2026-10-23T22:00", 24),
        ("2026-10-25", "2026-10-24T22:00", 25),
        ("2026-10-26", "2026-10-25T23:00", 24),
    ],
)
def test_L07_day_has_the_hours_that_the_clock_gives_it(day: str, first: str, hours: int) -> None:
    start, end = day_bounds(date.fromisoformat(day), WARSAW)
    assert start == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert end - start == timedelta(hours=hours)


@pytest.mark.parametrize("naive", [datetime(2026, 11, 24, 12)])  # noqa: DTZ001  # the naive one is the point
def test_naive_time_belongs_to_no_day(naive: datetime) -> None:
    with pytest.raises(ValueError, match="offset"):
        day_of(naive, WARSAW)


@given(instant=INSTANTS, zone=st.sampled_from(ZONES))
def test_every_instant_lies_within_its_day(instant: datetime, zone: ZoneInfo) -> None:
    start, end = day_bounds(day_of(instant, zone), zone)
    assert start <= instant < end
    assert start.tzinfo is end.tzinfo is UTC


@given(instant=INSTANTS, zone=st.sampled_from(ZONES))
def test_day_begins_where_the_day_before_ends(instant: datetime, zone: ZoneInfo) -> None:
    day = day_of(instant, zone)
    start, _ = day_bounds(day, zone)
    assert day_of(start, zone) == day
    assert day_of(start - timedelta(microseconds=1), zone) == day - timedelta(days=1)


@given(instant=INSTANTS, zone=st.sampled_from(ZONES))
def test_next_midnight_is_the_first_instant_of_tomorrow(instant: datetime, zone: ZoneInfo) -> None:
    midnight = next_midnight(instant, zone)
    assert instant < midnight <= instant + 26 * HOUR
    assert day_of(midnight, zone) == day_of(instant, zone) + timedelta(days=1)


@pytest.mark.parametrize(
    ("local", "day", "part"),
    [
        ("2026-11-24T05:59:59+01:00", "2026-11-23", "night"),
        ("2026-11-24T06:00:00+01:00", "2026-11-24", "morning"),
        ("2026-11-24T11:59:59+01:00", "2026-11-24", "morning"),
        ("2026-11-24T12:00:00+01:00", "2026-11-24", "afternoon"),
        ("2026-11-24T17:59:59+01:00", "2026-11-24", "afternoon"),
        ("2026-11-24T18:00:00+01:00", "2026-11-24", "evening"),
        ("2026-11-24T21:59:59+01:00", "2026-11-24", "evening"),
        ("2026-11-24T22:00:00+01:00", "2026-11-24", "night"),
        ("2026-11-24T23:59:59+01:00", "2026-11-24", "night"),
        ("2026-11-25T00:00:00+01:00", "2026-11-24", "night"),
        ("2026-10-25T02:30:00+02:00", "2026-10-24", "night"),
        ("2026-10-25T02:30:00+01:00", "2026-10-24", "night"),
        ("2026-03-29T03:30:00+02:00", "2026-03-28", "night"),
    ],
)
def test_night_belongs_to_the_day_on_which_it_begins(local: str, day: str, part: str) -> None:
    assert part_of(datetime.fromisoformat(local), WARSAW) == (date.fromisoformat(day), Part(part))


def test_parts_cover_the_clock_once() -> None:
    hours = [hour % 24 for first, end in PART_HOURS.values() for hour in range(first, end + (24 if end < first else 0))]
    assert sorted(hours) == list(range(24))


@pytest.mark.parametrize(("day", "number"), [("2026-11-23", 1), ("2026-11-27", 5), ("2026-11-29", 7)])
def test_monday_is_the_first_weekday(day: str, number: int) -> None:
    assert weekday(date.fromisoformat(day)) == number


@pytest.mark.parametrize(
    ("instant", "hour"),
    [
        ("2026-11-24T14:00:00+00:00", "2026-11-24T14:00:00+00:00"),
        ("2026-11-24T14:00:00.000001+00:00", "2026-11-24T15:00:00+00:00"),
        ("2026-11-24T14:59:59+00:00", "2026-11-24T15:00:00+00:00"),
        ("2026-10-25T00:30:00+00:00", "2026-10-25T01:00:00+00:00"),
    ],
)
def test_full_hour_is_never_earlier(instant: str, hour: str) -> None:
    assert full_hour_from(datetime.fromisoformat(instant), WARSAW) == datetime.fromisoformat(hour)


def test_full_hour_is_that_of_the_local_clock() -> None:
    hour = full_hour_from(datetime(2026, 11, 24, 14, 1, tzinfo=UTC), ZoneInfo("Asia/Kathmandu"))
    assert hour == datetime(2026, 11, 24, 14, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        ("2026-11-24", "2026-12-24"),
        ("2026-12-31", "2027-01-31"),
        ("2026-01-31", "2026-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2026-01-01", "2026-02-01"),
        ("2026-02-28", "2026-03-28"),
        ("2026-03-31", "2026-04-30"),
    ],
)
def test_month_later_is_the_same_day_or_the_last(day: str, later: str) -> None:
    assert month_later(date.fromisoformat(day)) == date.fromisoformat(later)
