"""A city's application walks through Open311 on the deployed map: discovery, services, definition, filing, reading."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from xml.etree.ElementTree import Element, fromstring

import pytest

from chalicelib.store import models
from infra.commands import apikey
from tests.e2e.citizen import WARSAW, bulletin_about
from tests.support.whole import Answer, Whole

pytestmark = pytest.mark.e2e

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Accept-Language": "en"}


@pytest.fixture(scope="module")
def key(stack: Whole) -> str:
    """A key, made as the operator makes it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in stack.running.environment().items():
            patch.setenv(name, value)
        models.bind(stack.running.names["MAIN_TABLE"], stack.running.names["QUOTA_TABLE"])
        options = apikey.parse(["--name", f"walk-{uuid4().hex[:8]}", "--limit", "2"])
        return str(apikey.done(options)["key"])


def element(answer: Answer) -> Element:
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    return fromstring(answer.body)  # noqa: S314 - our own


def file(stack: Whole, base: str, kind: str, **fields: Any) -> Answer:
    sent = {"lat": WARSAW["lat"], "long": WARSAW["lon"], **fields}
    return stack.call("POST", f"{base}/requests.{kind}", urlencode(sent, doseq=True).encode(), FORM)


def test_a_client_of_the_standard_finds_its_way(stack: Whole, key: str) -> None:
    discovery = element(stack.call("GET", "/open311/v2/discovery.xml"))
    url = discovery.findtext("endpoints/endpoint/url") or ""
    assert url.startswith(stack.base_url)
    base = url.removeprefix(stack.base_url)
    formats = [each.text for each in discovery.iterfind("endpoints/endpoint/formats/format")]
    assert formats == ["text/xml", "application/json"]

    services = element(stack.call("GET", f"{base}/services.xml?jurisdiction_id=pl"))
    codes = [each.findtext("service_code") for each in services]
    assert "illegal_dump" in codes
    definition = element(stack.call("GET", f"{base}/services/illegal_dump.xml"))
    asked = [
        each.findtext("code") for each in definition.iterfind("attributes/attribute") if each.find("values") is not None
    ]
    assert asked == ["days", "parts"]

    answer = {f"attribute[{code}][]": ["5", "6"] if code == "days" else ["night"] for code in asked}
    taken = file(stack, base, "xml", api_key=key, service_code="illegal_dump", description="Opony & <szkło>", **answer)
    assert taken.status == 200, taken.body
    request = element(taken)[0]
    report = request.findtext("service_request_id")
    assert "Receipt: " in (request.findtext("service_notice") or "")

    (shown,) = element(stack.call("GET", f"{base}/requests/{report}.xml"))
    assert (shown.findtext("status"), shown.findtext("service_code")) == ("open", "illegal_dump")
    (same,) = stack.call("GET", f"{base}/requests.json?service_request_id={report}").json
    assert same["lat"] == float(shown.findtext("lat") or 0) != WARSAW["lat"]
    assert len(bulletin_about(stack, str(report))) == 1


def test_errors_of_the_deployed_facade_have_the_standard_s_form(stack: Whole, key: str) -> None:
    base = "/open311/v2"
    told = {
        403: file(stack, base, "json", service_code="illegal_dump"),
        404: file(stack, base, "json", api_key=key, service_code="aliens"),
        400: file(stack, base, "json", api_key=key, service_code="illegal_dump", lat=""),
        405: stack.call("DELETE", f"{base}/services.json"),
        415: stack.call("POST", f"{base}/requests.json", {"service_code": "illegal_dump"}),
    }
    for status, answer in told.items():
        assert (answer.status, [error["code"] for error in answer.json]) == (status, [status])
    assert element(stack.call("GET", f"{base}/nothing.xml"))[0].findtext("code") == "404"
    assert element(stack.call("GET", f"{base}/services")).tag == "errors"


def test_lists_come_from_the_published_map(stack: Whole) -> None:
    answer = stack.call("GET", "/open311/v2/requests.json")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "public, max-age=60")
    manifest = stack.call("GET", "/data/manifest.json")
    if manifest.status == 404:
        assert answer.json == []
    assert len(answer.json) <= 1_000
