"""The policies: a role for each function, with named actions on named resources."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.build.packages import ROOT

Template = dict[str, Any]
POLICIES = sorted((ROOT / "infra" / "policies").glob("*.json"))


def statements(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["Statement"]
    return found


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_policies_name_actions_and_resources(path: Path) -> None:
    for statement in statements(path):
        assert statement["Effect"] == "Allow"
        assert not [action for action in statement["Action"] if "*" in action]
        # The one action that knows no resource.
        if statement["Action"] != ["dynamodb:ListStreams"]:
            assert statement["Resource"] != "*"


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_each_function_has_the_role_of_its_own_policy(path: Path, aws_template: Template) -> None:
    function = "ApiHandler" if path.stem == "api" else path.stem.title()
    role = aws_template["Resources"][f"{function}Role"]["Properties"]
    (policy,) = role["Policies"]
    written = [{key: value for key, value in entry.items() if key != "Sid"} for entry in statements(path)]
    assert [
        {key: value for key, value in entry.items() if key != "Sid"} for entry in policy["PolicyDocument"]["Statement"]
    ] == written


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_only_intake_and_the_purge_touch_the_quota_table(path: Path) -> None:
    touches = "QuotaTable" in path.read_text("utf-8")
    assert touches is (path.stem in {"api", "nightly"})


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_an_index_may_be_queried_and_nothing_else(path: Path) -> None:
    for statement in statements(path):
        if "/index/" in json.dumps(statement["Resource"]):
            assert statement["Action"] == ["dynamodb:Query"]


@pytest.mark.parametrize(
    ("function", "prefixes"),
    [("photos", {"R#*"}), ("escalation", {"R#*", "O#*"}), ("nightly", {"R#*", "JOB#*", "A#*"})],
)
def test_what_works_on_cases_alone_writes_no_other_item(function: str, prefixes: set[str]) -> None:
    path = next(path for path in POLICIES if path.stem == function)
    written = [
        statement
        for statement in statements(path)
        if any(
            action.startswith(("dynamodb:Put", "dynamodb:Update", "dynamodb:Delete")) for action in statement["Action"]
        )
        or ("dynamodb:BatchWriteItem" in statement["Action"] and "MainTable" in json.dumps(statement["Resource"]))
    ]
    limits = [set(entry["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]) for entry in written]
    assert limits
    assert set().union(*limits) == prefixes
