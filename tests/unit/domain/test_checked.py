"""When a window may be named: from its first moment on, and not before."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.calendar import Part
from chalicelib.domain.checked import faults
from chalicelib.domain.checks import begin

ZONE = ZoneInfo("Europe/Warsaw")
CREATED = datetime(2026, 6, 10, 7, tzinfo=ZONE)


@pytest.mark.parametrize(("late", "expected"), [(-1, ["in_the_future"]), (0, []), (1, [])])
def test_a_window_may_be_named_from_its_first_moment_on(late: int, expected: list[str]) -> None:
    window = CREATED.date(), Part.EVENING
    now = begin(*window, ZONE) + timedelta(seconds=late)
    assert [fault.code.value for fault in faults([window], CREATED, now, ZONE)] == expected
