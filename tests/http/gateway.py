"""REST API proxy events as the gateway builds them, and the application's answers to them."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from app import app
from chalicelib.http.routes import ANYTHING_ELSE, ROUTES


@dataclass(frozen=True)
class Answer:
    """What the application hands back to the gateway."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:
        """The parsed body."""
        return json.loads(self.text)


def match(path: str) -> tuple[str, dict[str, str] | None]:
    """Return the pattern that the gateway would take for a path, and the parameters as it hands them on."""
    given = path.split("/")
    for pattern in sorted(ROUTES, key=lambda pattern: pattern.count("{")):
        wanted = pattern.split("/")
        if len(wanted) == len(given) and pattern != ANYTHING_ELSE:
            pairs = list(zip(wanted, given, strict=True))
            if all(want == have or (want.startswith("{") and have) for want, have in pairs):
                return pattern, {want[1:-1]: have for want, have in pairs if want.startswith("{")} or None
    return ANYTHING_ELSE, {"proxy": path.lstrip("/")}


def event(
    method: str,
    target: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: str | bytes | None = None,
    source: str | None = "192.0.2.1",
) -> dict[str, Any]:
    """Return the event of a request; bytes arrive as the gateway passes binary bodies, in base64."""
    parts = urlsplit(target)
    pattern, parameters = match(quote(parts.path, safe="/%"))
    query = parse_qs(parts.query, keep_blank_values=True) or None
    return {
        "resource": pattern,
        "path": parts.path,
        "httpMethod": method,
        "headers": dict(headers) if headers else None,
        "multiValueHeaders": {name: [value] for name, value in headers.items()} if headers else None,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} if query else None,
        "multiValueQueryStringParameters": query,
        "pathParameters": parameters,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": pattern,
            "httpMethod": method,
            "requestId": "c0ffee00-0000-4000-8000-000000000000",
            "identity": {"sourceIp": source},
            "stage": "api",
        },
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": isinstance(body, bytes),
    }


def send(request: Mapping[str, Any]) -> Answer:
    """Call the application as Lambda does."""
    context = SimpleNamespace(function_name="api", aws_request_id="c0ffee", memory_limit_in_mb=1024)
    raw = app(request, context)
    assert not raw["multiValueHeaders"], "one value a header is enough everywhere"
    return Answer(raw["statusCode"], {name.lower(): value for name, value in raw["headers"].items()}, raw["body"])
