"""Entering an event function: what it does is a span of its own, and what was recorded leaves with its end."""

from collections.abc import Callable
from typing import Any

from chalicelib.container import Container, container
from chalicelib.tracing import invocation

Handle = Callable[[dict[str, Any], Container], dict[str, Any]]


def invoked(name: str, handle: Handle, event: dict[str, Any]) -> dict[str, Any]:
    """Let an event function handle what it was invoked with; whatever it raises goes through."""
    # Built first: it says who keeps spans.
    box = container()
    with invocation(name):
        return handle(event, box)
