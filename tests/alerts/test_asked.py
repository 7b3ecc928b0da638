"""What the note-taker of `make permissions` sees of a function at work."""

import os
from pathlib import Path

import pytest

from infra.commands.permissions import CALLS, POLICIES, Call, compared, grants, read
from tests.alerts.world import World
from tests.support.calls import noted


@pytest.mark.skipif(CALLS in os.environ, reason="somebody takes notes already")
def test_what_the_relay_asks_for_is_noted_and_allowed_and_what_the_test_does_is_not(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CALLS, str(tmp_path))
    with noted():
        world.relay(world.report())
        (sent,) = world.messages()
    assert sent
    found = read(tmp_path)
    assert {call.function for call in found} == {"relay"}
    assert found >= {
        Call("relay", "dynamodb:GetItem", "MAIN_TABLE R#"),
        Call("relay", "dynamodb:UpdateItem", "MAIN_TABLE O#"),
        Call("relay", "dynamodb:DeleteItem", "MAIN_TABLE O#"),
        Call("relay", "sns:Publish", "*"),
        Call("relay", "ses:SendEmail", "*"),
    }
    assert not [line for line in compared(found, grants(POLICIES / "relay.json")) if "not allowed" in line]
