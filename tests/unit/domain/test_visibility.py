from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.calendar import day_bounds
from chalicelib.domain.catalogue import Category, Sensitivity
from chalicelib.domain.report import Status, Tier
from chalicelib.domain.visibility import (
    SURFACE_ENDS,
    TABLE,
    Case,
    Shown,
    Surface,
    finest,
    is_public,
    public_until,
    shown,
    span,
    told,
)
from tests.unit.domain.conftest import MakeCategory

WARSAW = ZoneInfo("Europe/Warsaw")
CREATED = datetime(2026, 11, 2, 9, 40, tzinfo=UTC)
CHANGED = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)
SOON = CHANGED + timedelta(hours=1)

# Status by status: is it on the map soon after its last change, of an ordinary report and of a held one?
ON_MAP = {
    "new": (True, False),
    "verifying": (True, False),
    "confirmed": (True, True),
    "passed_on": (True, True),
    "unconfirmed": (True, False),
    "eliminated": (True, True),
    "joke": (False, False),
    "withdrawn": (False, False),
    "merged": (False, False),
}
PRECISION = {"ordinary": "exact", "vulnerable": "coarse", "hidden": "never"}


def begins(category: Category, created: datetime, surface: Surface = Surface.MAP) -> datetime:
    lasting = span(Case(category, Status.NEW, Tier.ORDINARY, created, created), WARSAW, surface)
    assert lasting is not None
    return lasting[0]


def in_exports(case: Case, day: date) -> bool:
    return is_public(case, day_bounds(day, WARSAW)[0], WARSAW, Surface.ROW)


def counted(category: Category, status: str, reason: str | None, tier: Tier) -> bool:
    return told(category, Status(status), tier, reason, Surface.COUNT) is not Shown.NEVER


@pytest.mark.parametrize(
    ("sensitivity", "status", "tier", "after_confirmation"),
    list(product(Sensitivity, Status, Tier, (False, True))),
)
def test_class_status_and_tier_decide_what_is_shown(
    make_category: MakeCategory, sensitivity: Sensitivity, status: Status, tier: Tier, *, after_confirmation: bool
) -> None:
    category = make_category(sensitivity=sensitivity, public_after_confirmation=after_confirmation)
    held = tier is Tier.HELD or after_confirmation
    expected = PRECISION[sensitivity.value] if ON_MAP[status.value][held] else "never"
    case = Case(category, status, tier, CREATED, CHANGED)
    assert shown(case, SOON, WARSAW) == expected
    assert is_public(case, SOON, WARSAW) is (expected in {"exact", "coarse"})


@pytest.mark.parametrize(
    ("status", "last_shown", "first_gone"),
    [
        (Status.UNCONFIRMED, "2026-11-17T23:59:59+01:00", "2026-11-18T00:00:00+01:00"),
        (Status.ELIMINATED, "2026-12-10T23:59:59+01:00", "2026-12-11T00:00:00+01:00"),
    ],
)
def test_closed_cases_leave_the_map_at_local_midnight(
    make_category: MakeCategory, status: Status, last_shown: str, first_gone: str
) -> None:
    case = Case(make_category(), status, Tier.ORDINARY, CREATED, CHANGED)
    assert shown(case, datetime.fromisoformat(last_shown), WARSAW) is Shown.EXACT
    assert shown(case, datetime.fromisoformat(first_gone), WARSAW) is Shown.NEVER
    assert public_until(status, CHANGED, WARSAW) == datetime.fromisoformat(first_gone)


@pytest.mark.parametrize("status", [Status.NEW, Status.VERIFYING, Status.CONFIRMED, Status.PASSED_ON])
def test_open_cases_stay_however_old(make_category: MakeCategory, status: Status) -> None:
    case = Case(make_category(), status, Tier.ORDINARY, CREATED, CHANGED)
    assert shown(case, CHANGED + timedelta(days=4000), WARSAW) is Shown.EXACT
    assert public_until(status, CHANGED, WARSAW) is None


@pytest.mark.parametrize("status", [Status.JOKE, Status.WITHDRAWN, Status.MERGED])
def test_what_is_never_shown_leaves_at_once(status: Status) -> None:
    assert public_until(status, CHANGED, WARSAW) == CHANGED


@pytest.mark.parametrize(
    ("created", "appears"),
    [
        ("2026-11-02T10:00:00+01:00", "2026-11-02T11:00:00+01:00"),
        ("2026-11-02T10:30:00+01:00", "2026-11-02T11:00:00+01:00"),
        ("2026-11-02T10:30:00.001+01:00", "2026-11-02T12:00:00+01:00"),
        ("2026-11-02T10:59:59+01:00", "2026-11-02T12:00:00+01:00"),
        ("2026-11-02T23:45:00+01:00", "2026-11-03T01:00:00+01:00"),
        ("2026-10-25T02:45:00+02:00", "2026-10-25T03:00:00+01:00"),
    ],
)
def test_ordinary_report_appears_at_the_full_hour_half_an_hour_on(
    make_category: MakeCategory, created: str, appears: str
) -> None:
    for surface in (Surface.MAP, Surface.ROW):
        assert begins(make_category(), datetime.fromisoformat(created), surface) == datetime.fromisoformat(appears)


def test_only_the_page_of_an_ordinary_report_is_there_at_once(make_category: MakeCategory) -> None:
    assert begins(make_category(), CREATED, Surface.PAGE) == CREATED
    vulnerable = make_category(sensitivity=Sensitivity.VULNERABLE)
    assert begins(vulnerable, CREATED, Surface.PAGE) == begins(vulnerable, CREATED)


@pytest.mark.parametrize("surface", [Surface.PAGE, Surface.MAP, Surface.ROW])
@pytest.mark.parametrize(
    ("created", "appears"),
    [
        ("2026-11-02T00:00:00+01:00", "2026-11-03T00:00:00+01:00"),
        ("2026-11-02T23:30:00+01:00", "2026-11-03T00:00:00+01:00"),
        ("2026-11-02T23:59:59+01:00", "2026-11-03T01:00:00+01:00"),
        ("2026-10-25T12:00:00+01:00", "2026-10-26T00:00:00+01:00"),
    ],
)
def test_vulnerable_report_waits_for_the_next_day(
    make_category: MakeCategory, surface: Surface, created: str, appears: str
) -> None:
    category = make_category(sensitivity=Sensitivity.VULNERABLE)
    assert begins(category, datetime.fromisoformat(created), surface) == datetime.fromisoformat(appears)


@pytest.mark.parametrize("sensitivity", Sensitivity)
def test_every_report_counts_from_the_midnight_after_its_day(
    make_category: MakeCategory, sensitivity: Sensitivity
) -> None:
    category = make_category(sensitivity=sensitivity)
    assert begins(category, CREATED, Surface.COUNT) == datetime.fromisoformat("2026-11-03T00:00:00+01:00")


def test_case_is_unseen_until_it_appears(make_category: MakeCategory) -> None:
    category = make_category()
    appears = begins(category, CREATED)
    case = Case(category, Status.CONFIRMED, Tier.ORDINARY, CREATED, CREATED)
    assert shown(case, appears - timedelta(microseconds=1), WARSAW) is Shown.NEVER
    assert shown(case, appears, WARSAW) is Shown.EXACT


@pytest.mark.parametrize(
    ("status", "today", "there"),
    [
        (Status.NEW, "2026-11-02", False),
        (Status.NEW, "2026-11-03", True),
        (Status.NEW, "2099-01-01", True),
        (Status.UNCONFIRMED, "2031-11-17", True),
        (Status.UNCONFIRMED, "2031-11-18", False),
        (Status.ELIMINATED, "2031-12-10", True),
        (Status.ELIMINATED, "2031-12-11", False),
        (Status.JOKE, "2026-11-11", False),
        (Status.MERGED, "2026-11-11", False),
        (Status.WITHDRAWN, "2026-11-11", False),
    ],
)
def test_row_stays_in_the_exports_five_years_longer_than_on_the_map(
    make_category: MakeCategory, status: Status, today: str, *, there: bool
) -> None:
    case = Case(make_category(), status, Tier.ORDINARY, CREATED, CHANGED)
    assert in_exports(case, date.fromisoformat(today)) is there


@pytest.mark.parametrize(
    ("sensitivity", "tier", "there"),
    [
        (Sensitivity.VULNERABLE, Tier.ORDINARY, True),
        (Sensitivity.HIDDEN, Tier.ORDINARY, False),
        (Sensitivity.ORDINARY, Tier.HELD, False),
    ],
)
def test_exports_hold_only_what_the_map_may_show(
    make_category: MakeCategory, sensitivity: Sensitivity, tier: Tier, *, there: bool
) -> None:
    case = Case(make_category(sensitivity=sensitivity), Status.NEW, tier, CREATED, CHANGED)
    assert in_exports(case, date(2026, 11, 11)) is there


def test_vulnerable_report_is_not_in_the_exports_of_its_own_day(make_category: MakeCategory) -> None:
    case = Case(make_category(sensitivity=Sensitivity.VULNERABLE), Status.NEW, Tier.ORDINARY, CREATED, CREATED)
    assert not in_exports(case, date(2026, 11, 2))
    assert in_exports(case, date(2026, 11, 3))


@pytest.mark.parametrize("sensitivity", [Sensitivity.ORDINARY, Sensitivity.VULNERABLE])
def test_what_appears_after_midnight_has_its_row_a_night_later(
    make_category: MakeCategory, sensitivity: Sensitivity
) -> None:
    late = datetime.fromisoformat("2026-11-02T23:31:00+01:00")
    case = Case(make_category(sensitivity=sensitivity), Status.NEW, Tier.ORDINARY, late, late)
    assert not in_exports(case, date(2026, 11, 3))
    assert in_exports(case, date(2026, 11, 4))


@pytest.mark.parametrize(
    ("status", "ordinary", "held"),
    [
        ("new", True, False),
        ("verifying", True, False),
        ("confirmed", True, True),
        ("passed_on", True, True),
        ("unconfirmed", True, False),
        ("eliminated", True, True),
        ("joke", False, False),
        ("withdrawn", False, False),
        ("merged", False, False),
    ],
)
def test_status_and_what_waits_for_confirmation_decide_what_counts(
    make_category: MakeCategory, status: str, *, ordinary: bool, held: bool
) -> None:
    waiting = make_category(public_after_confirmation=True)
    assert counted(make_category(), status, None, Tier.ORDINARY) is ordinary
    assert counted(make_category(), status, "seen_at_check", Tier.HELD) is held
    assert counted(waiting, status, None, Tier.ORDINARY) is held


def test_what_was_found_to_be_no_threat_does_not_count(make_category: MakeCategory) -> None:
    assert not counted(make_category(), Status.UNCONFIRMED, "not_a_threat", Tier.ORDINARY)
    assert counted(make_category(), Status.UNCONFIRMED, "not_present", Tier.ORDINARY)


def test_tables_are_total() -> None:
    rows = [(row.sensitivity, row.held, status) for row in TABLE for status in row.statuses]
    assert len(rows) == len(set(rows))
    assert {status for _, _, status in rows} | {Status.JOKE, Status.WITHDRAWN, Status.MERGED} == set(Status)
    assert {(sensitivity, held) for sensitivity, held, _ in rows} == set(product(Sensitivity, (False, True)))
    assert set(SURFACE_ENDS) == set(Surface)


def test_a_status_lasts_as_long_whatever_the_class_and_whoever_filed_it() -> None:
    for status in Status:
        shown_ever = [row for row in TABLE if row.sensitivity is not Sensitivity.HIDDEN and status in row.statuses]
        assert len({row.lasts for row in shown_ever}) <= 1


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        (Surface.PAGE, ("exact", "coarse", "never")),
        (Surface.MAP, ("exact", "coarse", "never")),
        (Surface.ROW, ("exact", "coarse", "never")),
        (Surface.COUNT, ("exact", "coarse", "aggregate")),
    ],
)
def test_the_most_that_a_surface_shows_of_each_class(surface: Surface, expected: tuple[str, str, str]) -> None:
    assert tuple(finest(sensitivity, surface) for sensitivity in Sensitivity) == expected


def test_day_of_expiry_has_the_hours_that_the_clock_gives_it() -> None:
    changed = datetime(2026, 10, 18, 12, tzinfo=UTC)
    assert public_until(Status.UNCONFIRMED, changed, WARSAW) == day_bounds(date(2026, 10, 25), WARSAW)[1]
