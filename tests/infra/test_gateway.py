"""The gateway as the template has it: what it logs, how often it may be asked, and how it says no."""

import json
import re

import pytest

from chalicelib.domain.errors import Problem
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
    (settings,) = api["MethodSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (200, 400)
    assert settings["DataTraceEnabled"] is False


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
