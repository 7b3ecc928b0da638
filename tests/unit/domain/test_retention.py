from datetime import date

import pytest

from chalicelib.domain.retention import RETENTION, Kept, Unit, row_expires


@pytest.mark.parametrize(
    ("left", "expires"),
    [("2026-11-24", "2031-11-25"), ("2026-12-31", "2032-01-01"), ("2028-02-29", "2033-03-01")],
)
def test_row_is_kept_for_five_years_after_it_left_the_map(left: str, expires: str) -> None:
    assert row_expires(date.fromisoformat(left)) == date.fromisoformat(expires)


def test_everything_kept_has_one_promise() -> None:
    assert sorted(row.kept for row in RETENTION) == sorted(Kept)
    assert all((row.length > 0) is (row.unit is not Unit.EVER) for row in RETENTION)
