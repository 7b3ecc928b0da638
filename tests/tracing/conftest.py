"""Spans that are kept, for tests to look at."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chalicelib import tracing
from chalicelib.domain.trace import Trace
from chalicelib.settings import Settings
from chalicelib.spans import Spans
from tests.alerts.conftest import post
from tests.alerts.conftest import world as alerts
from tests.http.world import country_pack, warm, world
from tests.unit.test_settings import NEEDED

__all__ = ["alerts", "country_pack", "post", "warm", "world"]


@dataclass
class Kept:
    """What has been recorded and has left."""

    spans: Spans
    exporter: InMemorySpanExporter

    def all(self) -> tuple[ReadableSpan, ...]:
        """Every span that ended, in the order of their ends."""
        self.spans.flush()
        return self.exporter.get_finished_spans()

    def named(self, name: str) -> ReadableSpan:
        """The one span of a name."""
        (found,) = [span for span in self.all() if span.name == name]
        return found


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Keep all spans of a test."""
    exporter = InMemorySpanExporter()
    spans = Spans(Settings.from_environment(NEEDED), exporter)
    tracing.install(spans)
    yield Kept(spans, exporter)
    tracing.install(tracing.Nobody())
    spans.provider.shutdown()


def trace_of(span: ReadableSpan) -> str:
    """The trace that a span belongs to."""
    return f"{span.context.trace_id:032x}"


def click() -> Trace:
    """What the page makes of a click."""
    fresh = Trace.fresh()
    return Trace(fresh.trace_id, fresh.span_id, sampled=True)
