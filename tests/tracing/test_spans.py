"""Spans as OpenTelemetry exports them: to a collector over HTTP, or into the log."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from chalicelib import tracing
from chalicelib.container import Container
from chalicelib.spans import Spans
from chalicelib.store import control
from chalicelib.tracing import Kind
from tests.support.collector import Collector, collecting
from tests.support.stacks import DataStack
from tests.tracing.conftest import Kept, click, trace_of


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as server:
        yield server


@pytest.fixture
def traced(data_stack: DataStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Build a container of a stage whose spans go somewhere."""
    made: list[Spans] = []

    def build(exporter: str, address: str = "") -> Container:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
        monkeypatch.setattr(tracing, "install", keep)
        return Container(data_stack.settings(OTEL_TRACES_EXPORTER=exporter))

    def keep(spans: Spans) -> None:
        made.append(spans)
        install(spans)

    install = tracing.install
    yield build
    install(tracing.Nobody())
    for spans in made:
        spans.provider.shutdown()


def test_a_collector_gets_the_calls_of_aws_below_what_asked_for_them(traced: Any, collector: Collector) -> None:
    box, above = traced("otlp", collector.address), click()
    with tracing.invocation("night", above=above) as night:
        control.level(control.PROOF)
        with pytest.raises(box.s3.exceptions.NoSuchKey):
            box.s3.get_object(Bucket=box.settings.site_bucket, Key="absent-canary")
        night.note(reports=3)
    outer = next(span for span in collector.spans if span.name == "night")
    calls = {span.name: span for span in collector.spans if span is not outer}
    assert set(calls) == {"DynamoDB.GetItem", "S3.GetObject"}
    assert {span.parent_span_id for span in calls.values()} == {outer.span_id}
    assert {span.trace_id.hex() for span in collector.spans} == {above.trace_id}
    attributes = {each.key: each.value for each in calls["S3.GetObject"].attributes}
    assert attributes["http.response.status_code"].int_value == 404
    assert (attributes["rpc.system"].string_value, attributes["rpc.method"].string_value) == ("aws-api", "GetObject")
    stage = {"service.name": "czujka", "deployment.environment.name": box.settings.stage}
    assert collector.resources[0].items() >= stage.items()
    assert b"canary" not in b"".join(span.SerializeToString() for span in collector.spans)


def test_a_call_that_gets_no_answer_is_a_span_that_failed(traced: Any, collector: Collector) -> None:
    box = traced("otlp", collector.address)
    client = box._resources.session.create_client("s3", endpoint_url="http://127.0.0.1:1")
    with tracing.invocation("night"), pytest.raises(Exception, match="Could not connect"):
        client.list_buckets()
    failed = next(span for span in collector.spans if span.name == "S3.ListBuckets")
    assert {each.key: each.value.string_value for each in failed.attributes}["error.type"] == "EndpointConnectionError"
    assert failed.status.code == failed.status.STATUS_CODE_ERROR


@pytest.mark.filterwarnings("ignore")
def test_a_collector_that_refuses_or_is_gone_concerns_no_request(traced: Any, collector: Collector) -> None:
    collector.answer = 400
    traced("otlp", collector.address)
    with tracing.invocation("refused") as opened:
        opened.note(done=1)
    traced("otlp", "http://127.0.0.1:1")
    with tracing.invocation("gone") as opened:
        opened.note(done=1)


def test_the_log_gets_a_line_of_json_for_each_span(traced: Any, capsys: pytest.CaptureFixture[str]) -> None:
    traced("console")
    above = click()
    with tracing.invocation("night", above=above):
        pass
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["name"], line["context"]["trace_id"]) == ("night", f"0x{above.trace_id}")


def test_an_exporter_that_nobody_knows_is_refused(traced: Any) -> None:
    with pytest.raises(ValueError, match="none, console or otlp, not zipkin"):
        traced("zipkin")


def test_an_exception_is_told_by_its_class_alone(kept: Kept) -> None:
    with pytest.raises(LookupError), tracing.span("outer", Kind.SERVER):
        raise LookupError("canary: ul. Piękna 5")
    outer = kept.named("outer")
    assert dict(outer.attributes or {}) == {"error.type": "LookupError"}
    assert (outer.status.status_code, outer.status.description, outer.events) == (StatusCode.ERROR, None, ())


def test_links_lead_to_the_other_traces(kept: Kept) -> None:
    others = [click(), click()]
    with tracing.span("bulletin", links=others):
        pass
    bulletin = kept.named("bulletin")
    assert [f"{link.context.trace_id:032x}" for link in bulletin.links] == [other.trace_id for other in others]
    assert trace_of(bulletin) not in {other.trace_id for other in others}


def test_the_share_of_traces_is_decided_by_their_ids_whatever_a_caller_says(
    data_stack: DataStack, monkeypatch: pytest.MonkeyPatch, kept: Kept
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.5")
    here, there = (Spans(data_stack.settings(), kept.exporter) for _ in range(2))
    for _ in range(200):
        above = click()
        for spans in (here, there):
            with spans.span("request", Kind.SERVER, above, ()):
                pass
            spans.flush()
    recorded = [trace_of(span) for span in kept.exporter.get_finished_spans()]
    assert 50 < len(set(recorded)) < 150
    assert all(recorded.count(trace) == 2 for trace in recorded), "all functions keep the same ones"
    for spans in (here, there):
        spans.provider.shutdown()
