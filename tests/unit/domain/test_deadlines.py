from datetime import UTC, datetime

from chalicelib.domain.deadlines import due_at_acceptance, verify_due
from tests.unit.domain.conftest import MakeCategory


def test_S10_deadlines_count_running_hours_over_a_change_of_the_clocks(make_category: MakeCategory) -> None:
    due = due_at_acceptance(make_category(), datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert due.take_up == datetime(2026, 10, 27, 12, tzinfo=UTC)
    assert due.verify == datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_verdict_is_due_from_the_take_up(make_category: MakeCategory) -> None:
    category = make_category(verify_days=2)
    assert verify_due(category, datetime(2026, 11, 24, 8, tzinfo=UTC)) == datetime(2026, 11, 26, 8, tzinfo=UTC)


def test_take_up_days_are_the_category_s(make_category: MakeCategory) -> None:
    due = due_at_acceptance(make_category(take_up_days=1), datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert due.take_up == datetime(2026, 11, 25, 8, tzinfo=UTC)
