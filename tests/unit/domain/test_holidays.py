"""Working days: holidays by calendar, weekday and Easter, and deadlines that count them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.catalogue import Catalogue, Clock
from chalicelib.domain.deadlines import due_at_acceptance, recheck_due, verify_due
from chalicelib.domain.holidays import Holiday, WorkingDays
from chalicelib.domain.instance import Instance
from infra.commands.importing import instance_of
from tests.unit.domain.conftest import MakeCategory

WARSAW = ZoneInfo("Europe/Warsaw")
INSTANCES = Path(__file__).resolve().parents[3] / "instances"


def working(code: str) -> WorkingDays:
    days = instance_of(INSTANCES / code).working_days
    assert days is not None
    return days


POLAND = working("pl")
SOMETIME = st.integers(0, 88 * 365 * 86_400).map(lambda second: datetime(2011, 1, 1, tzinfo=UTC) + timedelta(0, second))


def days_off(days: WorkingDays, year: int) -> list[str]:
    """The holidays of a year, weekends or not."""
    plain = WorkingDays(days.zone, frozenset(), days.holidays)
    first = date(year, 1, 1)
    every = (first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days))
    return [f"{day:%m-%d}" for day in every if not plain.are(day)]


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2010, "01-01 04-04 04-05 05-01 05-03 05-23 06-03 08-15 11-01 11-11 12-25 12-26"),
        (2024, "01-01 01-06 03-31 04-01 05-01 05-03 05-19 05-30 08-15 11-01 11-11 12-25 12-26"),
        (2025, "01-01 01-06 04-20 04-21 05-01 05-03 06-08 06-19 08-15 11-01 11-11 12-24 12-25 12-26"),
        (2026, "01-01 01-06 04-05 04-06 05-01 05-03 05-24 06-04 08-15 11-01 11-11 12-24 12-25 12-26"),
        (2038, "01-01 01-06 04-25 04-26 05-01 05-03 06-13 06-24 08-15 11-01 11-11 12-24 12-25 12-26"),
    ],
)
def test_Polish_holidays_are_those_of_the_calendar(year: int, expected: str) -> None:
    assert days_off(POLAND, year) == expected.split()


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (2018, "01-01 02-12 03-30 05-21 07-01 08-06 09-03 10-08 11-11 12-25"),
        (2026, "01-01 02-16 04-03 05-18 07-01 08-03 09-07 09-30 10-12 11-11 12-25"),
    ],
)
def test_another_instance_has_its_own(year: int, expected: str) -> None:
    assert days_off(working("vancouver"), year) == expected.split()


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW).astimezone(UTC)


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        ("2026-11-20T12:00", 1, "2026-11-23T12:00"),
        ("2026-11-21T12:00", 1, "2026-11-24T00:00"),
        ("2026-11-22T23:59", 0, "2026-11-23T00:00"),
        ("2026-11-20T12:00", 0, "2026-11-20T12:00"),
        ("2026-11-16T08:30", 3, "2026-11-19T08:30"),
        ("2026-11-16T08:30", 7, "2026-11-25T08:30"),
        ("2026-12-23T10:00", 1, "2026-12-28T10:00"),
        ("2024-12-23T10:00", 1, "2024-12-24T10:00"),
        ("2026-12-24T10:00", 1, "2026-12-29T00:00"),
        ("2026-12-31T23:30", 1, "2027-01-04T23:30"),
        ("2026-06-03T09:00", 1, "2026-06-05T09:00"),
        ("2026-04-03T09:00", 3, "2026-04-09T09:00"),
        # Over both changes of the clocks the time of day stays.
        ("2026-03-27T12:00", 1, "2026-03-30T12:00"),
        ("2026-10-23T12:00", 1, "2026-10-26T12:00"),
    ],
)
def test_S10_working_days_lead_from_a_moment_to_a_moment(begins: str, days: int, ends: str) -> None:
    assert POLAND.after(local(begins), days) == local(ends)
    assert POLAND.after(local(begins), days).tzinfo is UTC


def test_S10_the_day_is_that_of_the_instance_not_of_UTC() -> None:
    friday_in_utc = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert POLAND.after(friday_in_utc, 1) == local("2026-11-24T00:00")


@given(SOMETIME, st.integers(0, 30))
def test_S10_just_so_many_working_days_lie_between(begins: datetime, days: int) -> None:
    ends = POLAND.after(begins, days)
    first, last = begins.astimezone(WARSAW).date(), ends.astimezone(WARSAW).date()
    between = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
    started_late = not POLAND.are(first)
    assert POLAND.are(last)
    assert sum(map(POLAND.are, between)) == days + started_late


def test_a_day_that_not_every_year_has_is_a_holiday_in_the_years_that_have_it() -> None:
    leap = Holiday.from_document({"date": "02-29"})
    assert [leap.on(year) for year in (2000, 2100, 2026, 2028)] == [
        date(2000, 2, 29),
        None,
        None,
        date(2028, 2, 29),
    ]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"date": "05-01", "easter": 1},
        {"easter": 1, "weekday": 1},
        {"date": "05-01", "weekday": 8},
        {"date": "13-01"},
    ],
)
def test_a_holiday_that_is_none_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the standard library's or ours
        Holiday.from_document(row)


@pytest.mark.parametrize("weekend", [[1, 2, 3, 4, 5, 6, 7], [0], [8]])
def test_a_weekend_leaves_some_day_to_work(weekend: list[int]) -> None:
    with pytest.raises(ValueError, match="weekend"):
        WorkingDays.from_document({"weekend": weekend, "holidays": []}, WARSAW)


def test_S10_a_category_counts_its_deadlines_in_working_days(make_category: MakeCategory) -> None:
    category = make_category(working_days=POLAND)
    due = due_at_acceptance(category, local("2026-12-23T10:00"))
    assert due.take_up == local("2026-12-30T10:00")
    assert due.verify == local("2027-01-12T10:00")
    assert verify_due(category, local("2026-11-21T12:00")) == local("2026-12-02T00:00")


@pytest.mark.parametrize(
    ("counted", "verify", "due"),
    [
        # From the day before Christmas Eve: 24 to 27 December are days off in 2026.
        (POLAND, None, "2026-12-30T10:00"),
        (None, None, "2026-12-26T10:00"),
        (POLAND, "2026-12-28T10:00", "2026-12-30T10:00"),
        (POLAND, "2026-12-31T10:00", "2026-12-31T10:00"),
    ],
)
def test_a_second_look_has_three_days_of_the_kind_that_the_category_counts(
    make_category: MakeCategory, counted: WorkingDays | None, verify: str | None, due: str
) -> None:
    category, now = make_category(working_days=counted), local("2026-12-23T10:00")
    assert recheck_due(category, None if verify is None else local(verify), now) == local(due)


@pytest.mark.parametrize(
    ("rule", "own", "counts"),
    [(False, None, False), (False, True, True), (True, None, True), (True, False, False)],
)
def test_the_instance_gives_the_rule_and_a_category_the_exception(
    rule: bool,  # noqa: FBT001
    own: bool | None,  # noqa: FBT001
    counts: bool,  # noqa: FBT001
    poland: Instance,
) -> None:
    row = _row(own)
    read = Catalogue.from_document(row, Clock(POLAND, is_rule=rule)).categories["a"]
    assert (read.working_days is not None) is counts
    assert all(category.working_days is None for category in poland.catalogue.categories.values())


def test_working_days_that_the_instance_does_not_name_cannot_be_counted() -> None:
    with pytest.raises(ValueError, match="names no working days"):
        Catalogue.from_document(_row(own=True))


def _row(own: bool | None) -> dict[str, Any]:  # noqa: FBT001
    values = {"code": "a", "names": {"pl": "a"}, "group": "g", "icon": "x", "sensitivity": "ordinary", "priority": 3}
    numbers = {"description_required": False, "duplicate_radius_m": 50, "take_up_days": 3, "verify_days": 7}
    category = {**values, **numbers, **({} if own is None else {"working_days": own})}
    return {"version": "1", "groups": [{"code": "g", "names": {"pl": "g"}}], "categories": [category]}
