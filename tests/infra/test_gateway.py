"""The gateway as the template has it: what it logs, how often it may be asked, and how it says no."""

import json
import re

import pytest

from chalicelib.domain.errors import Problem
from chalicelib.http.routes import ROUTES
from infra.build.gateway import TABLE
from tests.infra.test_templates import Template


def test_the_access_log_names_nobody(aws_template: Template) -> None:
    settings = aws_template["Resources"]["RestAPI"]["Properties"]["AccessLogSetting"]
    logged = set(re.findall(r"\$context\.([A-Za-z.]+)", settings["Format"]))
    assert logged == {
        "requestId",
        "requestTime",
        "httpMethod",
        "resourcePath",
        "status",
        "responseLatency",
        "error.responseType",
    }
    json.loads(settings["Format"])


def test_the_gateway_is_regional_and_throttled(aws_template: Template) -> None:
    api = aws_template["Resources"]["RestAPI"]["Properties"]
    assert api["EndpointConfiguration"] in ("REGIONAL", {"Type": "REGIONAL"})
    whole = api["MethodSettings"][0]
    assert (whole["ResourcePath"], whole["HttpMethod"]) == ("/*", "*")
    assert (whole["ThrottlingRateLimit"], whole["ThrottlingBurstLimit"]) == (200, 400)
    assert whole["DataTraceEnabled"] is False


def test_what_the_public_may_write_has_a_limit_of_its_own_below_that_of_the_whole(aws_template: Template) -> None:
    api = aws_template["Resources"]["RestAPI"]["Properties"]
    whole, *own = api["MethodSettings"]
    limited = {(row["HttpMethod"], row["ResourcePath"].removeprefix("/").replace("~1", "/")): row for row in own}
    assert len(limited) == len(own)
    routes = {(method, path) for path, methods in ROUTES.items() for method in methods}
    assert limited.keys() <= routes
    assert {path for _, path in limited} <= api["DefinitionBody"]["paths"].keys()
    closed = ("/v1/police", "/v1/partner")
    public = {(method, path) for method, path in routes if method == "POST" and not path.startswith(closed)}
    # A link in a mail is followed by mail programs: it may not run into a limit of those who ask for mails.
    assert public - limited.keys() == {
        ("POST", f"/v1/subscriptions/{{token}}/{deed}") for deed in ("confirm", "unsubscribe")
    }
    for row in own:
        assert row["ThrottlingRateLimit"] < whole["ThrottlingRateLimit"]
        assert row["ThrottlingBurstLimit"] == 2 * row["ThrottlingRateLimit"]


@pytest.mark.parametrize(("name", "problem"), TABLE.items())
def test_errors_of_the_gateway_have_the_form_of_all_others(name: str, problem: Problem, aws_template: Template) -> None:
    definition = aws_template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    found = definition["x-amazon-apigateway-gateway-responses"][name]
    body = json.loads(found["responseTemplates"]["application/json"]["Fn::Sub"])
    assert set(body) == {"type", "title", "status", "code", "detail"}
    assert (body["code"], body["status"]) == (problem.code, problem.status)
    assert found["statusCode"] == str(problem.status)
    headers = found["responseParameters"]
    assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
    assert ("gatewayresponse.header.Retry-After" in headers) is (problem.status == 503)


def test_an_unknown_route_is_404() -> None:
    assert TABLE["MISSING_AUTHENTICATION_TOKEN"].status == 404
