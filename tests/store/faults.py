"""Faults on the way to the store, put in by botocore's own events: the code under test is the code that is deployed."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError

from chalicelib.store import models

Fault = Callable[[AWSPreparedRequest], AWSResponse]

TYPE = "com.amazonaws.dynamodb.v20120810#"


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def _refusal(request: AWSPreparedRequest, body: dict[str, Any], status: int = 400) -> AWSResponse:
    headers = HTTPHeaders()
    headers["content-type"] = "application/x-amz-json-1.0"
    return AWSResponse(request.url, status, headers, _Raw(json.dumps(body).encode()))


def throttled(request: AWSPreparedRequest) -> AWSResponse:
    """The service refuses before it does anything."""
    return _refusal(request, {"__type": TYPE + "ThrottlingException", "message": "slow down"})


def forbidden(request: AWSPreparedRequest) -> AWSResponse:
    """The function's role lacks the right."""
    return _refusal(request, {"__type": TYPE + "AccessDeniedException", "message": "no"})


def conflict(request: AWSPreparedRequest) -> AWSResponse:
    """Another transaction holds one of the items."""
    return cancelled("None", "TransactionConflict", "None", "None")(request)


def cancelled(*codes: str) -> Fault:
    """The transaction is cancelled for these reasons, one an item."""

    def fault(request: AWSPreparedRequest) -> AWSResponse:
        reasons = [{"Code": code} for code in codes]
        body = {"__type": TYPE + "TransactionCanceledException", "message": "", "CancellationReasons": reasons}
        return _refusal(request, body)

    return fault


def given_back(request: AWSPreparedRequest) -> AWSResponse:
    """The service is short of capacity: it has done nothing of a batch, and says so."""
    asked = json.loads(str(request.body, "utf-8") if isinstance(request.body, bytes) else "{}")
    return _refusal(request, {"UnprocessedItems": asked["RequestItems"]}, status=200)


def running(request: AWSPreparedRequest) -> AWSResponse:
    """An earlier try with the same token has not ended."""
    return _refusal(request, {"__type": TYPE + "TransactionInProgressException", "message": ""})


def lost_before(request: AWSPreparedRequest) -> AWSResponse:
    """The connection breaks before the service has seen the request."""
    raise ConnectionClosedError(endpoint_url=request.url)


def lost_after(request: AWSPreparedRequest) -> AWSResponse:
    """The service does its work, and the connection breaks before the answer."""
    client: Any = models.connection().client
    client._endpoint.http_session.send(request)
    raise ConnectionClosedError(endpoint_url=request.url)


@contextmanager
def faults(*planned: Fault, operation: str = "TransactWriteItems") -> Iterator[list[Fault]]:
    """Let the next requests of an operation meet these faults, one each; what was not met is left in the list."""
    left = list(planned)

    def before_send(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        return left.pop(0)(request) if left else None

    events: Any = models.connection().client.meta.events
    name = f"before-send.dynamodb.{operation}"
    events.register_first(name, before_send)
    try:
        yield left
    finally:
        events.unregister(name, before_send)
