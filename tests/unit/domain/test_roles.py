"""Roles: each has its deeds and no others, and sees its own units alone."""

import pytest

from chalicelib.domain.instance import Instance
from chalicelib.domain.roles import MAY, Officer, Role

WORK = {"read", "take_up", "step", "ask", "transfer", "merge", "correct", "pause", "figures"}
LEADING = {"unit_read", "unit_write", "test_mail"}


@pytest.mark.parametrize(
    ("role", "deeds"),
    [
        ("officer", WORK),
        ("coordinator", WORK | LEADING),
        ("voivodeship", WORK | LEADING),
        ("national", {"read", "transfer", "figures", "unit_read"}),
    ],
)
def test_L13_each_role_has_its_deeds(role: str, deeds: set[str]) -> None:
    assert MAY[Role(role)] == deeds


@pytest.mark.parametrize("role", Role)
def test_L13_a_unit_that_there_is_not_is_nobodys(role: Role, poland: Instance) -> None:
    officer = Officer("somebody", role, None if role is Role.NATIONAL else "KSP")
    assert officer.sees("KSP", poland.units)
    assert not officer.sees("NOWHERE", poland.units)
