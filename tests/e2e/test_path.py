"""A report's whole way on the deployed stacks, permissions enforced: phone, police mailbox, night, map."""

import gzip
import json
import re
from datetime import time
from functools import partial
from itertools import accumulate
from typing import Any
from uuid import uuid4

import h3
import pytest

from chalicelib.domain.roles import Role
from infra.commands.officer import Pool
from tests.e2e.citizen import (
    BIALYSTOK,
    JELENIA_GORA,
    URGENT,
    bulletin_about,
    enrol,
    file_report,
    items,
    mails_about,
    wait_for,
    waiting_alerts,
)
from tests.e2e.outages import subscribed, without
from tests.support.ahead import ahead
from tests.support.published import listed_tiles, whole_tile
from tests.support.whole import Whole

pytestmark = pytest.mark.e2e

LOG = "/czujka/local/functions"


def figures(stack: Whole) -> Any:
    """The nation's figures by unit, as its watcher gets them."""
    names = stack.running.names
    pool = Pool(stack.running.client("cognito-idp"), names["OFFICER_POOL"])
    pool.enter("watcher", Role.NATIONAL, None)
    token = pool.token("watcher", names["OFFICER_CLIENT"])
    answer = stack.call("GET", "/v1/police/stats?by=unit", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 200, answer.body
    return answer.json


def test_L01_a_report_reaches_the_garrison_s_topic_and_the_unit_s_mailbox(stack: Whole) -> None:
    with subscribed(stack, "KWP-BIALYSTOK") as queue:
        filed = file_report(stack, place=BIALYSTOK, description="Rozbita szyba przystanku.")
        assert filed.status == 201, filed.body
        report = filed.json["id"]
        sqs = stack.running.client("sqs")
        messages = wait_for(lambda: sqs.receive_message(QueueUrl=queue).get("Messages", []))
        (mail,) = bulletin_about(stack, report)
    (message,) = messages
    assert report in message["Body"]
    assert "Rozbita" not in message["Body"]
    assert mail["to"] == [f"{filed.json['unit']['code'].lower()}@police.example"]
    assert wait_for(lambda: not waiting_alerts(stack, report))


def test_an_urgent_report_is_mailed_at_once(stack: Whole) -> None:
    report = file_report(stack, category=URGENT).json["id"]
    (mail,) = wait_for(lambda: mails_about(stack, report))
    assert mail["to"] == ["ksp@police.example"]


def test_S07_the_link_of_an_alerts_mail_takes_the_case_up_and_opening_it_does_not(stack: Whole) -> None:
    report = file_report(stack, category=URGENT).json["id"]
    (mail,) = wait_for(lambda: mails_about(stack, report))
    (token,) = re.findall(r"/policja/#/przyjmij/(\S+)", mail["text"])
    headers = {"Take-Up": token}
    looked = [stack.call("GET", "/v1/police/take-up-link", None, headers).json["status"] for _ in range(2)]
    assert looked == ["new", "new"]
    taken = stack.call("POST", "/v1/police/take-up-link", {}, headers)
    assert (taken.status, taken.json["status"]) == (200, "verifying")


def test_L04_a_retry_gives_the_same_answer_and_files_nothing_more(stack: Whole) -> None:
    device, key = enrol(stack), str(uuid4())
    first = file_report(stack, device=device, key=key)
    again = file_report(stack, device=device, key=key)
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
    assert len(items(stack, f"R#{first.json['id']}")) == 2


def test_a_second_report_of_the_day_is_refused(stack: Whole) -> None:
    device = enrol(stack)
    assert file_report(stack, device=device).status == 201
    refused = file_report(stack, device=device)
    assert (refused.status, refused.json["code"]) == (429, "quota_used")
    assert refused.headers["Retry-After"]


def test_without_the_permission_to_write_nothing_is_filed(stack: Whole) -> None:
    device, key = enrol(stack), str(uuid4())
    with without(stack, "ApiHandlerRole", "dynamodb:PutItem"):
        refused = file_report(stack, device=device, key=key)
    assert (refused.status, refused.headers["Content-Type"]) == (503, "application/problem+json")
    assert file_report(stack, device=device, key=key).status == 201


def test_without_the_permission_to_mail_the_alert_waits_and_then_goes_out(stack: Whole) -> None:
    with without(stack, "RelayRole", "ses:SendEmail"):
        report = file_report(stack, category=URGENT).json["id"]
        wait_for(lambda: any("last_error" in alert for alert in waiting_alerts(stack, report)))
        (alert,) = waiting_alerts(stack, report)
        assert "AccessDenied" in alert["last_error"]["S"]
        assert mails_about(stack, report) == []
    told = stack.running.invoke("sweeper", {"now": "2100-01-01T00:00:00Z"})
    assert told["alerts_delivered"] >= 1
    assert len(mails_about(stack, report)) == 1
    assert waiting_alerts(stack, report) == []


def test_N01_the_night_puts_the_report_on_the_map(stack: Whole) -> None:
    filed = file_report(stack, category="illegal_dump", place=JELENIA_GORA)
    assert filed.status == 201
    cell = filed.json["location"]["cell"]
    summary = stack.running.invoke("nightly", night(1))
    assert summary["state"] == "published"
    manifest = stack.call("GET", "/data/manifest.json")
    assert manifest.headers["Cache-Control"] == "public, max-age=60"
    assert manifest.json["build"] == summary["build"]
    for res in range(5, 10):
        parent = h3.cell_to_parent(cell, res - 3)
        versions = dict(listed_tiles(published(stack, manifest.json["parents"].format(res=res))))
        tile = whole_tile(partial(published, stack), manifest.json, res, parent, versions[parent])
        assert reports_in(tile, h3.cell_to_parent(cell, res), "illegal_dump") == 1
    # The commanders' figures stand beside it, for the interface of the police alone.
    table = figures(stack)
    assert [row["reports"] for row in table["rows"] if row["key"] == filed.json["unit"]["code"]] == [1]


def test_a_night_without_any_report_in_its_windows_publishes_an_empty_map(stack: Whole) -> None:
    summary = stack.running.invoke("nightly", night(400))
    assert (summary["state"], summary["totals"]["reports_365d"]) == ("published", 0)
    assert stack.call("GET", "/data/manifest.json").json["totals"] == {"reports_365d": 0, "reports_28d": 0}


def night(days: int) -> dict[str, str]:
    """The event of the night so many days from now, at ten past midnight."""
    now = ahead(days, time(0, 10))
    return {"day": now.date().isoformat(), "now": now.isoformat()}


def reports_in(tile: dict[str, Any], cell: str, category: str) -> int:
    """The count of a category in a cell, read as the site reads it."""
    rank = sorted(h3.cell_to_children(tile["parent"], tile["res"])).index(cell)
    position = list(accumulate(tile["ranks"])).index(rank)
    wanted = tile["categories"].index(category)
    (count,) = [n365 for index, at, n365, _ in tile["by_category"] if (index, at) == (wanted, position)]
    return int(count)


def published(stack: Whole, path: str) -> Any:
    """A published JSON file, decoded as its headers say."""
    answer = stack.call("GET", path)
    assert answer.status == 200, path
    body = gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body
    return json.loads(body)


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/reports/x/y/z", "/v1/"])
def test_the_gateway_itself_answers_with_problem_details(stack: Whole, path: str) -> None:
    answer = stack.call("GET", path)
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert set(answer.json) == {"type", "title", "status", "code", "detail"}


def test_the_scheduler_starts_the_nightly_function(stack: Whole) -> None:
    """A copy of the deployed schedule that is due now: role, target and input are those of the template."""
    scheduler = stack.running.client("scheduler")
    (name,) = [found["Name"] for found in scheduler.list_schedules()["Schedules"] if "Nightly" in found["Name"]]
    held = scheduler.get_schedule(Name=name)
    assert held["ScheduleExpressionTimezone"] == "Europe/Warsaw"
    kept = {key: held[key] for key in ("Target", "FlexibleTimeWindow", "ScheduleExpressionTimezone")}
    before = nights(stack)
    scheduler.create_schedule(Name="due", ScheduleExpression="at(2020-01-01T00:00:00)", **kept)
    assert wait_for(lambda: nights(stack) > before, 180)
    scheduler.delete_schedule(Name="due")


def nights(stack: Whole) -> int:
    """How often the nightly function has ended: its memory, which no other function has, stands in its log."""
    configuration = stack.running.client("lambda").get_function_configuration(
        FunctionName=stack.running.functions["nightly"]
    )
    pages = stack.running.client("logs").get_paginator("filter_log_events").paginate(logGroupName=LOG)
    messages = [event["message"] for page in pages for event in page["events"]]
    reports = [message for message in messages if message.startswith("REPORT")]
    return sum(f"Memory Size: {configuration['MemorySize']} MB" in message for message in reports)
