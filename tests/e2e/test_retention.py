"""`make retention` on the deployed stack: the whole table is told, and nothing changes."""

import json
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.domain.retention import RETENTION
from infra.commands import retention
from tests.e2e.citizen import file_report
from tests.support.whole import Whole


def cases(stack: Whole) -> dict[str, dict[str, Any]]:
    """Every item of every case, by its keys."""
    table = stack.running.names["MAIN_TABLE"]
    pages = stack.running.client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    found = {f"{item['PK']['S']} {item['SK']['S']}": item for page in pages for item in page["Items"]}
    # Alerts and leases are others' to change meanwhile; that the erasure was done would be noted under its own name.
    return {key: item for key, item in found.items() if key.startswith("R#") or "retention" in key}


def test_the_command_asks_the_deployed_function_and_changes_nothing(
    stack: Whole, capsys: pytest.CaptureFixture[str]
) -> None:
    case = file_report(stack, description="Kanarek siedzi na drzewie").json
    assert stack.call("POST", "/v1/receipt/withdraw", None, {"Receipt": case["receipt"]}).status == 200
    before = cases(stack)
    assert f"R#{case['id']} R" in before
    with patch.object(retention, "connect", lambda: stack.running):
        assert retention.main() == 0
    printed = capsys.readouterr().out
    told = json.loads(printed)
    assert told["state"] == "dry_run"
    assert [row["what"] for row in told["retention"]] == [row.kept for row in RETENTION]
    counts = {(row["what"], *row["statuses"]): row["count"] for row in told["retention"]}
    # What was taken back today goes tonight; other tests may have taken back more.
    assert counts["text", "withdrawn"] >= 1
    assert counts["device",] is None
    assert "Kanarek" not in printed
    assert cases(stack) == before
