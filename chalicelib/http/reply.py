"""What a view answers, and how that becomes the gateway's response."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalice.app import Response

from chalicelib.domain.errors import DeviceInvalid, MethodNotAllowed, PartnerInvalid, Problem, QuotaUsed, Unauthorized
from chalicelib.languages import fault_message, problem_texts
from chalicelib.store import keys

PROBLEM_JSON = "application/problem+json"
PRIVATE = "no-store"
"""Cache-Control of whatever concerns one person, or must be true now."""

SHARED = "public, max-age=300"
"""Cache-Control of what is the same for everybody and seldom changes."""

DAY_SECONDS = 24 * 60 * 60
"""Length of the quota's window as RateLimit-Policy names it; the day itself is the local one, of 23 to 25 hours."""

BRIEF = "public, max-age=60"
"""Cache-Control of public views of reports: as old as the published map may be."""


SCHEMES: Mapping[type[Problem], str] = {
    DeviceInvalid: 'Device realm="czujka"',
    Unauthorized: 'Bearer realm="czujka"',
    PartnerInvalid: 'Partner realm="czujka"',
}
"""What `WWW-Authenticate` asks for, by what is missing."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A body to be written as JSON, or text as it is, with its status and headers; times are written in UTC."""

    body: Mapping[str, Any] | str
    status: int = 200
    cache: str = PRIVATE
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return Chalice's response."""
        headers: dict[str, str | list[str]] = {
            "Content-Type": "application/json",
            "Cache-Control": self.cache,
            "X-Content-Type-Options": "nosniff",
            **self.headers,
        }
        body = (
            self.body
            if isinstance(self.body, str)
            else json.dumps(self.body, ensure_ascii=False, separators=(",", ":"), default=_written)
        )
        return Response(body, headers, self.status)


def of_problem(problem: Problem, language: str, site_url: str) -> Reply:
    """Return problem details (RFC 9457) in a language; the type is a page of the site that explains the code."""
    title, detail = problem_texts(problem, language)
    body = {
        "type": f"{site_url}/problems#{problem.code}",
        "title": title,
        "status": problem.status,
        "code": problem.code,
        "detail": detail,
        **problem.extras,
    }
    if problem.faults:
        body["errors"] = [
            {"field": fault.field, "code": fault.code.value, "message": fault_message(fault, language)}
            for fault in problem.faults
        ]
    headers = {"Content-Type": PROBLEM_JSON, "Content-Language": language, "Vary": "Accept-Language"}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if isinstance(problem, QuotaUsed):
        # Spelt as in the IETF's draft "RateLimit header fields for HTTP"; the name tells nothing of a device.
        headers["RateLimit-Policy"] = f'"day";q={problem.limit};w={DAY_SECONDS}'
        headers["RateLimit"] = f'"day";r=0;t={problem.retry_after}'
    if isinstance(problem, MethodNotAllowed):
        headers["Allow"] = ", ".join(problem.allowed)
    if problem.status == 401:
        headers["WWW-Authenticate"] = SCHEMES[type(problem)]
    return Reply(body, problem.status, headers=headers)


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return keys.instant(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
