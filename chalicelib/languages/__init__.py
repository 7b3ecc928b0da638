"""The words of the service, by area and language: `<area>/<language>.json` beside this file.

Rules speak in codes, people read words: whatever a code is called stands here and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from chalicelib.domain.errors import Problem
from chalicelib.domain.faults import FieldFault

FOLDER = Path(__file__).parent

_LONGEST_HEADER = 1000


@cache
def texts(area: str, language: str) -> Mapping[str, str]:
    """Return the texts of an area (a folder's name) in a language, read once.

    Raises `FileNotFoundError` where the area has no such language.
    """
    path = FOLDER / area / f"{language}.json"
    return MappingProxyType(json.loads(path.read_text(encoding="utf-8")))


def problem_texts(problem: Problem, language: str) -> tuple[str, str]:
    """Return the title and the detail of a problem."""
    words = texts("problems", language)
    return words[f"{problem.code}.title"], words[f"{problem.code}.detail"]


def fault_message(fault: FieldFault, language: str) -> str:
    """Return what is wrong with a field and how to mend it."""
    return texts("problems", language)[f"fault.{fault.code}"].format_map(fault.params)


def negotiate(header: str | None, languages: Sequence[str], default: str) -> str:
    """Return the language of `languages` that an `Accept-Language` header likes best.

    Follows RFC 9110 § 12.5.4 with lookup by primary subtag (`pl-PL` finds `pl`); of equal
    weights the first named wins; `*` means the default. What cannot be read is passed over.
    """
    best, weight = default, 0.0
    for item in (header or "")[:_LONGEST_HEADER].split(","):
        tag, _, parameters = item.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        language = default if primary == "*" else primary
        quality = _quality(parameters)
        if language in languages and quality > weight:
            best, weight = language, quality
    return best


def _quality(parameters: str) -> float:
    name, _, value = parameters.replace(" ", "").partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if name == "q" and 0 <= quality <= 1 else 0.0
