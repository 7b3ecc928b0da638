"""Whatever the case: it comes once and goes once, and no surface tells what another keeps back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.calendar import day_of
from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.visibility import Case, Shown, Surface, is_public, shown, slot
from tests.unit.domain.conftest import MakeCategory

WARSAW = ZoneInfo("Europe/Warsaw")

CASES = st.tuples(
    st.sampled_from(Sensitivity),
    st.sampled_from(Status),
    st.sampled_from(Tier),
    st.booleans(),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # zone follows
    st.timedeltas(timedelta(0), timedelta(days=90)),
)
MOMENTS = st.lists(st.timedeltas(timedelta(0), timedelta(days=200)), min_size=5, max_size=20)
once = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def case_of(make_category: MakeCategory, drawn: tuple[Sensitivity, Status, Tier, bool, datetime, timedelta]) -> Case:
    sensitivity, status, tier, after_confirmation, created, wait = drawn
    category = make_category(sensitivity=sensitivity, public_after_confirmation=after_confirmation)
    return Case(category, status, tier, created, created + wait)


@once
@given(drawn=CASES, ages=MOMENTS)
def test_case_comes_once_and_goes_once(
    make_category: MakeCategory,
    drawn: tuple[Sensitivity, Status, Tier, bool, datetime, timedelta],
    ages: list[timedelta],
) -> None:
    case = case_of(make_category, drawn)
    seen = [shown(case, case.created + age, WARSAW) is not Shown.NEVER for age in sorted(ages)]
    assert sum(one != other for one, other in pairwise([False, *seen, False])) in {0, 2}


@once
@given(drawn=CASES, age=st.timedeltas(timedelta(0), timedelta(days=200)))
def test_whatever_has_a_point_has_a_row(
    make_category: MakeCategory,
    drawn: tuple[Sensitivity, Status, Tier, bool, datetime, timedelta],
    age: timedelta,
) -> None:
    case = case_of(make_category, drawn)
    now = case.created + age
    assert is_public(case, now, WARSAW, Surface.ROW) >= is_public(case, now, WARSAW)
    assert is_public(case, now, WARSAW, Surface.PAGE) >= is_public(case, now, WARSAW)


@once
@given(drawn=CASES, age=st.timedeltas(timedelta(0), timedelta(days=3)))
def test_the_slot_says_of_every_surface_but_the_page_what_the_instant_says(
    make_category: MakeCategory,
    drawn: tuple[Sensitivity, Status, Tier, bool, datetime, timedelta],
    age: timedelta,
) -> None:
    case = case_of(make_category, drawn)
    known = replace(case, created=slot(case.created, WARSAW))
    assert day_of(known.created, WARSAW) == day_of(case.created, WARSAW)
    assert slot(known.created, WARSAW) == known.created
    for surface in (Surface.MAP, Surface.ROW, Surface.COUNT):
        now = case.created + age
        assert shown(known, now, WARSAW, surface) is shown(case, now, WARSAW, surface)


@once
@given(drawn=CASES, age=st.timedeltas(timedelta(0), timedelta(minutes=30) - timedelta.resolution))
def test_nothing_is_shown_while_the_reporter_may_still_stand_there(
    make_category: MakeCategory,
    drawn: tuple[Sensitivity, Status, Tier, bool, datetime, timedelta],
    age: timedelta,
) -> None:
    case = case_of(make_category, drawn)
    assert shown(case, case.created + age, WARSAW) is Shown.NEVER
