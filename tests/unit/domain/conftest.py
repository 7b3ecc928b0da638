"""Fixtures of the domain's tests."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.catalogue import Category, Sensitivity

MakeCategory = Callable[..., Category]


@pytest.fixture
def make_category() -> MakeCategory:
    """Make an ordinary category, but for what is named."""

    def make(**changes: Any) -> Category:
        values: dict[str, Any] = {
            "code": "illegal_parking",
            "names": {"pl": "Nieprawidłowe parkowanie"},
            "group": "traffic",
            "icon": "circle-parking-off",
            "sensitivity": Sensitivity.ORDINARY,
            "priority": 3,
            "description_required": False,
            "duplicate_radius_m": 50,
            "take_up_days": 3,
            "verify_days": 7,
            "public_after_confirmation": False,
            "valid_from": None,
            "valid_to": None,
            "successors": (),
        }
        return Category(**values | changes)

    return make
