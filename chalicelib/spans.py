"""Spans as the OpenTelemetry SDK keeps and exports them; only a process that exports loads this module and its layer.

The SDK reads the rest of what it needs from its own variables: which share of traces is kept
(`OTEL_TRACES_SAMPLER_ARG`), where they go (`OTEL_EXPORTER_OTLP_ENDPOINT`), how long that may take
(`OTEL_EXPORTER_OTLP_TIMEOUT`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from opentelemetry.trace import Span as Recorded

from chalicelib.domain.trace import Trace

if TYPE_CHECKING:
    from botocore.hooks import BaseEventHooks

    from chalicelib.settings import Settings
    from chalicelib.tracing import Kind

PATIENCE_MS = 3000
"""How long an invocation waits at its end for its spans to leave; those that have not are dropped."""

_OPEN = "czujka_span"


class Spans:
    """Keeps spans and lets them leave through the exporter that the settings name."""

    def __init__(self, settings: Settings, exporter: SpanExporter | None = None) -> None:
        resource = Resource.create(
            {
                "service.name": "czujka",
                "service.version": settings.version,
                "deployment.environment.name": settings.stage,
            }
        )
        self.provider = TracerProvider(resource=resource)
        self.provider.add_span_processor(BatchSpanProcessor(exporter or _exporter(settings.otel_traces_exporter)))
        self.tracer = self.provider.get_tracer("czujka", settings.version)

    @contextmanager
    def span(self, name: str, kind: Kind, above: Trace | None, links: Sequence[Trace]) -> Iterator[Open]:
        """Open a span; an exception that leaves it is noted by its class alone, for messages quote what was written."""
        recorded = self.tracer.start_span(
            name,
            context=_below(above),
            kind=SpanKind[kind],
            links=[Link(_context(link)) for link in links],
        )
        try:
            yield Open(recorded)
        except BaseException as error:
            _fail(recorded, type(error).__name__)
            raise
        finally:
            recorded.end()

    def flush(self) -> None:
        """Let everything leave that has ended; whether it arrives concerns no request."""
        self.provider.force_flush(PATIENCE_MS)

    def watch(self, events: BaseEventHooks, current: Any) -> None:
        """Keep a span of each call of AWS that clients make whose events these are, below `current()`."""

        def begin(model: Any, context: dict[str, Any], **_: object) -> None:
            service = model.service_model.service_id
            # Neither parameters nor names of tables, buckets and objects: ids of cases are among them.
            context[_OPEN] = self.tracer.start_span(
                f"{service}.{model.name}",
                context=_below(Trace.parse(current())),
                kind=SpanKind.CLIENT,
                attributes={"rpc.system": "aws-api", "rpc.service": str(service), "rpc.method": model.name},
            )

        def end(http_response: Any, context: dict[str, Any], **_: object) -> None:
            recorded = context.pop(_OPEN)
            recorded.set_attribute("http.response.status_code", http_response.status_code)
            recorded.end()

        def fail(exception: Exception, context: dict[str, Any], **_: object) -> None:
            recorded = context.pop(_OPEN)
            _fail(recorded, type(exception).__name__)
            recorded.end()

        events.register("before-call", begin)
        events.register("after-call", end)
        events.register("after-call-error", fail)


class Open:
    """A span that is open and kept."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    @property
    def trace(self) -> Trace:
        """Where what is done now stands."""
        known = self._recorded.get_span_context()
        return Trace(f"{known.trace_id:032x}", f"{known.span_id:016x}", sampled=known.trace_flags.sampled)

    def note(self, **attributes: str | int) -> None:
        """Add what is known of it."""
        for name, value in attributes.items():
            self._recorded.set_attribute(name.replace("__", "."), value)


def _exporter(name: str) -> SpanExporter:
    if name == "otlp":
        # The one that needs a network, and half a second to load.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter()
    if name == "console":
        return ConsoleSpanExporter(out=sys.stdout, formatter=lambda span: f"{span.to_json(indent=None)}\n")
    raise ValueError(f"OTEL_TRACES_EXPORTER may be none, console or otlp, not {name}")


def _context(trace: Trace) -> SpanContext:
    flags = TraceFlags(TraceFlags.SAMPLED if trace.sampled else TraceFlags.DEFAULT)
    return SpanContext(int(trace.trace_id, 16), int(trace.span_id, 16), is_remote=True, trace_flags=flags)


def _below(above: Trace | None) -> Context:
    return Context() if above is None else set_span_in_context(NonRecordingSpan(_context(above)), Context())


def _fail(recorded: Recorded, error: str) -> None:
    recorded.set_attribute("error.type", error)
    recorded.set_status(Status(StatusCode.ERROR))
