"""Errors that the gateway itself answers, in the form of all others (RFC 9457).

The gateway fills in no language and no status: each response that it knows gets a status and a code of our own, in the
default language of the instance. An unknown route is a "missing authentication token" to it.
"""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.errors import (
    Malformed,
    NotFound,
    Problem,
    TooLarge,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
)
from chalicelib.http.reply import SCHEMES
from chalicelib.languages import problem_texts

RETRY_AFTER_SECONDS = 5
# The gateway's own limit of a request.
LIMIT_BYTES = 10 * 1024 * 1024

BUSY = Unavailable(RETRY_AFTER_SECONDS)
# Response of the gateway -> what it means here.
TABLE: Mapping[str, Problem] = {
    "DEFAULT_4XX": Malformed(),
    "DEFAULT_5XX": BUSY,
    "BAD_REQUEST_BODY": Malformed(),
    "BAD_REQUEST_PARAMETERS": Malformed(),
    # The authorizer's own word for a token that is missing, over or not the pool's.
    "UNAUTHORIZED": Unauthorized(),
    "ACCESS_DENIED": NotFound(),
    "EXPIRED_TOKEN": NotFound(),
    "INVALID_SIGNATURE": NotFound(),
    "MISSING_AUTHENTICATION_TOKEN": NotFound(),
    "RESOURCE_NOT_FOUND": NotFound(),
    "REQUEST_TOO_LARGE": TooLarge(LIMIT_BYTES),
    "UNSUPPORTED_MEDIA_TYPE": UnsupportedMediaType(),
    # Not 429: that says that the device has used its report of the day.
    "THROTTLED": BUSY,
    "INTEGRATION_FAILURE": BUSY,
    "INTEGRATION_TIMEOUT": BUSY,
}


def responses(language: str) -> dict[str, Any]:
    """Return the extension of the API's definition that holds a response for each row of the table.

    Resources of their own would be dropped by the next deployment that changes the definition (cfn-lint W3660).
    """
    return {
        "x-amazon-apigateway-gateway-responses": {name: _response(problem, language) for name, problem in TABLE.items()}
    }


def authorizers() -> dict[str, Any]:
    """Return what the API's definition says of its authorizers beyond what Chalice wrote: whose logins they believe."""
    pool = {"providerARNs": [{"Ref": "OfficerPoolArn"}]}
    return {"securityDefinitions": {"officers": {"x-amazon-apigateway-authorizer": pool}}}


def _response(problem: Problem, language: str) -> dict[str, Any]:
    title, detail = problem_texts(problem, language)
    body = {
        "type": f"${{SiteUrl}}/problems#{problem.code}",
        "title": title,
        "status": problem.status,
        "code": problem.code,
        "detail": detail,
    }
    headers = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    if isinstance(problem, Unavailable):
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if isinstance(problem, Unauthorized):
        headers["WWW-Authenticate"] = SCHEMES[Unauthorized]
    return {
        "statusCode": str(problem.status),
        # The gateway takes a literal in single quotes.
        "responseParameters": {f"gatewayresponse.header.{key}": f"'{value}'" for key, value in headers.items()},
        "responseTemplates": {"application/json": {"Fn::Sub": json.dumps(body, ensure_ascii=False)}},
    }
