"""How this façade answers: JSON and XML of one document, and errors in the standard's own list.

The standard asks for `text/xml` always; JSON follows from the XML by its Spark convention, in which a list is a bare
array and the name of its elements stands in the XML alone.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, tostring

from chalicelib.container import Container
from chalicelib.domain.errors import CategoryWithdrawn, MethodNotAllowed, NotFound, PossibleDuplicate, Problem
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.http.call import JSON, Call
from chalicelib.http.open311 import shapes
from chalicelib.http.reply import PRIVATE, Reply
from chalicelib.http.routes import ANYTHING_ELSE
from chalicelib.languages import fault_message, negotiate, problem_texts, texts

PREFIX = "/open311/v2/"
XML = "text/xml; charset=utf-8"
AREA = "open311"
"""The words of this façade."""

_FORMATS = {"json": JSON, "xml": XML}
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "days": "day",
    "parts": "part",
    "pattern": "seen",
}
"""What an element of a list is called in XML."""

# XML 1.0 knows no such characters, not even escaped; a carriage return would come back as a line feed.
_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_STATUS = {"invalid": 400, "outside_country": 400, "category_withdrawn": 404}
"""The standard's status of problems that have another one elsewhere; all others keep theirs."""

_FAULT_STATUS = {Fault.UNKNOWN_CATEGORY: 404, Fault.CATEGORY_WITHDRAWN: 404, Fault.UNKNOWN_JURISDICTION: 404}
"""The standard's status of faults; 400 for all others."""


def concerns(call: Call) -> bool:
    """Tell whether a request is one of this façade's, if only for an address that it does not have."""
    return f"/{_address(call)}".startswith(PREFIX)


def format_of(call: Call) -> str | None:
    """Return the format that the address ends with, or None for one that there is not."""
    ending = _address(call).rpartition(".")[2]
    return ending if ending in _FORMATS else None


def named(call: Call) -> str:
    """Return what the last part of an address names, without its format; raises `NotFound` for another format."""
    if format_of(call) is None:
        raise NotFound
    return call.path["document"].rpartition(".")[0]


def language_of(call: Call, box: Container) -> str:
    """Return the language of the parameter `locale` (an extension), else of `Accept-Language`."""
    instance = box.instance
    locale = call.query.get("locale", [""])[0].replace("_", "-")
    accepted = call.headers.get("accept-language")
    return negotiate(
        locale or accepted, instance.languages, negotiate(accepted, instance.languages, instance.default_language)
    )


def answered(
    call: Call,
    root: str,
    document: Mapping[str, Any] | Sequence[Any],
    language: str,
    *,
    cache: str = PRIVATE,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Return a document in the format that the address asks for, XML where it asks for none that there is."""
    kind = format_of(call) or "xml"
    described = {"Content-Type": _FORMATS[kind], "Content-Language": language, "Vary": "Accept-Language"}
    text = written(kind, root, document)
    return Reply(text, status, cache, {**described, **(headers or {})})


def written(kind: str, root: str, document: Mapping[str, Any] | Sequence[Any]) -> str:
    """Write a document of mappings, lists, texts, numbers, truth values and None as `json` or `xml`."""
    clean = _cleaned(document)
    if kind == "json":
        return json.dumps(clean, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _DECLARATION + tostring(_element(root, clean), encoding="unicode")


def refused(problem: Problem, call: Call, box: Container) -> Reply:
    """Return a problem as the standard's list of errors; the HTTP status is the first error's code."""
    language = language_of(call, box)
    errors: list[shapes.Error] = [
        {"code": status, "description": f"{words} [{word}]"} for status, word, words in _errors(problem, language)
    ]
    headers: dict[str, str] = {}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if isinstance(problem, MethodNotAllowed):
        headers["Allow"] = ", ".join(problem.allowed)
    return answered(call, "errors", errors, language, status=errors[0]["code"], headers=headers)


def _errors(problem: Problem, language: str) -> list[tuple[int, str, str]]:
    """Return status, unchanging word and description of each error."""
    if problem.faults:
        return [_of_fault(fault, language) for fault in problem.faults]
    own = texts(AREA, language).get(f"problem.{problem.code}")
    words = own or problem_texts(problem, language)[1]
    match problem:
        case PossibleDuplicate():
            words = f"{words} {', '.join(str(candidate['id']) for candidate in problem.candidates)}"
        case CategoryWithdrawn() if problem.successors:
            words = f"{words} {', '.join(problem.successors)}"
    return [(_STATUS.get(problem.code, problem.status), problem.code, words)]


def _of_fault(fault: FieldFault, language: str) -> tuple[int, str, str]:
    return _FAULT_STATUS.get(fault.code, 400), fault.code.value, f"{fault.field}: {fault_message(fault, language)}"


def _address(call: Call) -> str:
    if call.route == ANYTHING_ELSE:
        return call.path.get("proxy", "")
    return call.route.removeprefix("/").replace("{document}", call.path.get("document", ""))


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return _NOT_XML.sub("\ufffd", value)
        case Mapping():
            return {name: _cleaned(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_cleaned(inner) for inner in value]
        case _:
            return value


def _element(name: str, value: Any) -> Element:
    element = Element(name)
    match value:
        case dict():
            element.extend(_element(inner, held) for inner, held in value.items())
        case list():
            element.extend(_element(_ITEMS[name], held) for held in value)
        case bool():
            element.text = "true" if value else "false"
        case None:
            pass
        case _:
            element.text = str(value)
    return element
