"""What is put right in the emulator holds, asked in the emulator's own environment."""

import json
import subprocess
from typing import Any

import pytest

from infra.local.emulator import ROOT, interpreter

pytestmark = pytest.mark.emulator

NEXT = """
import json, sys
from datetime import datetime, UTC
sys.path.insert(0, ".")
from infra.local import gaps
from ministack.services import eventbridge
gaps.close_gaps()
zone, after = sys.argv[1:]
fields = eventbridge._parse_cron_fields(gaps.zoned("cron(10 0 * * ? *)", zone))
print(json.dumps(eventbridge._cron_next_fire(fields, datetime.fromisoformat(after)).astimezone(UTC).isoformat()))
"""
IDENTITY = """
import json, sys
sys.path.insert(0, ".")
from infra.local import gaps
from ministack.core import iam_actions
from ministack.services import ses
gaps.close_gaps()
ses._identities["known@police.example"] = {}
print(json.dumps(iam_actions._ses_v2_resource_arn(*sys.argv[1:3], sys.argv[3].encode(), "eu-central-1", "1")))
"""


def ask(program: str, *arguments: str) -> Any:
    """What the program prints in the emulator's environment."""
    command = [str(interpreter()), "-c", program, *arguments]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize(
    ("zone", "after", "fires"),
    [
        ("UTC", "2026-11-22T12:00:00+00:00", "2026-11-23T00:10:00+00:00"),
        ("Europe/Warsaw", "2026-11-22T12:00:00+00:00", "2026-11-22T23:10:00+00:00"),
        ("Europe/Warsaw", "2026-07-01T12:00:00+00:00", "2026-07-01T22:10:00+00:00"),
        ("Europe/Warsaw", "2026-03-28T23:10:30+00:00", "2026-03-29T22:10:00+00:00"),
        ("Europe/Warsaw", "2026-10-24T22:10:30+00:00", "2026-10-25T23:10:00+00:00"),
        ("America/Vancouver", "2026-11-22T12:00:00+00:00", "2026-11-23T08:10:00+00:00"),
    ],
    ids=["utc", "winter", "summer", "after-the-23-hour-day", "after-the-25-hour-day", "west"],
)
def test_a_cron_schedule_fires_in_its_own_zone(zone: str, after: str, fires: str) -> None:
    assert ask(NEXT, zone, after) == fires


@pytest.mark.parametrize(
    ("sender", "identity"),
    [
        ("Czujka <czujka@police.example>", "police.example"),
        ("czujka@police.example", "police.example"),
        ("Known <known@police.example>", "known@police.example"),
    ],
)
def test_sending_is_allowed_on_the_identity_that_sends(sender: str, identity: str) -> None:
    asked = ask(IDENTITY, "POST", "/v2/email/outbound-emails", json.dumps({"FromEmailAddress": sender}))
    assert asked == f"arn:aws:ses:eu-central-1:1:identity/{identity}"


@pytest.mark.parametrize("body", ["", "[]", "{}"])
def test_a_send_request_without_a_sender_names_no_identity(body: str) -> None:
    assert ask(IDENTITY, "POST", "/v2/email/outbound-emails", body) == "arn:aws:ses:eu-central-1:1:identity/"


def test_other_requests_name_what_they_named_before() -> None:
    asked = ask(IDENTITY, "GET", "/v2/email/identities/police.example", "")
    assert asked == "arn:aws:ses:eu-central-1:1:identity/police.example"
