"""`traceparent`, as W3C Trace Context describes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.trace import Trace

WHOLE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("header", "sampled"),
    [
        (f"00-{WHOLE}-{SPAN}-01", True),
        (f"00-{WHOLE}-{SPAN}-00", False),
        (f"00-{WHOLE}-{SPAN}-ff", True),
        (f" 00-{WHOLE}-{SPAN}-01 ", True),
        (f"cc-{WHOLE}-{SPAN}-01-what-the-future-adds", True),
    ],
)
def test_a_header_in_form_is_read(header: str, *, sampled: bool) -> None:
    assert Trace.parse(header) == Trace(WHOLE, SPAN, sampled)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        WHOLE,
        f"00-{WHOLE}-{SPAN}",
        f"00-{WHOLE}-{SPAN}-01-more",
        f"ff-{WHOLE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{WHOLE}-{'0' * 16}-01",
        f"00-{WHOLE.upper()}-{SPAN}-01",
        f"00-{'٤' * 32}-{SPAN}-01",
    ],
)
def test_whatever_is_not_in_form_is_no_trace(header: str | None) -> None:
    assert Trace.parse(header) is None


@given(st.text())
def test_no_text_breaks_the_reader(header: str) -> None:
    found = Trace.parse(header)
    assert found is None or found.header[3:] == header.strip()[3:55]


def test_what_is_begun_can_be_handed_on_and_is_nobody_else_s() -> None:
    traces = [Trace.fresh() for _ in range(100)]
    assert [Trace.parse(trace.header) for trace in traces] == traces
    assert len({trace.trace_id for trace in traces}) == len({trace.span_id for trace in traces}) == 100
