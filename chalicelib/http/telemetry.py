"""What is noted of a request: one line of JSON, and counts of reports accepted and refused.

Neither holds a text, a place, an address, a token or an id: only the pattern of the route, not the path.
"""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit, single_metric

from chalicelib.domain.errors import Problem
from chalicelib.http.call import Call
from chalicelib.http.reply import Reply

NAMESPACE = "Czujka"
SERVICE = "api"

_FILING = {("POST", path) for path in ("/v1/reports", "/open311/v2/requests.json", "/open311/v2/requests.xml")}


@cache
def logger() -> Logger:
    """Return the process's logger; nothing is appended to it, so nothing leaks into the next request."""
    return Logger(service=SERVICE)


def note(
    call: Call, reply: Reply, problem: Problem | None, seconds: float, details: dict[str, Any], stage: str
) -> None:
    """Write the line of one request, and its count in a stage if it was a report."""
    line = {
        "request_id": call.request_id,
        "method": call.method,
        "route": call.route,
        "status": reply.status,
        "code": problem.code if problem else None,
        "ms": round(seconds * 1000, 1),
        **details,
    }
    if reply.status >= 500:
        logger().error("answered", extra=line)
    else:
        logger().info("answered", extra=line)
    if (call.method, call.route) in _FILING:
        _count(problem, stage, created="Location" in reply.headers)


def _count(problem: Problem | None, stage: str, *, created: bool) -> None:
    name = "refused" if problem else "accepted" if created else "repeated"
    with single_metric(name=name, unit=MetricUnit.Count, value=1, namespace=NAMESPACE) as metric:
        # Two stages of one account are not added up.
        metric.add_dimension("stage", stage)
        metric.add_dimension("service", SERVICE)
        if problem is not None:
            metric.add_dimension("code", problem.code)
