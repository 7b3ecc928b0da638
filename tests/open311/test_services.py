"""Discovery, services and their definitions, in both formats."""

from datetime import date

import pytest

from chalicelib.domain.catalogue import Sensitivity
from tests.open311.client import Client, read, words

DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
ALL = ["discovery", "services", "services/illegal_dump", "services/dangerous_venue", "requests"]


@pytest.mark.parametrize("kind", ["json", "xml"])
@pytest.mark.parametrize("path", ALL)
def test_O09_every_answer_is_utf_8_and_says_so(api: Client, path: str, kind: str) -> None:
    answer = api.get(f"{path}.{kind}")
    assert answer.status == 200
    expected = {"json": "application/json", "xml": "text/xml; charset=utf-8"}[kind]
    assert answer.headers["content-type"] == expected
    assert answer.text.startswith('<?xml version="1.0" encoding="utf-8"?>') is (kind == "xml")


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
@pytest.mark.parametrize("path", ALL)
def test_O13_json_and_xml_agree(api: Client, path: str, language: str) -> None:
    api.language = language
    assert read(api.get(f"{path}.json")) == read(api.get(f"{path}.xml"))


def test_O12_discovery_names_the_endpoint_its_formats_and_how_to_get_a_key(api: Client) -> None:
    body = api.get("discovery.json").body
    assert body.keys() == {"changeset", "contact", "key_service", "endpoints"}
    (endpoint,) = body["endpoints"]
    assert endpoint.keys() == {"specification", "url", "changeset", "type", "formats"}
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == "http://127.0.0.1:8080/open311/v2"
    assert endpoint["type"] == "test"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    today = api.world.clock().date()
    assert date.fromisoformat(body["changeset"]) < today
    assert date.fromisoformat(endpoint["changeset"]) < today
    assert "not kept" in body["key_service"]


def test_O01_each_service_is_complete(api: Client) -> None:
    services = api.get("services.json").body
    assert isinstance(services, list)
    offered = api.world.box.instance.catalogue.offered(api.world.clock().date())
    assert [service["service_code"] for service in services] == [category.code for category in offered]
    for service in services:
        assert service.keys() == {
            *("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
        }
        assert (service["metadata"], service["type"]) == (True, "realtime")
        assert all(service[name] for name in ("service_name", "description", "keywords", "group"))


def test_R20_a_withdrawn_category_is_not_offered(api: Client) -> None:
    assert "drowning" not in {service["service_code"] for service in api.get("services.json").body}
    answer = api.get("services/drowning.json")
    assert words(answer) == [("404", "category_withdrawn")]
    assert "dangerous_water" in answer.text


@pytest.mark.parametrize(
    ("locale", "accepted", "name"),
    [
        *(("uk", "pl", "Акти вандалізму"), ("en_GB", None, "Vandalism"), (None, "en", "Vandalism")),
        *((None, None, "Akty wandalizmu"), ("xx", "en", "Vandalism"), ("", "uk", "Акти вандалізму")),
    ],
)
def test_names_follow_the_locale_then_the_header(
    api: Client, locale: str | None, accepted: str | None, name: str
) -> None:
    api.language = accepted
    query = {} if locale is None else {"locale": locale}
    services = {each["service_code"]: each for each in api.get("services.json", **query).body}
    assert services["vandalism"]["service_name"] == name
    assert name not in services["vandalism"]["keywords"].split(", ")


@pytest.mark.parametrize("code", ["illegal_dump", "dangerous_venue", "begging", "drug_use"])
def test_O02_a_definition_is_sound(api: Client, code: str) -> None:
    body = api.get(f"services/{code}.json").body
    assert body["service_code"] == code
    attributes = body["attributes"]
    assert len({each["code"] for each in attributes}) == len(attributes)
    assert [each["order"] for each in attributes] == list(range(1, len(attributes) + 1))
    for each in attributes:
        assert each["datatype"] in DATATYPES
        assert ("values" in each) is each["datatype"].endswith("list")
        assert each["description"]
    asked = {each["code"]: each for each in attributes if each["variable"]}
    assert asked.keys() == {"occurred_at", "days", "parts"}
    assert [value["key"] for value in asked["days"]["values"]] == list("1234567")
    assert [value["key"] for value in asked["parts"]["values"]] == ["morning", "afternoon", "evening", "night"]


def test_a_definition_tells_what_the_category_asks_and_what_the_public_sees(api: Client) -> None:
    catalogue = api.world.box.instance.catalogue.categories
    told = {code: api.get(f"services/{code}.json").text for code in catalogue if code != "drowning"}
    for code, text in told.items():
        if '"attributes"' in text:
            assert ("is needed" in text) is catalogue[code].description_required
            assert ("half a kilometre" in text) is (catalogue[code].sensitivity is Sensitivity.VULNERABLE)
            assert ("once the police have confirmed" in text) is catalogue[code].public_after_confirmation


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("services/aliens.json", [("404", "not_found")]),
        ("services/.json", [("400", "missing")]),
        ("services/illegal_dump", [("404", "not_found")]),
        ("services/illegal_dump.html", [("404", "not_found")]),
        ("services/illegal_dump.json?jurisdiction_id=de", [("404", "unknown_jurisdiction")]),
        ("services.json?jurisdiction_id=de", [("404", "unknown_jurisdiction")]),
        ("services.html", [("404", "not_found")]),
        ("services", [("404", "not_found")]),
        ("tokens/1.json", [("404", "not_found")]),
        ("", [("404", "not_found")]),
    ],
)
def test_O02_what_is_not_there_is_told_in_the_standard_s_form(
    api: Client, path: str, expected: list[tuple[str, str]]
) -> None:
    answer = api.get(path)
    assert words(answer) == expected
    assert answer.status == int(expected[0][0])


@pytest.mark.parametrize("given", ["pl", "", " "])
def test_the_own_jurisdiction_may_be_named_or_left_out(api: Client, given: str) -> None:
    assert api.get("services.json", jurisdiction_id=given).status == 200


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT"])
@pytest.mark.parametrize("kind", ["json", "xml"])
def test_R12_another_method_is_named_in_the_standard_s_form(api: Client, method: str, kind: str) -> None:
    answer = api.send(method, f"services.{kind}")
    assert words(answer) == [("405", "method_not_allowed")]
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_an_unknown_argument_is_let_be(api: Client) -> None:
    assert api.get("services.json", api_key="x", client="app").status == 200
