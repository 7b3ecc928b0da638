"""When to look next: the chances of a time of the week, and the windows that are suggested."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import Part
from chalicelib.domain.checks import HORIZON_DAYS, MOST, Suggested, Why, begin, chances, rules, suggest

WARSAW = ZoneInfo("Europe/Warsaw")
NOON = datetime(2026, 6, 10, 10, tzinfo=UTC)
"""A Wednesday, noon in Warsaw."""

SLOTS = [(day, part) for day in range(1, 8) for part in Part]
FRIDAY_EVENING = (date(2026, 6, 12), Part.EVENING)

times_of_the_week = st.dictionaries(st.sampled_from(SLOTS), st.integers(1, 9))
instants = st.integers(0, 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
windows = st.tuples(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.sampled_from(Part))


def suggested(times: dict[tuple[int, Part], int], *checked: tuple[date, Part], **more: datetime) -> list[Suggested]:
    return suggest(times, checked, NOON, WARSAW, **more)


def first(found: list[Suggested]) -> tuple[date, Part]:
    return found[0].day, found[0].part


@given(times_of_the_week)
def test_the_chances_of_a_week_add_up_to_one(times: dict[tuple[int, Part], int]) -> None:
    assert sum(chances(times).values()) == pytest.approx(1)


def test_where_nobody_named_a_time_all_are_alike() -> None:
    assert list(chances({}).values()) == pytest.approx([1 / 28] * 28)


def test_a_chance_is_the_formula_s() -> None:
    # Three Friday evenings and a Saturday night: (3 + 4 · (4/11) · (4/8)) / 8 for Friday evening.
    found = chances({(5, Part.EVENING): 3, (6, Part.NIGHT): 1})
    assert found[5, Part.EVENING] == pytest.approx((3 + 4 * (4 / 11) * (4 / 8)) / 8)
    assert found[1, Part.MORNING] == pytest.approx((0 + 4 * (1 / 11) * (1 / 8)) / 8)


@given(times_of_the_week, st.sampled_from(SLOTS))
def test_to_be_named_once_more_never_lowers_a_chance(
    times: dict[tuple[int, Part], int], slot: tuple[int, Part]
) -> None:
    more = {**times, slot: times.get(slot, 0) + 1}
    assert chances(more)[slot] >= chances(times)[slot]


def test_what_was_named_comes_first_with_its_count() -> None:
    found = suggested({(5, Part.EVENING): 3, (6, Part.NIGHT): 1})
    assert found[0] == Suggested(*FRIDAY_EVENING, 0.466, Why.NAMED, 3, 4)
    assert (found[1].day, found[1].part, found[1].why) == (date(2026, 6, 13), Part.NIGHT, Why.NAMED)


def test_the_same_part_of_another_day_is_told_as_that() -> None:
    others = {(each.why, each.count, each.total) for each in suggested({(5, Part.EVENING): 2})[1:]}
    assert (Why.PART, 2, 2) in others


def test_another_part_of_the_same_day_is_told_as_that() -> None:
    looked = [(date(2026, 6, 9), Part.EVENING), (date(2026, 6, 7), Part.EVENING)]
    found = suggested({(5, Part.EVENING): 2}, *looked)
    assert (first(found), found[0].why, found[0].count) == ((date(2026, 6, 12), Part.MORNING), Why.WEEKDAY, 2)
    assert {each.why for each in found} == {Why.WEEKDAY, Why.OTHER}


def test_without_any_time_the_soonest_come_first() -> None:
    found = suggested({})
    assert [(each.day, each.part) for each in found] == [
        (date(2026, 6, 10), Part.EVENING),
        (date(2026, 6, 10), Part.NIGHT),
        (date(2026, 6, 11), Part.MORNING),
        (date(2026, 6, 11), Part.AFTERNOON),
        (date(2026, 6, 11), Part.EVENING),
    ]
    assert {(each.why, each.count, each.total) for each in found} == {(Why.UNKNOWN, 0, 0)}


def test_a_window_like_a_checked_one_is_left_out() -> None:
    # Looked on a Tuesday evening: any evening of a working day is the same again, the weekend's is not.
    found = suggested({(5, Part.EVENING): 5, (3, Part.EVENING): 1}, (date(2026, 6, 9), Part.EVENING))
    assert first(found) == (date(2026, 6, 13), Part.EVENING)
    assert all(each.part is not Part.EVENING or each.day.isoweekday() >= 6 for each in found)


def test_where_every_kind_of_window_was_checked_there_is_nothing_to_suggest() -> None:
    checked = [(day, part) for day in (date(2026, 6, 5), date(2026, 6, 6)) for part in Part]
    assert suggested({(5, Part.EVENING): 5}, *checked) == []


def test_windows_before_the_due_time_go_before_likelier_ones_after_it() -> None:
    found = suggested({(5, Part.EVENING): 5}, until=NOON + timedelta(days=1))
    assert [each.day for each in found] == [date(2026, 6, 10), date(2026, 6, 10), date(2026, 6, 11)]


def test_where_the_due_time_is_too_near_any_window_is_offered() -> None:
    assert first(suggested({(5, Part.EVENING): 5}, until=NOON)) == FRIDAY_EVENING


@given(times_of_the_week, st.lists(windows, max_size=6), instants, st.none() | instants)
def test_suggestions_are_future_distinct_and_ranked(
    times: dict[tuple[int, Part], int], checked: list[tuple[date, Part]], now: datetime, until: datetime | None
) -> None:
    found = suggest(times, checked, now, WARSAW, until)
    begins = [begin(each.day, each.part, WARSAW) for each in found]
    assert len(set(begins)) == len(found) <= MOST
    assert all(now < at <= now + timedelta(days=HORIZON_DAYS) for at in begins)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert not {(each.day, each.part) for each in found} & set(checked)


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 10, 24)])
def test_a_night_over_a_change_of_the_clocks_begins_at_ten_by_the_local_clock(day: date) -> None:
    assert begin(day, Part.NIGHT, WARSAW).isoformat()[11:16] == "22:00"


def test_the_rules_are_the_numbers_that_are_used() -> None:
    assert rules() == {"horizon_days": HORIZON_DAYS, "most": MOST, "weight": 4}
