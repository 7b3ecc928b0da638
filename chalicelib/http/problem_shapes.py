"""What a refusal looks like. Types only, as in `shapes`."""

from typing import NotRequired

from typing_extensions import TypedDict

from chalicelib.http.police.unit_shapes import UnitSettingsNow
from chalicelib.http.shapes import Candidate, Status


class FieldError(TypedDict):
    """One fault of one field."""

    field: str
    code: str
    message: str


class CurrentCase(TypedDict):
    """How a case stands that has changed since it was read."""

    status: Status
    reason: str | None
    version: int


class Problem(TypedDict):
    """Problem details (RFC 9457); `code` never changes, the words follow Accept-Language."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: NotRequired[list[FieldError]]
    resets_at: NotRequired[str]
    limit: NotRequired[int]
    until: NotRequired[str]
    category: NotRequired[str]
    successors: NotRequired[list[str]]
    candidates: NotRequired[list[Candidate]]
    case_status: NotRequired[Status]
    may: NotRequired[list[str]]
    current: NotRequired[CurrentCase | UnitSettingsNow]
