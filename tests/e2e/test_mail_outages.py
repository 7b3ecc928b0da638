"""The mail service throttled, broken, silent and back, on the deployed stacks: alerts are kept and each told once."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.store import keys, models
from chalicelib.store.lease import MAX_ATTEMPTS
from chalicelib.store.models import MainItem
from chalicelib.store.quota_items import QuotaTableItem
from infra.commands import replay
from tests.e2e.citizen import items, mails_about, wait_for, waiting_alerts
from tests.e2e.outages import SUWALKI, MailService, Mode, file_urgent, mail_service, subscribed, sweep, told
from tests.support.whole import Whole

pytestmark = pytest.mark.e2e

RELAY_TIMEOUT = 8
"""Seconds, fewer than the relay waits for an answer of the mail service: Lambda ends it while it waits."""

GARRISON = "KWP-BIALYSTOK"
AWAY = 1.5
"""Seconds in which the stream has come back with a batch that failed: it waits for one."""

# Minutes at which the sweeper finds the pauses over: none after the second try, then 5, 10, 20, 40 and 60.
OUTAGE = {
    5: Mode.THROTTLED,
    10: Mode.BROKEN,
    16: Mode.THROTTLED,
    27: Mode.BROKEN,
    48: Mode.THROTTLED,
    90: Mode.BROKEN,
    152: Mode.THROTTLED,
}


@pytest.fixture(autouse=True)
def bound() -> Iterator[None]:
    """Give the models their tables back: the command takes them to the deployed ones."""
    names = [getattr(base.Meta, "table_name", None) for base in (MainItem, QuotaTableItem)]
    yield
    models.bind(*(name or "none" for name in names))


@pytest.fixture(scope="module")
def service(stack: Whole) -> Iterator[MailService]:
    """The service that relay and sweeper mail through in this module."""
    with mail_service(stack, relay_timeout=RELAY_TIMEOUT) as service:
        yield service


def alert_of(stack: Whole, report: str) -> dict[str, Any]:
    """The one alert that waits for a report."""
    (alert,) = waiting_alerts(stack, report)
    return alert


def parked(stack: Whole, report: str) -> list[dict[str, Any]]:
    """What is parked of a report."""
    return [item for shard in range(keys.SHARDS) for item in items(stack, f"X#{shard}") if item["id"]["S"] == report]


def test_Q01_a_throttled_mail_waits_and_goes_out_when_the_service_is_back(stack: Whole, service: MailService) -> None:
    with subscribed(stack, GARRISON) as queue:
        service.mode = Mode.THROTTLED
        report = file_urgent(stack, SUWALKI, 0)
        assert wait_for(lambda: "last_error" in alert_of(stack, report))
        assert alert_of(stack, report)["last_error"] == {"S": "SendEmail:TooManyRequestsException"}
        service.mode = Mode.WELL
        assert sweep(stack, minutes=5)["alerts_delivered"] >= 1
        assert (waiting_alerts(stack, report), len(mails_about(stack, report))) == ([], 1)
        assert told(stack, queue) == [report]


def test_Q09_killed_while_it_mails_the_relay_leaves_the_alert_and_it_is_told_once(
    stack: Whole, service: MailService
) -> None:
    with subscribed(stack, GARRISON) as queue:
        service.mode, gone = Mode.SILENT, service.hung_up
        report = file_urgent(stack, SUWALKI, 1)
        assert wait_for(lambda: service.hung_up > gone)
        time.sleep(AWAY)
        # It had no time to note anything, and whoever came after it found the alert in its hands.
        alert = alert_of(stack, report)
        assert (alert["attempts"], "last_error" in alert, "lease_until" in alert) == ({"N": "1"}, False, True)
        service.mode = Mode.WELL
        assert sweep(stack, minutes=5)["alerts_delivered"] >= 1
        assert (waiting_alerts(stack, report), len(mails_about(stack, report))) == ([], 1)
        assert told(stack, queue) == [report]


def test_Q03_after_eight_tries_an_alert_is_parked_and_replay_brings_it(
    stack: Whole, service: MailService, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with subscribed(stack, GARRISON) as queue:
        service.mode = Mode.BROKEN
        report = file_urgent(stack, SUWALKI, 2)
        assert wait_for(lambda: "last_error" in alert_of(stack, report))
        for minutes, service.mode in OUTAGE.items():
            assert sweep(stack, minutes=minutes)["newly_parked"] == 0
        assert alert_of(stack, report)["attempts"] == {"N": str(MAX_ATTEMPTS)}
        assert sweep(stack, minutes=160)["newly_parked"] == 1
        assert (waiting_alerts(stack, report), len(parked(stack, report))) == ([], 1)
        assert mails_about(stack, report) == []
        service.mode = Mode.WELL
        for name, value in stack.running.environment().items():
            monkeypatch.setenv(name, value)
        assert replay.main([]) == 0
        assert json.loads(capsys.readouterr().out) == {"found": 1, "put_back": 1}
        # It has entered the outbox anew, and so the stream brings it.
        assert wait_for(lambda: not waiting_alerts(stack, report))
        assert parked(stack, report) == []
        assert len(mails_about(stack, report)) == 1
        assert told(stack, queue) == [report]
