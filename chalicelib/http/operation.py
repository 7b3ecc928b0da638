"""What a view takes and answers, as the interface's description tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from chalicelib.domain import errors
from chalicelib.domain.errors import Problem

JsonObject = dict[str, Any]

READING_A_BODY = (errors.Malformed, errors.TooLarge, errors.UnsupportedMediaType, errors.Invalid)
"""What can be wrong with any body."""


HTML = "text/html; charset=utf-8"


CSV = "text/csv; charset=utf-8"


class HtmlPage:
    """A page for people: HTML with a policy of its own."""


@dataclass(frozen=True)
class Parameter:
    """A value outside the body."""

    name: str
    where: str
    schema: Mapping[str, Any]
    description: str
    required: bool = True

    def document(self) -> JsonObject:
        """Return the Parameter Object."""
        return {
            "name": self.name,
            "in": self.where,
            "required": self.required,
            "description": self.description,
            "schema": dict(self.schema),
        }


@dataclass(frozen=True)
class Operation:
    """What a view takes and answers; problems that every route can meet are added to each."""

    summary: str
    answers: Mapping[int, Any]
    parameters: tuple[Parameter, ...] = ()
    body: type[BaseModel] | None = None
    problems: tuple[type[Problem], ...] = ()
    device: bool = False
    officer: bool = False
    also: tuple[str, ...] = ()
    """Media types in which 200 can be asked for besides JSON."""
