import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.acts import ACTS
from chalicelib.domain.instance import Instance
from chalicelib.domain.rules import rules
from chalicelib.domain.steps import STEPS
from chalicelib.domain.visibility import TABLE


@pytest.fixture
def served(poland: Instance) -> dict[str, Any]:
    served: dict[str, Any] = json.loads(json.dumps(rules(poland)))
    return served


def test_rules_name_the_zone_and_the_quota(served: dict[str, Any]) -> None:
    assert served["zone"] == "Europe/Warsaw"
    assert served["quota"] == {"reports": 1, "per": "device", "resets": "local_midnight"}


def test_rules_name_the_budgets_of_networks_and_the_work_asked_for(served: dict[str, Any]) -> None:
    declared = served["networks"].pop("declared")
    assert served["networks"] == {
        "ipv4_address": 20,
        "ipv6_64": 3,
        "ipv6_48": 20,
        "unknown": 3,
        "corroborations_factor": 3,
        "beyond": "tier_2",
    }
    assert {"prefix": "127.0.0.1/32", "reports": 1000} in declared
    assert served["proof_of_work"]["levels"]["1"] == {"rounds": 5000, "most": 100}
    assert (served["proof_of_work"]["minutes"], served["proof_of_work"]["held_factor"]) == (20, 4)


def test_rules_name_what_counts_as_repeated_and_as_seen(served: dict[str, Any]) -> None:
    radius = served["duplicates"].pop("radius_m")
    assert (radius["vandalism"], radius["poaching"]) == (50, 500)
    assert served["duplicates"] == {
        "days": 90,
        "candidates": 5,
        "hints_per_network_and_day": 3,
        "distance_steps_m": 10,
        "compared_by": {"ordinary": "exact_place", "vulnerable": "public_cell", "hidden": None},
    }
    assert served["sightings"] == {
        "per_day": 3,
        "per": "device",
        "once": "device_and_case",
        "window_days": 28,
        "reopens": ["unconfirmed", "eliminated"],
    }


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
        "photos": {
            "types": ["image/jpeg", "image/png", "image/webp"],
            "bytes": 5_242_880,
            "a_report": 3,
            "hours": 24,
            "pixels": 50_000_000,
        },
    }


def test_rules_name_who_sees_what_how_exactly_and_for_how_long(served: dict[str, Any]) -> None:
    visibility = served["visibility"]
    assert set(visibility) == {"table", "ends", "delay_minutes", "not_counted_reasons", "smallest_count"}
    assert visibility["delay_minutes"] == 30
    assert visibility["smallest_count"] == 5
    assert visibility["not_counted_reasons"] == ["not_a_threat"]
    assert visibility["ends"] == {
        "page": "with_map",
        "map": "with_map",
        "row": "five_years_later",
        "count": "never",
    }


def test_rules_serve_the_table_of_visibility_whole(served: dict[str, Any]) -> None:
    table = served["visibility"]["table"]
    assert len(table) == len(TABLE)
    assert table[1] == {
        "class": "ordinary",
        "held": False,
        "statuses": ["unconfirmed"],
        "lasts": "seven_days",
        "page": {"shown": "exact", "from": "at_once"},
        "map": {"shown": "exact", "from": "full_hour"},
        "row": {"shown": "exact", "from": "full_hour"},
        "count": {"shown": "exact", "from": "midnight"},
    }
    assert table[-1]["map"] == {"shown": "never"}
    assert table[-1]["count"] == {"shown": "aggregate", "from": "midnight"}


def test_rules_name_the_public_precision(served: dict[str, Any]) -> None:
    assert served["location_precision"] == {
        "ordinary": {"h3_resolution": 11, "mean_edge_m": 29},
        "vulnerable": {"h3_resolution": 8, "mean_edge_m": 531},
        "hidden": None,
    }


def test_rules_name_every_step(served: dict[str, Any]) -> None:
    assert len(served["steps"]) == len(STEPS)
    first = {"from": "new", "to": "verifying", "by": ["police"], "reasons": ["taken_up"], "needs": {}}
    assert served["steps"][0] == first
    needs = {reason: need for step in served["steps"] for reason, need in step["needs"].items()}
    assert needs == {"not_present": "checked", "other_body": "addressee"}
    assert served["open"] == ["new", "verifying", "confirmed", "passed_on"]


def test_rules_name_what_the_police_do_without_a_verdict(served: dict[str, Any]) -> None:
    acts = served["acts"]
    assert [row["do"] for row in acts["table"]] == [row.act for row in ACTS]
    assert acts["table"][-1] == {"do": "resume", "statuses": ["verifying"], "reasons": ["resumed"]}
    assert (acts["pauses"], acts["longest_pause_days"], acts["transfer_leaves_hours"]) == (3, 60, 24)
    second = {"kinds_of_window": 2, "differ_in": ["part", "weekend"]}
    assert served["checked"] == {"most": 10, "second_check": second}
    assert served["deadlines"]["recheck_days"] == 3


def test_rules_name_what_a_reporter_may_do_by_receipt(served: dict[str, Any]) -> None:
    receipt = served["receipt"]
    assert (receipt["months"], receipt["questions"], receipt["answer_code_points"]) == (12, 1, 500)
    assert receipt["may"][0] == {"do": "withdraw", "status": "new", "from_day": None, "to_day": None}
    assert receipt["may"][-1] == {"do": "still_there", "status": "eliminated", "from_day": 0, "to_day": 56}


def test_rules_name_the_deadlines_of_every_category(served: dict[str, Any], poland: Instance) -> None:
    assert served["deadlines"]["day_hours"] == 24
    assert list(served["deadlines"]["categories"]) == list(poland.catalogue.categories)
    assert served["deadlines"]["categories"]["speeding"] == {
        "take_up_days": 3,
        "verify_days": 7,
        "working_days": False,
    }


def test_rules_name_how_often_units_hear_of_what(served: dict[str, Any]) -> None:
    assert served["alerts"] == {
        "urgent_priority": 1,
        "mails_per_hour": 20,
        "for_bulletins_alone": 5,
        "bulletin_minutes": 15,
        "bulletin_cases": 30,
        "overdue_hours": {"overdue_unit": 0, "overdue_voivodeship": 24, "overdue_national": 72},
        "surge": {"sources": 5, "radius_m": 300, "hours": 2, "quiet_hours": 6},
    }


def test_rules_of_an_instance_that_tells_of_no_surge_say_so(poland: Instance) -> None:
    assert rules(replace(poland, surge=None))["alerts"]["surge"] is None


def test_rules_name_what_a_coordinator_may_set(served: dict[str, Any]) -> None:
    assert served["unit_settings"] == {
        "addresses": 10,
        "chiefs": 5,
        "mails_per_hour": {"minimum": 1, "maximum": 20},
        "test_mails_per_hour": 3,
    }


def test_rules_name_the_days_off_as_the_instance_does(served: dict[str, Any]) -> None:
    told = served["deadlines"]["working_days"]
    assert told["weekend"] == [6, 7]
    assert {"date": "12-24", "from": 2025} in told["holidays"]
    assert {"easter": 60} in told["holidays"]
    assert len(told["holidays"]) == 14


def test_an_instance_without_days_off_names_none(poland: Instance) -> None:
    assert rules(replace(poland, working_days=None))["deadlines"]["working_days"] is None


def test_rules_name_how_long_things_are_kept(served: dict[str, Any]) -> None:
    found = {(row["what"], *row["statuses"]): (row["length"], row["unit"], row["since"]) for row in served["retention"]}
    assert found == {
        ("text",): (30, "days", "closing"),
        ("text", "withdrawn"): (0, "days", "closing"),
        ("photo",): (30, "days", "closing"),
        ("photo", "withdrawn"): (0, "days", "closing"),
        ("place",): (12, "months", "closing"),
        ("receipt",): (12, "months", "acceptance"),
        ("row",): (5, "years", "leaving_map"),
        ("device",): (48, "hours", "writing"),
        ("pseudonym",): (28, "days", "window"),
        ("subscription",): (7, "days", "signing_up"),
        ("build",): (48, "hours", "replacement"),
        ("log",): (30, "days", "writing"),
        ("audit",): (2, "years", "writing"),
        ("plan",): (1, "years", "writing"),
        ("aggregate",): (None, "ever", "writing"),
    }


def test_rules_name_the_deeds_of_each_role(served: dict[str, Any]) -> None:
    roles = served["roles"]
    assert set(roles) == {"officer", "coordinator", "voivodeship", "national"}
    assert set(roles["coordinator"]) - set(roles["officer"]) == {"unit_read", "unit_write", "test_mail"}
    assert roles["national"] == ["read", "transfer", "figures", "unit_read"]
