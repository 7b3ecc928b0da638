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
