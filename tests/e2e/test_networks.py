"""Whose address counts, through the real front and gateway."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from chalicelib.domain.network import IPV4_LIMIT
from tests.e2e.citizen import BIALYSTOK, bulletin_about, items, mails_about, wait_for, waiting_alerts
from tests.support.whole import Whole

pytestmark = pytest.mark.e2e

HOUSE = "127.0.0.77"
"""An address of this machine that no document declares as shared."""


def post(stack: Whole, path: str, body: dict[str, Any], **headers: str) -> Any:
    """Send a request from `HOUSE`, and return the answer's body; it must be accepted."""
    origin = urlsplit(stack.base_url)
    connection = http.client.HTTPConnection(str(origin.hostname), origin.port, timeout=60, source_address=(HOUSE, 0))
    sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("POST", path, json.dumps(body), sent)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    assert answer.status in {200, 201}, text
    return json.loads(text)


def file_report(stack: Whole, number: int) -> Any:
    """File a report of a new device that claims to come from elsewhere, each time from somewhere else."""
    claimed = f"203.0.113.{number}"
    claims = {
        "X_Forwarded_For": f"{claimed}, 198.51.100.{number}",
        "Forwarded": f"for={claimed}",
        "X_Real_IP": claimed,
        "CloudFront_Viewer_Address": f"{claimed}:443",
    }
    key = str(uuid4())
    device = post(stack, "/v1/challenge", {"idempotency_key": key, "client": "api"}, **claims)["device"]
    report = {"category": "vandalism", **BIALYSTOK}
    return post(stack, "/v1/reports", report, Device_Token=device, Idempotency_Key=key, **claims)


def test_a_forged_address_changes_nothing_and_a_full_network_is_held_not_refused(stack: Whole) -> None:
    filed = [file_report(stack, number) for number in range(IPV4_LIMIT + 1)]
    assert [each["tier"] for each in filed] == [1] * IPV4_LIMIT + [2]
    first, held = filed[0], filed[-1]
    wait_for(lambda: not waiting_alerts(stack, held["id"]))
    assert bulletin_about(stack, first["id"]), "the first one is mailed"
    assert waiting_alerts(stack, held["id"]) == [], "what is held has been told to machines"
    assert mails_about(stack, held["id"]) == [], "and mailed to nobody"
    (report,) = [item for item in items(stack, f"R#{held['id']}") if item["SK"]["S"] == "R"]
    assert report["tier"]["N"] == "2"
