from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.expiry import CLOSED, PARTS, closing_days, due, goes
from chalicelib.domain.report import Status
from chalicelib.domain.retention import KEEPERS, RETENTION, Kept, Unit, audit_days, goes_on, row_expires


@pytest.mark.parametrize(
    ("left", "expires"),
    [("2026-11-24", "2031-11-25"), ("2026-12-31", "2032-01-01"), ("2028-02-29", "2033-03-01")],
)
def test_row_is_kept_for_five_years_after_it_left_the_map(left: str, expires: str) -> None:
    assert row_expires(date.fromisoformat(left)) == date.fromisoformat(expires)


def test_everything_kept_has_one_promise_for_each_status() -> None:
    assert {row.kept for row in RETENTION} == set(KEEPERS) == set(Kept)
    assert len({(row.kept, row.statuses) for row in RETENTION}) == len(RETENTION)
    assert [row.kept for row in RETENTION if row.unit is Unit.EVER] == [Kept.AGGREGATE]


@pytest.mark.parametrize(
    ("part", "status", "closed", "goes_in_the_night_of"),
    [
        (Kept.TEXT, Status.ELIMINATED, "2026-11-01", "2026-12-02"),
        (Kept.TEXT, Status.JOKE, "2027-01-31", "2027-03-03"),
        (Kept.TEXT, Status.WITHDRAWN, "2026-11-01", "2026-11-02"),
        (Kept.PHOTO, Status.UNCONFIRMED, "2026-11-01", "2026-12-02"),
        (Kept.PHOTO, Status.WITHDRAWN, "2026-12-31", "2027-01-01"),
        (Kept.PLACE, Status.ELIMINATED, "2026-11-01", "2027-11-02"),
        (Kept.PLACE, Status.MERGED, "2028-02-29", "2029-03-01"),
        (Kept.ROW, Status.JOKE, "2026-11-01", "2031-11-02"),
        (Kept.ROW, Status.UNCONFIRMED, "2026-11-01", "2031-11-09"),
        (Kept.ROW, Status.ELIMINATED, "2027-01-31", "2032-02-29"),
    ],
)
def test_parts_of_a_case_go_after_whole_days_months_and_years(
    part: Kept, status: Status, closed: str, goes_in_the_night_of: str
) -> None:
    assert goes(part, status, date.fromisoformat(closed)) == date.fromisoformat(goes_in_the_night_of)


def test_what_is_counted_in_hours_has_no_day() -> None:
    with pytest.raises(ValueError, match="device"):
        goes_on(Kept.DEVICE, Status.NEW, date(2026, 11, 22))


DAYS = st.dates(date(2024, 1, 1), date(2040, 1, 1))


@given(st.sampled_from(PARTS), st.sampled_from(CLOSED), DAYS, st.integers(1, 40))
def test_every_case_of_which_something_goes_is_on_the_list_of_one_of_the_days(
    part: Kept, status: Status, closed: date, nights: int
) -> None:
    night = goes(part, status, closed)
    for late in {0, nights - 1}:
        today = night + timedelta(days=late)
        assert closed in closing_days(today - timedelta(days=nights), today)
        assert part in due(status, closed, today)
    assert part not in due(status, closed, night - timedelta(days=1))


@given(DAYS)
def test_a_night_looks_at_few_days(today: date) -> None:
    found = closing_days(today - timedelta(days=1), today)
    assert len(found) <= 12
    assert all(day < today for day in found)


def test_each_day_of_the_audit_goes_in_one_night_and_after_two_years() -> None:
    night = date(2026, 11, 22)
    assert audit_days(night, night) == [date(2024, 11, 21)]
    gone = [day for number in range(800) for day in audit_days(*[night + timedelta(days=number)] * 2)]
    assert gone == audit_days(night, night + timedelta(days=799))
    assert gone == sorted(set(gone))
    # The last of February stands for the one that a common year does not have.
    assert {date(2028, 2, 28), date(2028, 2, 29)} <= set(audit_days(date(2030, 3, 1), date(2030, 3, 1)))
