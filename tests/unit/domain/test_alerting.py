"""Which alerts are mailed by themselves, whatever else waits for a bulletin."""

import pytest

from chalicelib.domain.alerting import OVERDUE, at_once

NEW_TO_THE_UNIT = ["accepted", "transferred", "reopened"]


@pytest.mark.parametrize("kind", NEW_TO_THE_UNIT)
def test_A08_what_is_new_to_the_unit_is_mailed_at_once_where_it_is_urgent(kind: str) -> None:
    assert [at_once(kind, priority) for priority in (1, 2, 3)] == [True, False, False]


def test_A08_a_surge_is_mailed_at_once_whatever_it_is_of() -> None:
    assert all(at_once("surge", priority) for priority in (1, 2, 3))


@pytest.mark.parametrize("kind", ["withdrawn", "answered", "partner_answered", *OVERDUE])
def test_A08_what_the_unit_works_on_waits_for_the_bulletin_however_urgent(kind: str) -> None:
    assert not any(at_once(kind, priority) for priority in (1, 2, 3))
