"""One trace from the click to the mail, through the outbox."""

import json
from typing import Any
from uuid import uuid4

import pytest
from opentelemetry.trace import SpanKind

from chalicelib import tracing
from chalicelib.domain.trace import Trace
from chalicelib.events import bulletins, relay
from chalicelib.http.telemetry import logger
from chalicelib.store import keys, outbox
from chalicelib.store.models import OutboxItem
from chalicelib.store.subscription_items import LetterItem
from tests.alerts.world import World as Alerts
from tests.alerts.world import record
from tests.http.world import World, draft
from tests.tracing.conftest import Kept, click, trace_of

SECRET = "Kanarek pod numerem 5."


def waiting() -> list[Any]:
    return [item for shard in range(keys.SHARDS) for item in OutboxItem.query(keys.outbox(shard))]


def test_a_request_is_a_span_of_the_click_s_trace_and_hands_it_on(world: World, kept: Kept) -> None:
    citizen, above = world.citizen(), click()
    filed = citizen.call(
        "POST", "/v1/reports", draft(description=SECRET), Idempotency_Key=str(uuid4()), Traceparent=above.header
    )
    assert filed.status == 201, filed.text
    request = kept.named("POST /v1/reports")
    assert (trace_of(request), request.kind) == (above.trace_id, SpanKind.SERVER)
    assert request.parent is not None
    assert f"{request.parent.span_id:016x}" == above.span_id
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/v1/reports",
        "http.response.status_code": 201,
    }
    (alert,) = waiting()
    handed_on = Trace.parse(alert.trace)
    assert handed_on is not None
    assert (handed_on.trace_id, int(handed_on.span_id, 16)) == (above.trace_id, request.context.span_id)
    told = " ".join(span.to_json() for span in kept.all())
    assert not [secret for secret in (SECRET, filed.body["id"], filed.body["receipt"], "52.2") if secret in told]


def test_a_refusal_is_told_by_its_code(world: World, kept: Kept) -> None:
    world.stranger().call("GET", "/v1/reports/unknown")
    assert dict(kept.named("GET /v1/reports/{id}").attributes or {})["error.type"] == "not_found"


@pytest.mark.parametrize("given", [None, "", "00-nothing", "\u0000"])
def test_a_request_without_a_trace_begins_one(world: World, given: str | None) -> None:
    headers = {} if given is None else {"Traceparent": given}
    filed = world.citizen().call("POST", "/v1/reports", draft(), Idempotency_Key=str(uuid4()), **headers)
    assert filed.status == 201
    (alert,) = waiting()
    assert Trace.parse(alert.trace) is not None


def test_the_line_of_the_log_names_the_trace(world: World, caplog: pytest.LogCaptureFixture) -> None:
    above = click()
    world.stranger().call("GET", "/v1/health", Traceparent=above.header)
    (handler,) = logger().handlers
    lines = [json.loads(handler.format(record)) for record in caplog.records]
    assert [line["trace_id"] for line in lines] == [above.trace_id]


def test_the_delivery_goes_on_with_the_trace_that_the_alert_brought(alerts: Alerts, kept: Kept) -> None:
    above = click()
    with tracing.span("click", above=above):
        item = alerts.report()
    alerts.relay(item)
    assert len(alerts.mails()) == 1
    delivered = kept.named("alert")
    assert (trace_of(delivered), delivered.kind) == (above.trace_id, SpanKind.CONSUMER)
    assert dict(delivered.attributes or {}) == {"alert.kind": "accepted", "alert.attempt": 1}


def test_an_alert_that_waits_for_a_bulletin_keeps_its_trace(alerts: Alerts, kept: Kept) -> None:
    traces = [click(), click()]
    for above in traces:
        with tracing.span("click", above=above):
            item = alerts.report(priority=3)
        alerts.relay(item)
    bulletins.handle({}, alerts.container)
    (mail,) = alerts.mails()
    assert mail
    told = kept.named("bulletin")
    assert {f"{link.context.trace_id:032x}" for link in told.links} == {above.trace_id for above in traces}
    assert dict(told.attributes or {}) == {"bulletin.lines": 2}


def test_an_alert_that_is_put_back_keeps_the_trace_of_its_click(alerts: Alerts) -> None:
    above = click()
    with tracing.span("click", above=above):
        item = alerts.report()
    found = outbox.find(item.pk, item.sk)
    assert found is not None
    with tracing.span("replay", above=click()):
        item.delete()
        outbox.put_back(found)
    (alert,) = waiting()
    assert alert.trace == above.header


def test_a_letter_goes_on_with_the_trace_of_whoever_asked_for_it(world: World, kept: Kept) -> None:
    above = click()
    asked = world.stranger().call(
        "POST",
        "/v1/subscriptions",
        {"email": "kanarek@reader.example", "area": {"powiat": "1465"}, "language": "pl"},
        Traceparent=above.header,
    )
    assert asked.status == 202, asked.text
    (letter,) = [item for shard in range(keys.SHARDS) for item in LetterItem.query(keys.letters(shard))]
    relay.handle({"Records": [record(letter)]}, world.box)
    assert trace_of(kept.named("letter")) == above.trace_id
    assert "kanarek" not in " ".join(span.to_json() for span in kept.all())
