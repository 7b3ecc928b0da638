"""A function that dies while it accepts a report: everything is there or nothing, and the next try finds out which."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from infra.local.emulator import ROOT
from tests.http.gateway import event
from tests.http.world import Citizen, World, draft
from tests.store.test_accept import KEY, NOTHING, ONE

BEFORE = [("GetItem", "before-call"), ("GetItem", "after-call"), ("TransactWriteItems", "before-call")]


def killed(world: World, citizen: Citizen, operation: str, moment: str) -> None:
    """File a report in a process that dies at the first such call."""
    sent = {
        "Device-Token": citizen.token or "",
        "Content-Type": "application/json",
        "Idempotency-Key": KEY,
    }
    request = event("POST", "/v1/reports", headers=sent, body=json.dumps(draft()), source=citizen.address)
    script = str(Path(__file__).with_name("dying_intake.py"))
    died = subprocess.run(
        [sys.executable, script, world.clock.now.isoformat(), operation, "1", moment],
        input=json.dumps(request),
        env=os.environ | world.stack.environment() | {"PYTHONPATH": str(ROOT)},
        check=False,
        text=True,
        timeout=120,
    )
    assert died.returncode == 9


@pytest.mark.parametrize(("operation", "moment"), BEFORE)
def test_killed_before_the_transaction_nothing_is_written_and_the_device_is_free(
    world: World, operation: str, moment: str
) -> None:
    citizen = world.citizen()
    killed(world, citizen, operation, moment)
    assert world.census() == NOTHING
    assert citizen.file(KEY).status == 201


def test_killed_after_the_transaction_the_alert_waits_and_the_next_try_gets_the_same_report(world: World) -> None:
    citizen = world.citizen()
    killed(world, citizen, "TransactWriteItems", "after-call")
    assert world.census() == ONE
    again = citizen.file(KEY)
    assert again.status == 200
    assert world.census() == ONE
    assert citizen.file(str(uuid4())).status == 429
