"""Where nobody keeps spans: a trace is handed on, and nothing else is left of it."""

import subprocess
import sys

import pytest

from chalicelib import tracing
from chalicelib.domain.trace import Trace
from tests.tracing.conftest import Kept, click


def test_outside_of_all_spans_nothing_is_handed_on() -> None:
    assert tracing.current() is None


def test_a_trace_goes_through_as_it_came() -> None:
    above = click()
    with tracing.span("outer", above=above) as outer, tracing.span("inner") as inner:
        outer.note(any="thing")
        assert (outer.trace, inner.trace) == (above, above)
        assert tracing.current() == above.header
    assert tracing.current() is None


def test_without_one_a_trace_begins() -> None:
    with tracing.span("first") as first, tracing.span("second") as second:
        assert first.trace == second.trace
    with tracing.span("another") as another:
        assert another.trace.trace_id != first.trace.trace_id


def test_an_exception_closes_the_span_it_leaves() -> None:
    with pytest.raises(LookupError), tracing.invocation("broken"):
        raise LookupError
    assert tracing.current() is None


def test_what_was_recorded_leaves_with_the_invocation_even_where_it_fails(kept: Kept) -> None:
    with pytest.raises(LookupError), tracing.invocation("broken"):
        raise LookupError
    (left,) = kept.exporter.get_finished_spans()
    assert left.name == "broken"


def test_nobody_loads_the_library_who_does_not_export() -> None:
    code = (
        "import sys; from types import SimpleNamespace; import app; from chalicelib.http import dispatch;"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_trace_that_is_recorded_hands_on_the_span_that_is_open(kept: Kept) -> None:
    above = click()
    with tracing.span("outer", above=above):
        handed_on = Trace.parse(tracing.current())
    assert handed_on is not None
    outer = kept.named("outer")
    assert (handed_on.trace_id, handed_on.span_id) == (above.trace_id, f"{outer.context.span_id:016x}")
    assert handed_on.sampled
