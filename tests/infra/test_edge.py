"""The distribution: the headers of the front of `make run`, what the API reads, and a firewall without addresses."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file

from chalicelib.http.answering import RECEIPT_HEADER
from chalicelib.http.call import SEAL, VIEWER_ADDRESS
from chalicelib.http.filing import DEVICE_HEADER, KEY_HEADER
from chalicelib.http.partner.cases import TOKEN_HEADER
from chalicelib.http.police.take_up import LINK_HEADER
from infra.build import edge, template
from infra.build.packages import ROOT
from infra.local.front import API, HeaderRules


@pytest.fixture(scope="module")
def rules() -> HeaderRules:
    """The rules as the site's build writes them."""
    return edge.planned_rules()


@pytest.fixture(scope="module")
def made(rules: HeaderRules) -> Mapping[str, Any]:
    """The template of that site."""
    return edge.of_distribution(rules)


def configuration(made: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = made["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    return found


def behaviour(made: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return what CloudFront would do with a path: the first pattern that fits, else the default."""
    config = configuration(made)
    fitting = [each for each in config["CacheBehaviors"] if fnmatchcase(path, each["PathPattern"])]
    found: dict[str, Any] = [*fitting, config["DefaultCacheBehavior"]][0]
    return found


def headers(made: Mapping[str, Any], path: str) -> dict[str, str]:
    """Return the headers that CloudFront would add."""
    policy = made["Resources"][behaviour(made, path)["ResponseHeadersPolicyId"]["Ref"]]["Properties"]
    config = policy["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    strict = security["StrictTransportSecurity"]
    told = {each["Header"]: each["Value"] for each in config["CustomHeadersConfig"]["Items"]}
    told["X-Content-Type-Options"] = "nosniff" if security["ContentTypeOptions"]["Override"] else ""
    told["Referrer-Policy"] = security["ReferrerPolicy"]["ReferrerPolicy"]
    told["Strict-Transport-Security"] = f"max-age={strict['AccessControlMaxAgeSec']}" + (
        "; includeSubDomains" if strict["IncludeSubdomains"] else ""
    )
    if "ContentSecurityPolicy" in security:
        told["Content-Security-Policy"] = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    return told


PATHS = (
    *("/", "/index.html", "/404.html", "/policja/", "/policja/index.html", "/partner/", "/dane/", "/embed/"),
    *("/embed/generator/", "/embed/generator/index.html", "/info/", "/info/pl/", "/a/0123456789ab/main.js"),
    *("/v/0123456789ab/leaflet.js", "/m/0123456789ab/map.svg", "/sw.js", "/app/manifest.webmanifest"),
    *("/config.json", "/data/notice.json", "/data/places.json", "/data/manifest.json", "/data/builds/x/cells/5/a.json"),
)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_the_headers_that_the_front_of_make_run_gives_it(
    made: Mapping[str, Any], rules: HeaderRules, path: str
) -> None:
    # How long a file may be kept stands with the file in the bucket, where both find it.
    asked = {name: value for name, value in rules.of(path).items() if name != "Cache-Control"}
    assert headers(made, path) == dict(rules.everywhere) | asked


def test_there_is_no_rule_that_no_path_of_these_meets(rules: HeaderRules) -> None:
    met = {max((prefix for prefix in rules.rules if path.startswith(prefix)), key=len) for path in PATHS}
    assert met == rules.rules.keys()


@pytest.mark.parametrize("path", ["/v1/reports", "/v1/police/reports/1", "/open311/v2/requests.json"])
def test_the_api_is_asked_with_every_method_and_under_its_own_path(made: Mapping[str, Any], path: str) -> None:
    found = behaviour(made, path)
    assert (found["TargetOriginId"], set(found["AllowedMethods"])) == ("api", set(edge.EVERYTHING))
    assert "FunctionAssociations" not in found
    assert path.startswith(API)


def test_files_come_from_the_bucket_by_reading_alone(made: Mapping[str, Any]) -> None:
    for path in PATHS:
        found = behaviour(made, path)
        assert (found["TargetOriginId"], set(found["AllowedMethods"])) == ("site", set(edge.READING))


def test_every_header_that_the_api_reads_reaches_it(made: Mapping[str, Any]) -> None:
    key = made["Resources"]["Answers"]["Properties"]["CachePolicyConfig"]
    keyed = key["ParametersInCacheKeyAndForwardedToOrigin"]["HeadersConfig"]["Headers"]
    asked = made["Resources"]["Asked"]["Properties"]["OriginRequestPolicyConfig"]["HeadersConfig"]["Headers"]
    # CloudFront lets a policy name ten.
    assert max(len(keyed), len(asked)) <= 10
    read = {RECEIPT_HEADER, DEVICE_HEADER, KEY_HEADER, TOKEN_HEADER, LINK_HEADER, VIEWER_ADDRESS}
    read |= {"accept", "accept-language", "authorization", "content-type", "traceparent"}
    forwarded = {name.lower() for name in (*keyed, *asked)}
    assert {name.lower() for name in read} <= forwarded
    # What an answer depends on is part of its key: nobody gets what another was told.
    depends = {DEVICE_HEADER, RECEIPT_HEADER, TOKEN_HEADER, LINK_HEADER, "authorization", "accept-language"}
    assert {name.lower() for name in depends} <= {name.lower() for name in keyed}


def test_whatever_a_view_reads_of_a_request_is_named_above() -> None:
    known = {"accept", "accept-language", "authorization", "content-type", "cookie", "traceparent"}
    for path in sorted((ROOT / "chalicelib" / "http").rglob("*.py")):
        literal = set(re.findall(r'headers\.get\("([A-Za-z-]+)"', path.read_text("utf-8")))
        assert {name.lower() for name in literal} <= known, path


def test_the_api_knows_the_distribution_by_its_seal(made: Mapping[str, Any]) -> None:
    (api,) = [origin for origin in configuration(made)["Origins"] if origin["Id"] == "api"]
    assert api["OriginCustomHeaders"] == [{"HeaderName": SEAL, "HeaderValue": {"Ref": "Seal"}}]
    assert made["Parameters"]["Seal"]["NoEcho"] is True
    assert api["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def test_nothing_keeps_the_addresses_of_those_who_look(made: Mapping[str, Any]) -> None:
    assert "Logging" not in configuration(made)
    firewall = made["Resources"]["Firewall"]["Properties"]
    views = [firewall["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in firewall["Rules"])]
    assert not any(view["SampledRequestsEnabled"] for view in views)
    assert all("RateBasedStatement" in rule["Statement"] for rule in firewall["Rules"])


def test_the_bucket_lets_no_other_account_s_distribution_in(data_template: template.Template) -> None:
    statements = data_template["Resources"]["SitePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    (allowed,) = [each for each in statements if each["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


@pytest.mark.package
def test_cfn_lint_finds_nothing(made: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "edge.json"
    template.write(made, path)
    assert [f"{found.rule.id} {found.message}" for found in lint_file(path)] == []
    # `aws cloudformation deploy` sends a template of so many bytes at most without a bucket.
    assert path.stat().st_size < 51_200
