"""The route table: which view answers which method and path. Nothing heavy is imported here.

A view is named as ``module:function`` in this package and is imported when it is first called, so that starting the
application costs little and the other functions of the deployment nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""Every method is registered on every path: for one that is not, the gateway would answer that nothing is there."""

ANYTHING_ELSE = "/{proxy+}"
"""The path that the gateway takes when no other matches."""

POLICE = "/v1/police/"
"""What the paths begin with that are for officers who have logged in."""

PARTNER = "/v1/partner/"
"""What those begin with that are for institutions outside the police, by their tokens."""

TAKE_UP_LINK = f"{POLICE}take-up-link"
"""The one of them that a unit's mail leads to: its own token opens it."""

ROUTES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "/v1/health": {"GET": "common:health"},
        "/v1/catalogue": {"GET": "common:catalogue"},
        "/v1/rules": {"GET": "common:rules"},
        "/v1/openapi.json": {"GET": "common:openapi"},
        "/v1/units/locate": {"GET": "common:locate"},
        "/v1/challenge": {"POST": "filing:challenge"},
        "/v1/reports": {"POST": "filing:file_report", "GET": "following:nearby"},
        "/v1/reports/{id}": {"GET": "following:show_report"},
        "/v1/reports/{id}/corroborations": {"POST": "corroborating:corroborate"},
        "/v1/receipt": {"GET": "answering:show_receipt"},
        "/v1/receipt/answers": {"POST": "answering:answer"},
        "/v1/receipt/withdraw": {"POST": "answering:withdraw"},
        "/v1/receipt/uploads": {"POST": "uploads:permit_upload"},
        "/v1/subscriptions": {"POST": "subscribing:subscribe"},
        "/v1/subscriptions/{token}/confirm": {"POST": "subscribing:confirm"},
        "/v1/subscriptions/{token}/unsubscribe": {"POST": "subscribing:unsubscribe", "DELETE": "subscribing:leave"},
        "/v1/police/me": {"GET": "police.me:me"},
        "/open311/v2/discovery.json": {"GET": "open311.services:discovery"},
        "/open311/v2/discovery.xml": {"GET": "open311.services:discovery"},
        "/open311/v2/services.json": {"GET": "open311.services:services"},
        "/open311/v2/services.xml": {"GET": "open311.services:services"},
        "/open311/v2/services/{document}": {"GET": "open311.services:definition"},
        "/open311/v2/requests.json": {"GET": "open311.requests:requests", "POST": "open311.filing:file_request"},
        "/open311/v2/requests.xml": {"GET": "open311.requests:requests", "POST": "open311.filing:file_request"},
        "/open311/v2/requests/{document}": {"GET": "open311.requests:request"},
        "/v1/police/reports": {"GET": "police.queue:list_cases"},
        "/v1/police/reports/take-up": {"POST": "police.take_up:take_up"},
        TAKE_UP_LINK: {"GET": "police.take_up:show_link", "POST": "police.take_up:use_link"},
        "/v1/police/reports/{id}": {"GET": "police.case:show_case"},
        "/v1/police/reports/{id}/card": {"GET": "police.case:show_card"},
        "/v1/police/reports/{id}/photos/{slot}": {"GET": "police.case:show_photo"},
        "/v1/police/reports/{id}/status": {"POST": "police.acting:change_status"},
        "/v1/police/reports/{id}/transfer": {"POST": "police.acting:transfer"},
        "/v1/police/reports/{id}/location": {"POST": "police.acting:correct_location"},
        "/v1/police/reports/{id}/merge": {"POST": "police.acting:merge"},
        "/v1/police/reports/{id}/question": {"POST": "police.acting:ask"},
        "/v1/police/reports/{id}/pause": {"POST": "police.acting:pause"},
        "/v1/police/reports/{id}/resume": {"POST": "police.acting:resume"},
        "/v1/police/unit": {"GET": "police.unit:show_unit", "PUT": "police.unit:keep_unit"},
        "/v1/police/unit/test-mail": {"POST": "police.unit:send_test"},
        "/v1/police/stats": {"GET": "police.stats:show_stats"},
        "/v1/police/stats/reports": {"GET": "police.stats:list_behind"},
        "/v1/police/patrol-plan": {"GET": "police.plan:show_plan"},
        "/v1/partner/me": {"GET": "partner.cases:partner_me"},
        "/v1/partner/cases": {"GET": "partner.cases:list_passed_on"},
        "/v1/partner/cases/{id}/answer": {"POST": "partner.cases:answer_passed_on"},
        ANYTHING_ELSE: {},
    }
)
"""View by path pattern and method."""


def allowed(path: str) -> list[str]:
    """Return the methods of a path; HEAD is answered wherever GET is."""
    methods = ROUTES[path]
    return [method for method in METHODS if method in methods or (method == "HEAD" and "GET" in methods)]


def needs_login(path: str) -> bool:
    """Tell whether the gateway lets only officers through to a path."""
    return path.startswith(POLICE) and path != TAKE_UP_LINK
