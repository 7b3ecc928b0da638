"""`make verify` on the deployed stack: what the functions wrote holds, and what is changed behind them is named."""

import json
from typing import Any
from unittest.mock import patch

import pytest

from infra.commands import verify
from tests.e2e.citizen import file_report
from tests.support.whole import Whole


def verified(stack: Whole, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    with patch.object(verify, "connect", lambda: stack.running), patch("sys.argv", ["verify"]):
        code = verify.main()
    return code, json.loads(capsys.readouterr().out)


def test_the_command_proves_what_the_functions_wrote(stack: Whole, capsys: pytest.CaptureFixture[str]) -> None:
    case = file_report(stack, description="Kanarek siedzi na drzewie").json
    code, told = verified(stack, capsys)
    assert (code, told["breaks"]) == (0, [])
    assert told["reports"] >= 1
    table, key = stack.running.names["MAIN_TABLE"], {"PK": {"S": f"R#{case['id']}"}, "SK": {"S": "R"}}
    dynamodb = stack.running.client("dynamodb")
    kept = dynamodb.get_item(TableName=table, Key=key)["Item"]
    dynamodb.put_item(TableName=table, Item={**kept, "text": {"S": "Kanarek odleciał"}})
    try:
        code, told = verified(stack, capsys)
    finally:
        dynamodb.put_item(TableName=table, Item=kept)
    assert (code, told["breaks"]) == (1, [{"what": "words", "report": case["id"], "event": 1}])
