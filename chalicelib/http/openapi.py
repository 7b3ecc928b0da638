"""The interface's own description: OpenAPI 3.1, made from the types that the views are checked against."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter

from chalicelib.domain import errors, photo
from chalicelib.domain.errors import Problem
from chalicelib.http import problem_shapes, routes, shapes
from chalicelib.http import receipt_shapes as of_receipts
from chalicelib.http import subscription_shapes as of_subscriptions
from chalicelib.http.answer_body import AnswerBody
from chalicelib.http.body import ChallengeBody, CorroborationBody, ReportBody, UploadBody
from chalicelib.http.call import JSON, MAX_BODY
from chalicelib.http.following import DEFAULT_RADIUS_M
from chalicelib.http.open311 import described as open311
from chalicelib.http.operation import HTML, HtmlPage, JsonObject, Operation, Parameter
from chalicelib.http.operation import READING_A_BODY as _READING_A_BODY
from chalicelib.http.partner import described as of_partners
from chalicelib.http.police import described as of_police
from chalicelib.http.reply import PROBLEM_JSON
from chalicelib.http.subscription_body import SubscriptionBody
from chalicelib.services.followup import MAX_FOUND, MAX_RADIUS_M, WINDOW_DAYS

_SCHEMAS = "#/components/schemas/"

_LAT = {"type": "number", "minimum": -90, "maximum": 90}
_LON = {"type": "number", "minimum": -180, "maximum": 180}
_RADIUS = {"type": "number", "minimum": 1, "maximum": MAX_RADIUS_M, "default": DEFAULT_RADIUS_M}
_UUID = {"type": "string", "format": "uuid"}
_TEXT = {"type": "string"}


_HERE = (
    Parameter("lat", "query", _LAT, "Latitude, WGS 84 degrees."),
    Parameter("lon", "query", _LON, "Longitude, WGS 84 degrees."),
)
_TOKEN = Parameter("token", "path", _TEXT, "The token of a mail's link.")
_RECEIPT = Parameter("Receipt", "header", _TEXT, "The receipt; spaces, dashes and case do not matter.")
_EVERYWHERE = (errors.Internal, errors.Unavailable)

OPERATIONS: Mapping[str, Operation] = {
    **of_police.OPERATIONS,
    **of_partners.OPERATIONS,
    "common:health": Operation("Whether the service and its store answer", {200: shapes.Health}),
    "common:catalogue": Operation("All categories of threats", {200: shapes.Catalogue}),
    "common:rules": Operation("The rules, as the tables that the code obeys", {200: shapes.Rules}),
    "common:openapi": Operation("This description", {200: JsonObject}),
    "common:locate": Operation(
        "The police unit that answers for a point",
        {200: shapes.Locate},
        _HERE,
        problems=(errors.Invalid, errors.OutsideCountry),
    ),
    "filing:challenge": Operation(
        "Ask whether this device may report, and get its token",
        {200: shapes.Challenge},
        (Parameter("Device-Token", "header", _TEXT, "The token of a client without cookies.", required=False),),
        ChallengeBody,
        _READING_A_BODY,
    ),
    "filing:file_report": Operation(
        "File a report; the same device and key again get the same answer",
        {201: shapes.Filed, 200: shapes.Filed},
        (Parameter("Idempotency-Key", "header", _UUID, "Chosen by the client, the same for every try."),),
        ReportBody,
        (
            *_READING_A_BODY,
            *(errors.DeviceInvalid, errors.OutsideCountry, errors.CategoryWithdrawn, errors.QuotaUsed),
            *(errors.ProofInvalid, errors.PossibleDuplicate, errors.IntakeClosed),
        ),
        device=True,
    ),
    "following:nearby": Operation(
        f"Public reports near a point: the nearest {MAX_FOUND} of the last {WINDOW_DAYS} days",
        {200: shapes.Nearby},
        (
            *_HERE,
            Parameter("radius_m", "query", _RADIUS, "Metres.", required=False),
            Parameter("category", "query", _TEXT, "Code of a category.", required=False),
        ),
        problems=(errors.Invalid,),
    ),
    "following:show_report": Operation(
        "One report in public",
        {200: shapes.PublicCase},
        (Parameter("id", "path", _TEXT, "The report's id."),),
        problems=(errors.NotFound,),
    ),
    "corroborating:corroborate": Operation(
        "Say that one sees a case too; a device counts once a case",
        {201: shapes.Corroborated, 200: shapes.Corroborated},
        (
            Parameter("id", "path", _TEXT, "The report's id."),
            Parameter("Idempotency-Key", "header", _UUID, "Chosen by the client; the proof of work is made for it."),
        ),
        CorroborationBody,
        (
            *_READING_A_BODY,
            *(errors.DeviceInvalid, errors.ProofInvalid, errors.NotFound, errors.QuotaUsed, errors.IntakeClosed),
        ),
        device=True,
    ),
    "answering:show_receipt": Operation(
        "A report as its reporter may follow it, and what may be done about it now",
        {200: of_receipts.Receipt},
        (_RECEIPT,),
        problems=(errors.Invalid, errors.NotFound),
    ),
    "uploads:permit_upload": Operation(
        "Ask for the upload of a photo; the file itself is posted to the address in the answer",
        {201: shapes.Upload},
        (_RECEIPT,),
        UploadBody,
        (*_READING_A_BODY, errors.NotFound, photo.PhotosClosed, photo.PhotosFull),
    ),
    "answering:answer": Operation(
        "Answer by receipt; the same answer again changes nothing",
        {200: of_receipts.Receipt},
        (_RECEIPT,),
        AnswerBody,
        (*_READING_A_BODY, errors.NotFound, errors.NoQuestion, errors.AlreadyAnswered, errors.TooLate),
    ),
    "answering:withdraw": Operation(
        "Take a report back that nobody has taken up; doing it again changes nothing",
        {200: of_receipts.Receipt},
        (_RECEIPT,),
        problems=(errors.Invalid, errors.NotFound, errors.TooLate),
    ),
    "subscribing:subscribe": Operation(
        "Ask for mails about an area; an address gets one letter a day at most, and nothing else before it confirms",
        {202: of_subscriptions.SubscriptionAsked},
        body=SubscriptionBody,
        problems=(*_READING_A_BODY, errors.NetworkUsed),
    ),
    "subscribing:confirm": Operation(
        "Confirm what a letter asked for",
        {200: of_subscriptions.Subscription},
        (_TOKEN,),
        problems=(errors.NotFound, errors.LinkExpired),
    ),
    "subscribing:unsubscribe": Operation(
        "End a subscription by one request, whatever its body (RFC 8058)",
        {200: of_subscriptions.Unsubscribed},
        (_TOKEN,),
        problems=(errors.NotFound,),
    ),
    "subscribing:leave": Operation(
        "End a subscription", {200: of_subscriptions.Unsubscribed}, (_TOKEN,), problems=(errors.NotFound,)
    ),
}
"""What each view of the route table takes and answers."""


def document(version: str, site_url: str) -> JsonObject:
    """Return the OpenAPI document as JSON-ready data."""
    schemas = _Schemas(OPERATIONS.values())
    paths: JsonObject = {}
    for path, methods in routes.ROUTES.items():
        if path.startswith(open311.PREFIX):
            paths[path] = open311.path_item(path, methods)
        elif methods:
            paths[path] = {
                method.lower(): _operation(view, OPERATIONS[view], schemas) for method, view in methods.items()
            }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Czujka", "version": version, "description": _description()},
        "servers": [{"url": site_url}],
        "paths": paths,
        "components": {
            "schemas": {**schemas.definitions, **open311.schemas()},
            "securitySchemes": {
                "cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-device"},
                "header": {"type": "apiKey", "in": "header", "name": "Device-Token"},
                "officer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }


class _Schemas:
    """The JSON Schemas of every body and answer, each once."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        operations = list(operations)
        taken = {operation.body for operation in operations if operation.body}
        given = {
            answer
            for operation in operations
            for answer in operation.answers.values()
            if answer not in (JsonObject, HtmlPage)
        }
        inputs = [(each, "validation", TypeAdapter(each)) for each in sorted(taken, key=lambda t: t.__name__)]
        outputs = [
            (each, "serialization", TypeAdapter(each))
            for each in sorted({*given, problem_shapes.Problem}, key=lambda t: str(t.__name__))
        ]
        refs, extra = TypeAdapter.json_schemas([*inputs, *outputs], ref_template=_SCHEMAS + "{model}")  # type: ignore[list-item]
        self._refs = {key: schema for (key, _), schema in refs.items()}
        self.definitions: JsonObject = extra["$defs"]
        _close(self.definitions)

    def of(self, kind: Any) -> JsonObject:
        """Return the schema of a type: a reference, or any object."""
        return {"type": "object"} if kind is JsonObject else dict(self._refs[kind])


def _close(schema: Any) -> None:
    # The types are exact: an answer holds no member that they do not name.
    if isinstance(schema, dict):
        if "properties" in schema and isinstance(schema["properties"], dict):
            schema.setdefault("additionalProperties", False)
        for inner in schema.values():
            _close(inner)
    elif isinstance(schema, list):
        for inner in schema:
            _close(inner)


def _operation(view: str, operation: Operation, schemas: _Schemas) -> JsonObject:
    made: JsonObject = {
        "operationId": view.partition(":")[2],
        "summary": operation.summary,
        "parameters": [parameter.document() for parameter in operation.parameters],
        "responses": {
            **{str(status): _answer(kind, schemas) for status, kind in sorted(operation.answers.items())},
            **_problems((*operation.problems, *_EVERYWHERE), schemas),
        },
    }
    for media in operation.also:
        made["responses"]["200"]["content"][media] = {"schema": _TEXT}
    if operation.body is not None:
        made["requestBody"] = {"required": True, "content": {JSON: {"schema": schemas.of(operation.body)}}}
    if operation.device:
        made["security"] = [{"cookie": []}, {"header": []}]
    if operation.officer:
        made["security"] = [{"officer": []}]
    return made


def _answer(kind: Any, schemas: _Schemas) -> JsonObject:
    words = (getattr(kind, "__doc__", None) or "").strip() if kind is not JsonObject else "An OpenAPI document."
    if kind is HtmlPage:
        return {"description": words, "content": {HTML: {"schema": _TEXT}}}
    return {"description": words, "content": {JSON: {"schema": schemas.of(kind)}}}


def _problems(problems: Iterable[type[Problem]], schemas: _Schemas) -> JsonObject:
    by_status: dict[int, list[str]] = {}
    for problem in problems:
        by_status.setdefault(problem.status, []).append(problem.code)
    content = {PROBLEM_JSON: {"schema": schemas.of(problem_shapes.Problem)}}
    return {
        str(status): {"description": ", ".join(codes), "content": content}
        for status, codes in sorted(by_status.items())
    }


def _description() -> str:
    return (
        "A map of safety threats that people report and the police verify. Every error is problem details (RFC 9457) "
        "with a code that never changes; its words follow Accept-Language. Under /open311/v2/ errors have the form of "
        "that standard instead. On any path a method that it does not have "
        f"is answered 405, an unknown path 404, a body beyond {MAX_BODY} bytes 413."
    )
