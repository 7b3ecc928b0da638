"""Spans from the click to the mail: what was done in whose train, and how long it took.

A trace begins in the page, comes with the request (`traceparent`), waits in the outbox with the alert, and goes on in
whichever function delivers it. Where nobody exports spans (`OTEL_TRACES_EXPORTER`, see `chalicelib.spans`), all that is
left of it is its id, in the log and in the outbox: no library is loaded and nothing is measured.

A span holds names, counts and codes; never a text, a place, an address, a token or an id of a case.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Protocol

from chalicelib.domain.trace import Trace


class Kind(StrEnum):
    """Which side of what a span is, as OpenTelemetry has it."""

    INTERNAL = "INTERNAL"
    SERVER = "SERVER"
    """Answers a request."""
    CONSUMER = "CONSUMER"
    """Takes up what another has left."""


class Span(Protocol):
    """A span that is open."""

    @property
    def trace(self) -> Trace:
        """Where what is done now stands."""

    def note(self, **attributes: str | int) -> None:
        """Add what is known of it; two underscores in a name stand for a dot."""


class Recorder(Protocol):
    """Whoever keeps spans."""

    def span(self, name: str, kind: Kind, above: Trace | None, links: Sequence[Trace]) -> AbstractContextManager[Span]:
        """Open a span below another, or one that begins a trace."""

    def flush(self) -> None:
        """Let everything leave that has ended."""


class _Unrecorded:
    """A span that nobody keeps."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace

    def note(self, **attributes: str | int) -> None:
        """Forget it."""


class Nobody:
    """Keeps no span, and hands each trace on as it came."""

    @contextmanager
    def span(self, _name: str, _kind: Kind, above: Trace | None, _links: Sequence[Trace]) -> Iterator[Span]:
        """Open a span that leaves nothing."""
        yield _Unrecorded(above or Trace.fresh())

    def flush(self) -> None:
        """Nothing has to leave."""


class _Process:
    recorder: Recorder = Nobody()


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def install(recorder: Recorder) -> None:
    """Have all further spans of this process kept."""
    _Process.recorder = recorder


def current() -> str | None:
    """Return what is handed on with whatever is left for others to do; None outside of all spans."""
    trace = _current.get()
    return None if trace is None else trace.header


@contextmanager
def span(
    name: str, kind: Kind = Kind.INTERNAL, above: Trace | None = None, links: Sequence[Trace] = ()
) -> Iterator[Span]:
    """Open a span below `above`, or below the one that is open, or one that begins a trace.

    `links` are traces that it belongs to as well: a mail that tells of many cases has but one place.
    """
    with _Process.recorder.span(name, kind, above or _current.get(), links) as opened:
        token = _current.set(opened.trace)
        try:
            yield opened
        finally:
            _current.reset(token)


@contextmanager
def invocation(name: str, kind: Kind = Kind.INTERNAL, above: Trace | None = None) -> Iterator[Span]:
    """Open the first span of an invocation, and let all leave when it ends: Lambda freezes the process then."""
    try:
        with span(name, kind, above) as opened:
            yield opened
    finally:
        _Process.recorder.flush()
