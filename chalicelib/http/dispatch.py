"""From the gateway's event to its response: find the view, translate what it raises, note how it went.

Chalice turns exceptions of a view into answers of its own before any middleware sees them, so everything is caught
here, around the view, and each answer of each route has one form.
"""

import traceback
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from time import perf_counter
from typing import Any

from chalice.app import Response

from chalicelib.container import Container
from chalicelib.domain.errors import Internal, MethodNotAllowed, NotFound, Problem, Unavailable
from chalicelib.domain.trace import Trace
from chalicelib.http import routes
from chalicelib.http.call import Call
from chalicelib.http.open311 import answer as open311
from chalicelib.http.reply import Reply, of_problem
from chalicelib.http.telemetry import note
from chalicelib.languages import negotiate
from chalicelib.store.failures import STORE_FAILURES, code
from chalicelib.tracing import Kind, Span, invocation

View = Callable[[Call, Container], Reply]

RETRY_AFTER = 5


def answer(event: Mapping[str, Any], box: Container) -> Response:
    """Answer a REST API proxy event; never raises."""
    call = Call.of(event)
    with invocation(f"{call.method} {call.route}", Kind.SERVER, Trace.parse(call.headers.get("traceparent"))) as span:
        return _answer(call, box, span)


def _answer(call: Call, box: Container, span: Span) -> Response:
    began = perf_counter()
    outcome = _outcome(call, box)
    problem: Problem | None = None
    details: dict[str, Any] = {}
    if isinstance(outcome, Reply):
        reply = outcome
    else:
        problem, details = outcome
        reply = _refusal(problem, call, box)
    note(call, reply, problem, perf_counter() - began, details | {"trace_id": span.trace.trace_id}, box.settings.stage)
    span.note(http__request__method=call.method, http__route=call.route, http__response__status_code=reply.status)
    if problem is not None:
        span.note(error__type=problem.code)
    response = reply.response()
    if call.method == "HEAD":
        response.body = ""
    return response


def preload() -> None:
    """Import every view now rather than with its first request."""
    for methods in routes.ROUTES.values():
        for name in methods.values():
            _imported(name)


def _outcome(call: Call, box: Container) -> Reply | tuple[Problem, dict[str, Any]]:
    """Return what the view answers, or why it does not, with what only the log may know."""
    try:
        return _view(call)(call, box)
    except Problem as problem:
        return problem, {}
    except STORE_FAILURES as failure:
        return Unavailable(RETRY_AFTER), {"failure": code(failure)}
    except Exception as failure:  # noqa: BLE001 - the last line: whatever it is, the caller gets an answer in form
        return Internal(), {"failure": type(failure).__name__, "where": _where(failure)}


def _refusal(problem: Problem, call: Call, box: Container) -> Reply:
    """Return a problem in the form of the interface that the address belongs to."""
    if open311.concerns(call):
        return open311.refused(problem, call, box)
    return of_problem(problem, _language(call, box), box.settings.site_url)


def _view(call: Call) -> View:
    methods = routes.ROUTES[call.route]
    if not methods:
        raise NotFound
    name = methods.get("GET" if call.method == "HEAD" else call.method)
    if name is None:
        raise MethodNotAllowed(routes.allowed(call.route))
    return _imported(name)


@cache
def _imported(name: str) -> View:
    module, _, function = name.partition(":")
    view: View = getattr(import_module(f"chalicelib.http.{module}"), function)
    return view


def _language(call: Call, box: Container) -> str:
    instance = box.instance
    return negotiate(call.headers.get("accept-language"), instance.languages, instance.default_language)


def _where(failure: Exception) -> list[str]:
    # Frames only: the message of an exception may hold what somebody wrote.
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(failure.__traceback__)]
