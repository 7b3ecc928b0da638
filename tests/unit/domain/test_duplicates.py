"""Which cases a report may repeat: category, class, status, age and distance."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import h3
import pytest

from chalicelib.domain.catalogue import Category, Sensitivity
from chalicelib.domain.duplicates import DAYS, LIMIT, Candidate, Filed, candidates, looked_for
from chalicelib.domain.location import cell_at
from chalicelib.domain.report import Status, Tier
from tests.unit.domain.conftest import MakeCategory

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HERE = (52.23, 21.01)
METRE = 1 / 111_195.08
"""Degrees of latitude, on h3's sphere."""


def filed(metres: float = 0, **changes: Any) -> Filed:
    """A case so many metres north of here, filed and changed the day before yesterday."""
    lat, lon = changes.pop("at", (HERE[0] + metres * METRE, HERE[1]))
    created = NOW - timedelta(days=2)
    values: dict[str, Any] = {
        "id": "a",
        "category": "illegal_parking",
        "lat": lat,
        "lon": lon,
        "cell": cell_at(lat, lon),
        "status": Status.NEW,
        "tier": Tier.ORDINARY,
        "created": created,
        "changed": created,
    }
    return Filed(**values | changes)


def found(category: Category, *cases: Filed) -> list[Candidate]:
    """What a report from here may repeat."""
    return candidates(category, *HERE, cases, NOW, WARSAW)


@pytest.mark.parametrize(
    ("radius", "metres", "told"),
    [
        *((50, 0, 0), (50, 4, 0), (50, 6, 10), (50, 49, 50), (50, 51, None), (12, 11, 10), (12, 13, None)),
        *((325, 324, 320), (325, 326, None), (714, 713, 710), (714, 715, None), (1660, 1659, 1660), (1660, 1661, None)),
        (500, 499.9, 500),
    ],
)
def test_D01_D02_the_radius_is_the_categorys_in_true_metres(
    make_category: MakeCategory, radius: int, metres: float, told: int | None
) -> None:
    there = found(make_category(duplicate_radius_m=radius), filed(metres))
    assert [case.distance_m for case in there] == ([] if told is None else [told])


def test_D02_a_radius_of_nothing_never_finds_anything(make_category: MakeCategory) -> None:
    for sensitivity in Sensitivity:
        category = make_category(duplicate_radius_m=0, sensitivity=sensitivity)
        assert not looked_for(category)
        assert found(category, filed()) == []


@pytest.mark.parametrize(("east", "expected"), [(49, 1), (51, 0)])
def test_metres_are_as_long_to_the_east_as_to_the_north(
    make_category: MakeCategory, east: float, expected: int
) -> None:
    # A degree of longitude is shorter here than one of latitude.
    degrees = east / h3.great_circle_distance(HERE, (HERE[0], HERE[1] + 1), unit="m")
    assert len(found(make_category(), filed(at=(HERE[0], HERE[1] + degrees)))) == expected


def test_D03_another_category_is_another_thing(make_category: MakeCategory) -> None:
    assert found(make_category(), filed(category="vandalism")) == []


@pytest.mark.parametrize(("age", "expected"), [(DAYS * 86_400, 1), (DAYS * 86_400 + 1, 0)])
def test_D03_a_case_older_than_ninety_days_is_not_looked_at(
    make_category: MakeCategory, age: int, expected: int
) -> None:
    assert len(found(make_category(), filed(created=NOW - timedelta(seconds=age)))) == expected


PUBLIC = {
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
"""By status: is a case shown, and is one that waits for confirmation?"""


@pytest.mark.parametrize(
    ("sensitivity", "status", "tier", "after_confirmation"), list(product(Sensitivity, Status, Tier, (False, True)))
)
def test_D03_only_what_the_public_sees_is_told_of(
    make_category: MakeCategory, sensitivity: Sensitivity, status: Status, tier: Tier, *, after_confirmation: bool
) -> None:
    category = make_category(sensitivity=sensitivity, public_after_confirmation=after_confirmation)
    held = tier is Tier.HELD or after_confirmation
    expected = PUBLIC[status.value][held] and sensitivity is not Sensitivity.HIDDEN
    assert bool(found(category, filed(status=status, tier=tier))) is expected


@pytest.mark.parametrize(
    ("status", "days", "expected"),
    [("unconfirmed", 7, 1), ("unconfirmed", 8, 0), ("eliminated", 31, 1), ("eliminated", 32, 0), ("new", 80, 1)],
)
def test_D03_a_closed_case_counts_as_long_as_it_is_on_the_map(
    make_category: MakeCategory, status: str, days: int, expected: int
) -> None:
    changed = NOW - timedelta(days=days)
    assert len(found(make_category(), filed(status=Status(status), created=changed, changed=changed))) == expected


def test_a_case_that_is_not_on_the_map_yet_is_not_told_of(make_category: MakeCategory) -> None:
    just_now = NOW - timedelta(minutes=20)
    assert found(make_category(), filed(created=just_now, changed=just_now)) == []


def test_a_coarse_case_is_compared_by_its_public_cell(make_category: MakeCategory) -> None:
    category = make_category(sensitivity=Sensitivity.VULNERABLE, duplicate_radius_m=50)
    cell = h3.latlng_to_cell(*HERE, 8)
    within = [h3.cell_to_latlng(child) for child in h3.cell_to_children(cell, 11)]
    far = max(within, key=lambda place: h3.great_circle_distance(HERE, place))
    (there,) = found(category, filed(at=far))
    centre = h3.great_circle_distance(HERE, h3.cell_to_latlng(cell), unit="m")
    assert abs(there.distance_m - centre) <= 5, "the distance leads to the public place, not to the exact one"


def test_a_coarse_case_across_the_border_of_its_cell_is_another(make_category: MakeCategory) -> None:
    category = make_category(sensitivity=Sensitivity.VULNERABLE, duplicate_radius_m=5_000)
    corner = h3.cell_to_boundary(h3.latlng_to_cell(*HERE, 8))[0]
    beyond = (2 * corner[0] - HERE[0], 2 * corner[1] - HERE[1])
    assert h3.latlng_to_cell(*beyond, 8) != h3.latlng_to_cell(*HERE, 8)
    assert found(category, filed(at=beyond)) == []


def test_the_nearest_five_are_told_of_and_of_equals_the_newest_first(make_category: MakeCategory) -> None:
    newer = NOW - timedelta(days=1)
    cases = [filed(40 - number, id=f"m{number}") for number in range(7)]
    cases += [filed(0, id="old"), filed(0, id="new", created=newer, changed=newer)]
    there = found(make_category(), *cases)
    assert [case.id for case in there] == ["new", "old", "m6", "m5", "m4"]
    assert len(there) == LIMIT
