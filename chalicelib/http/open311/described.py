"""This façade in the interface's own description (OpenAPI 3.1): its parameters, its two formats, its errors."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from chalicelib.domain.georeport import SPAN_DAYS, State
from chalicelib.domain.text import DESCRIPTION_LIMIT
from chalicelib.http.call import FORM, JSON
from chalicelib.http.open311 import shapes
from chalicelib.http.open311.answer import PREFIX
from chalicelib.http.open311.requests import DEFAULT_RADIUS_M
from chalicelib.services.georeport import IDS_LIMIT, PAGE_LIMIT, REACH
from chalicelib.services.published import MAX_RADIUS_M

__all__ = ["PREFIX", "path_item", "schemas"]

JsonObject = dict[str, Any]

_TEXT = {"type": "string"}
_XML = {"text/xml": {"schema": {"type": "string", "description": "The same in XML."}}}
_ANSWERS = {
    "discovery": "Open311Discovery",
    "services": "Open311Services",
    "definition": "Open311Definition",
    "requests": "Open311Requests",
    "request": "Open311Requests",
    "file_request": "Open311Submitted",
}
_KINDS: Mapping[str, Any] = {
    "Open311Discovery": shapes.Discovery,
    "Open311Services": list[shapes.Service],
    "Open311Definition": shapes.Definition,
    "Open311Requests": list[shapes.Request],
    "Open311Submitted": list[shapes.Submitted],
    "Open311Errors": list[shapes.Error],
}
_SUMMARIES = {
    "discovery": "Open311: where this interface is, in which formats, and how to get a key",
    "services": "Open311: what may be reported",
    "definition": "Open311: what a service asks",
    "requests": "Open311: public requests, newest first",
    "request": "Open311: one public request, as a list of one",
    "file_request": "Open311: file a request for others, with an API key",
}
_ERRORS: Mapping[str, Sequence[int]] = {
    "discovery": (),
    "services": (404,),
    "definition": (400, 404),
    "requests": (400, 404),
    "request": (400, 404),
    "file_request": (400, 403, 404, 409, 413, 415, 429),
}


def schemas() -> JsonObject:
    """Return the JSON Schemas of this façade's answers by name."""
    inputs = [(name, "serialization", TypeAdapter(kind)) for name, kind in _KINDS.items()]
    template = "#/components/schemas/Open311.{model}"
    made, extra = TypeAdapter.json_schemas(inputs, ref_template=template)  # type: ignore[arg-type]
    parts = {f"Open311.{name}": schema for name, schema in extra["$defs"].items()}
    for schema in parts.values():
        schema.setdefault("additionalProperties", False)
    return {**parts, **{str(name): schema for (name, _), schema in made.items()}}


def path_item(path: str, methods: Mapping[str, str]) -> JsonObject:
    """Return the Path Item Object of one of this façade's paths."""
    return {method.lower(): _operation(path, view.partition(":")[2]) for method, view in methods.items()}


def _operation(path: str, view: str) -> JsonObject:
    kind = path.rpartition(".")[2] if "." in path else "any"
    errors = [*_ERRORS[view], 500, 503]
    made: JsonObject = {
        "operationId": f"open311_{view}_{kind}",
        "summary": _SUMMARIES[view],
        "parameters": _parameters(path, view),
        "responses": {
            "200": {"description": _SUMMARIES[view], "content": _content(kind, _ANSWERS[view])},
            **{
                str(status): {
                    "description": "Errors as the standard lists them.",
                    "content": _content(kind, "Open311Errors"),
                }
                for status in errors
            },
        },
    }
    if view == "file_request":
        made["requestBody"] = {"required": True, "content": {FORM: {"schema": _form()}}}
    return made


def _content(kind: str, name: str) -> JsonObject:
    json = {JSON: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {"json": json, "xml": dict(_XML)}.get(kind, {**json, **_XML})


def _parameters(path: str, view: str) -> list[JsonObject]:
    found = [_parameter("locale", _TEXT, "Extension: language of names and words, before Accept-Language.")]
    if view not in {"discovery", "file_request"}:
        found.append(_parameter("jurisdiction_id", _TEXT, "The code of this instance, or nothing."))
    if "{document}" in path:
        schema = {"type": "string", "pattern": r"^[^/]*\.(json|xml)$"}
        words = "The service's or the request's code, a full stop, and json or xml."
        found.insert(0, {**_parameter("document", schema, words), "in": "path", "required": True})
    if view == "file_request":
        words = "A UUID: the same key and API key get the same answer."
        schema = {"type": "string", "format": "uuid"}
        found.append({**_parameter("Idempotency-Key", schema, words), "in": "header"})
    if view in {"requests", "request"}:
        found.append(_parameter("extensions", _TEXT, "With `true` each request has `extended_attributes`."))
    return [*found, *(_search() if view == "requests" else ())]


def _search() -> list[JsonObject]:
    degrees = {"lat": 90, "long": 180}
    instant = {"type": "string", "format": "date-time"}
    return [
        _parameter("service_request_id", _TEXT, f"Ids with commas, at most {IDS_LIMIT}; they override all others."),
        _parameter("service_code", _TEXT, "Codes with commas."),
        _parameter("status", _TEXT, f"{State.OPEN} or {State.CLOSED}, or both with a comma."),
        _parameter("start_date", instant, "Filed on this local day or later."),
        _parameter(
            "end_date", instant, f"Filed on this local day or earlier; at most {SPAN_DAYS} days after the start."
        ),
        _parameter("page", {"type": "integer", "minimum": 1}, f"Extension. Page times page_size is at most {REACH}."),
        _parameter("page_size", {"type": "integer", "minimum": 1, "maximum": PAGE_LIMIT}, "Extension."),
        *(
            _parameter(name, {"type": "number", "minimum": -most, "maximum": most}, "Extension: near this point.")
            for name, most in degrees.items()
        ),
        _parameter(
            "radius",
            {"type": "number", "minimum": 1, "maximum": MAX_RADIUS_M, "default": DEFAULT_RADIUS_M},
            "Extension: metres around the point.",
        ),
    ]


def _parameter(name: str, schema: Mapping[str, Any], description: str) -> JsonObject:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": dict(schema)}


def _form() -> JsonObject:
    fields = {
        "api_key": "Given by the operator.",
        "jurisdiction_id": "The code of this instance, or nothing.",
        "service_code": "What is reported.",
        "lat": "Latitude, WGS 84 degrees.",
        "long": "Longitude, WGS 84 degrees.",
        "description": f"At most {DESCRIPTION_LIMIT} code points; only the police read it.",
        "attribute[occurred_at]": "When it happened, RFC 3339.",
        "attribute[days][]": "On which weekdays it keeps happening, 1 is Monday.",
        "attribute[parts][]": "In which parts of those days: morning, afternoon, evening, night.",
        "acknowledge": "Extension: ids of requests that were named as similar, with commas.",
        "extensions": "Extension: with `true` the answer has `extended_attributes`.",
    }
    several = {"type": "array", "items": _TEXT}
    return {
        "type": "object",
        "required": ["api_key", "service_code", "lat", "long"],
        "properties": {
            name: {**(several if name.endswith("[]") else _TEXT), "description": words}
            for name, words in fields.items()
        },
    }
