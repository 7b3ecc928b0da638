"""Every answer in JSON is what the standard's text says, and what this map's own description says."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from chalicelib.http.open311.answer import PREFIX
from tests.http.gateway import match
from tests.http.test_openapi import DOCUMENT
from tests.open311.client import Client, form, keyed

OFFICIAL = Path(os.environ.get("CZUJKA_DATA", "/nowhere")) / "open311"

TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
OPTIONAL: dict[str, Any] = {"type": ["string", "null"]}
# The W3C's note on dates: an instant with its offset or Z.
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
NO_INSTANT = {"anyOf": [INSTANT, {"type": "null"}]}


def record(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


LISTS = ["singlevaluelist", "multivaluelist"]
VALUE = record({"key": TEXT, "name": TEXT})
ATTRIBUTE = {
    **record(
        {
            "variable": {"type": "boolean"},
            "code": TEXT,
            "datatype": {"enum": ["string", "number", "datetime", "text", *LISTS]},
            "required": {"type": "boolean"},
            "order": {"type": "integer", "minimum": 1},
            "description": TEXT,
        },
        {"datatype_description": OPTIONAL, "values": {"type": "array", "minItems": 1, "items": VALUE}},
    ),
    "if": {"properties": {"datatype": {"enum": LISTS}}},
    "then": {"required": ["values"]},
    "else": {"properties": {"values": False}},
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "services": {
        "type": "array",
        "minItems": 1,
        "items": record(
            {
                "service_code": TEXT,
                "service_name": TEXT,
                "metadata": {"type": "boolean"},
                "type": {"enum": ["realtime", "batch", "blackbox"]},
            },
            {"description": OPTIONAL, "keywords": OPTIONAL, "group": OPTIONAL},
        ),
    },
    "service-definition": record({"service_code": TEXT, "attributes": {"type": "array", "items": ATTRIBUTE}}),
    "requests": {
        "type": "array",
        "maxItems": 1000,
        "items": record(
            {
                "service_request_id": TEXT,
                "status": {"enum": ["open", "closed"]},
                "service_code": TEXT,
                "requested_datetime": INSTANT,
            },
            {
                **dict.fromkeys(["status_notes", "service_name", "agency_responsible", "service_notice"], OPTIONAL),
                **dict.fromkeys(["address", "address_id", "zipcode", "media_url"], OPTIONAL),
                **dict.fromkeys(["updated_datetime", "expected_datetime"], NO_INSTANT),
                "description": {"type": ["string", "null"], "maxLength": 4000},
                "lat": {"type": "number", "minimum": -90, "maximum": 90},
                "long": {"type": "number", "minimum": -180, "maximum": 180},
            },
        ),
    },
}


def official() -> dict[str, Any]:
    """The schemas of the standard's own project, where somebody has put them beside the other outside data."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(OFFICIAL.glob("*.json"))}


def conversation(client: Client) -> Iterator[tuple[str, str, Any]]:
    """Each document of the façade, with the schema that it should fit."""
    yield "services", "services.json", None
    for service in client.get("services.json").body:
        yield "service-definition", f"services/{service['service_code']}.json", None
    report = client.post().body[0]["service_request_id"]
    closed = client.post(lat=52.3).body[0]["service_request_id"]
    for to, reason in (("verifying", "taken_up"), ("unconfirmed", "not_present")):
        client.world.step(closed, to, reason)
    client.world.clock.pass_by(hours=2)
    client.publish()
    yield "requests", "requests.json", 2
    for each in (report, closed):
        yield "requests", f"requests/{each}.json", 1
        yield "requests", f"requests/{each}.json?extensions=true", 1


def test_O13_every_document_fits_the_standard(city: Client) -> None:
    met = set()
    for name, path, length in conversation(city):
        body = city.get(path).body
        assert length is None or len(body) == length
        assert [fault.message for fault in Draft202012Validator(SCHEMAS[name]).iter_errors(body)] == []
        met.add(name)
    assert met == SCHEMAS.keys()


@pytest.mark.data
@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="CZUJKA_DATA has no folder open311 with the standard's schemas")
def test_O13_every_document_fits_the_standard_s_own_schemas(city: Client) -> None:
    schemas = official()
    held = [(f"{name}.json", Resource.from_contents(schema, DRAFT202012)) for name, schema in schemas.items()]
    registry: Registry[Any] = Registry().with_resources(held)
    for name, path, _ in conversation(city):
        faults = Draft202012Validator(schemas[name], registry=registry).iter_errors(city.get(path).body)
        assert [fault.message for fault in faults] == []


def calls(city: Client) -> Iterator[tuple[str, str, Any]]:
    """Every operation in each way in which it is meant to end."""
    large = "x" * 33_000
    yield from (
        ("GET", f"{path}.{kind}", {}) for path in ("discovery", "services", "requests") for kind in ("json", "xml")
    )
    for kind in ("json", "xml"):
        yield "GET", f"services.{kind}?jurisdiction_id=de", {}
        yield "GET", f"requests.{kind}?jurisdiction_id=de", {}
        yield "GET", f"requests.{kind}?lat=x", {}
    for path in ("services/illegal_dump.json", "services/.xml", "services/x.json", "requests/x.xml", "requests/.json"):
        yield "GET", path, {}
    for kind in ("json", "xml"):
        path = f"requests.{kind}"
        sound = {"api_key": city.key, "lat": 52.1 if kind == "json" else 52.3}
        yield "POST", path, {"body": form(**sound)}
        yield "POST", path, {"body": form()}
        yield "POST", path, {"body": form(api_key=city.key, lat=None)}
        yield "POST", path, {"body": form(api_key=city.key, service_code="x")}
        yield "POST", path, {"body": large}
        yield "POST", path, {"body": "", "Content-Type": "text/plain"}


def test_every_answer_is_of_the_form_described(city: Client) -> None:
    met: set[tuple[str, str, int]] = set()
    made: list[tuple[str, str, Any]] = list(calls(city))
    for method, path, sent in made:
        met.add(held(city.send(method, path, **sent), method, PREFIX + path))
    report = city.post(lat=52.5).body[0]["service_request_id"]
    met.add(held(city.get(f"requests/{report}.json"), "GET", f"{PREFIX}requests/{report}.json"))
    city.world.clock.pass_by(hours=2)
    poor = keyed(city.world, "poor", limit=1)
    for kind, lat in (("json", 52.1), ("xml", 52.3)):
        met.add(held(city.post(kind, lat=lat), "POST", f"{PREFIX}requests.{kind}"))
        poor.post(lat=52.7)
        met.add(held(poor.post(kind, lat=52.6), "POST", f"{PREFIX}requests.{kind}"))
    described = {
        (path, method.upper(), int(status))
        for path, methods in DOCUMENT["paths"].items()
        if path.startswith(PREFIX)
        for method, operation in methods.items()
        for status in operation["responses"]
    }
    assert {each for each in described - met if each[2] < 500} == set()


def held(answer: Any, method: str, target: str) -> tuple[str, str, int]:
    """Hold an answer to the description and return what it was an answer to."""
    path = match(target.partition("?")[0])[0]
    described = DOCUMENT["paths"][path][method.lower()]["responses"][str(answer.status)]["content"]
    kind = answer.headers["content-type"].partition(";")[0]
    schema = {**described[kind]["schema"], "components": DOCUMENT["components"]}
    body = answer.body if kind == "application/json" else answer.text
    assert [fault.message for fault in Draft202012Validator(schema).iter_errors(body)] == [], target
    return path, method, answer.status
