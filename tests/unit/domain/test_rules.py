import json
from typing import Any

import pytest

from chalicelib.domain.instance import Instance
from chalicelib.domain.report import Status
from chalicelib.domain.rules import rules
from chalicelib.domain.steps import STEPS


@pytest.fixture
def served(poland: Instance) -> dict[str, Any]:
    served: dict[str, Any] = json.loads(json.dumps(rules(poland)))
    return served


def test_rules_name_the_zone_and_the_quota(served: dict[str, Any]) -> None:
    assert served["zone"] == "Europe/Warsaw"
    assert served["quota"] == {"reports": 1, "per": "device", "resets": "local_midnight"}


def test_rules_name_the_limits_of_what_is_filed(served: dict[str, Any]) -> None:
    assert served["input"] == {
        "description_code_points": 500,
        "occurred_at_days_ago": 30,
        "occurred_at_minutes_ahead": 5,
        "parts": {
            "morning": {"from": 6, "to": 12},
            "afternoon": {"from": 12, "to": 18},
            "evening": {"from": 18, "to": 22},
            "night": {"from": 22, "to": 6},
        },
    }


def test_rules_name_who_sees_what_how_exactly_and_for_how_long(served: dict[str, Any]) -> None:
    visibility = served["visibility"]
    assert visibility["classes"] == {
        "ordinary": {"shown": "exact", "from": "full_hour"},
        "vulnerable": {"shown": "coarse", "from": "next_day"},
        "hidden": {"shown": "aggregate", "from": "next_day"},
    }
    assert visibility["delay_minutes"] == 30
    assert visibility["smallest_count"] == 5
    assert visibility["not_counted_reasons"] == ["not_a_threat"]


@pytest.mark.parametrize(
    ("status", "lasts", "flags"),
    [
        ("new", "always", (False, True, False)),
        ("verifying", "always", (False, True, False)),
        ("confirmed", "always", (True, True, True)),
        ("passed_on", "always", (True, True, True)),
        ("unconfirmed", "seven_days", (False, True, False)),
        ("eliminated", "one_month", (True, True, True)),
        ("joke", "never", (False, False, False)),
        ("withdrawn", "never", (False, False, False)),
        ("merged", "never", (False, False, False)),
    ],
)
def test_rules_say_of_every_status_what_it_means(
    served: dict[str, Any], status: str, lasts: str, flags: tuple[bool, bool, bool]
) -> None:
    assert list(served["visibility"]["statuses"]) == [status.value for status in Status]
    names = ("shown_if_held", "counted", "counted_if_held")
    assert served["visibility"]["statuses"][status] == {"lasts": lasts, **dict(zip(names, flags, strict=True))}


def test_rules_name_the_public_precision(served: dict[str, Any]) -> None:
    assert served["location_precision"] == {
        "ordinary": {"h3_resolution": 11, "mean_edge_m": 29},
        "vulnerable": {"h3_resolution": 8, "mean_edge_m": 531},
        "hidden": None,
    }


def test_rules_name_every_step(served: dict[str, Any]) -> None:
    assert len(served["steps"]) == len(STEPS)
    assert served["steps"][0] == {"from": "new", "to": "verifying", "by": ["police"], "reasons": ["taken_up"]}
    assert served["open"] == ["new", "verifying", "confirmed", "passed_on"]


def test_rules_name_the_deadlines_of_every_category(served: dict[str, Any], poland: Instance) -> None:
    assert served["deadlines"]["day_hours"] == 24
    assert list(served["deadlines"]["categories"]) == list(poland.catalogue.categories)
    assert served["deadlines"]["categories"]["speeding"] == {"take_up_days": 3, "verify_days": 7}


def test_rules_name_how_long_things_are_kept(served: dict[str, Any]) -> None:
    assert served["retention"] == [
        {"what": "device", "length": 48, "unit": "hours"},
        {"what": "build", "length": 48, "unit": "hours"},
        {"what": "row", "length": 5, "unit": "years"},
        {"what": "aggregate", "length": None, "unit": "ever"},
    ]
