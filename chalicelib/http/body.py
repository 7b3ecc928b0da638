"""Bodies of requests: their shape by pydantic, their meaning by the domain, the faults of both at once."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar, cast
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from chalicelib.domain import photo, text
from chalicelib.domain.alerting import MAILS_PER_HOUR
from chalicelib.domain.answers import Answer
from chalicelib.domain.calendar import Part
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import CategoryWithdrawn, Invalid, Malformed
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.location import kept
from chalicelib.domain.receipt import ID_LENGTH
from chalicelib.domain.report import NewReport, Pattern, Status, occurrence_faults
from chalicelib.domain.subscription import MAX_RADIUS_M, MIN_RADIUS_M

MAX_ACKNOWLEDGED = 20
MAX_PROOF = 4_096
MOST_VERSIONS = 999_999
"""Events of a case: as many as their numbers have room for."""

PAUSES = ("weather", "season", "access", "other_body", "court")
"""Why a clock may stand, as a request says it."""

MAX_FAULTS = 50
"""Faults in one answer; a body of noise could hold thousands."""

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII | re.IGNORECASE,
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_RULE = "rule"
_LONGEST_NAME = 64

B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the meaning of a report's fields depends on."""

    catalogue: Catalogue
    now: datetime
    day: date


def uuid_of(value: str, field: str) -> UUID:
    """Return a UUID in its usual spelling; raises `Invalid` for the field otherwise."""
    if not _UUID.fullmatch(value):
        raise Invalid([FieldFault(field, Fault.NOT_A_UUID)])
    return UUID(value)


def refuse(*faults: FieldFault, problem: CategoryWithdrawn | None = None) -> None:
    """Refuse the value of a field by the domain's rules; without a fault nothing happens.

    A fault without a field is of the value that is being looked at, wherever that stands.
    """
    if faults:
        raise PydanticCustomError(_RULE, "against a rule", {"faults": faults, "problem": problem})


def _uuid_text(value: str) -> str:
    try:
        uuid_of(value, "idempotency_key")
    except Invalid as invalid:
        refuse(*invalid.faults)
    return value


class Body(BaseModel):
    """A body: no member may be of another type, or of another name."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class ChallengeBody(Body):
    """A device asks whether it may report, and for its token."""

    idempotency_key: Annotated[str, AfterValidator(_uuid_text), Field(json_schema_extra={"format": "uuid"})]
    client: Literal["api"] | None = None
    """With ``api`` the token is in the answer, not in a cookie."""


class PatternBody(Body):
    """When a thing keeps happening; 1 is Monday."""

    days: list[Annotated[int, Field(ge=1, le=7)]] = Field(min_length=1, max_length=7)
    parts: list[Literal["morning", "afternoon", "evening", "night"]] = Field(min_length=1, max_length=4)


class UploadBody(Body):
    """A photo that somebody wants to add: what it is, and how many bytes."""

    content_type: Literal["image/jpeg", "image/png", "image/webp"]
    size: int = Field(ge=1, le=photo.LIMIT_BYTES)


def _sound_pattern(value: PatternBody | None) -> PatternBody | None:
    if value is not None:
        try:
            Pattern.of(value.days, value.parts)
        except Invalid as invalid:
            refuse(*invalid.faults)
    return value


class CorroborationBody(Body):
    """Somebody has seen a case too; without a pattern the moment of saying so counts."""

    pattern: Annotated[PatternBody | None, AfterValidator(_sound_pattern)] = None
    proof: str | None = Field(None, max_length=MAX_PROOF)

    def chosen(self) -> Pattern | None:
        """Return the pattern as the domain knows it."""
        return None if self.pattern is None else Pattern.of(self.pattern.days, self.pattern.parts)


class ReportBody(Body):
    """A report as it is sent. The order of the fields matters: a check sees the sound ones before it."""

    category: str
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    occurred_at: str | None = Field(None, json_schema_extra={"format": "date-time"})
    pattern: Annotated[PatternBody | None, AfterValidator(_sound_pattern)] = None
    description: str | None = Field(None, validate_default=True)
    acknowledge: list[Annotated[str, Field(pattern=f"^[0-9a-z]{{{ID_LENGTH}}}$")]] | None = Field(
        None, max_length=MAX_ACKNOWLEDGED
    )
    proof: str | None = Field(None, max_length=MAX_PROOF)

    @field_validator("category")
    @classmethod
    def _offered(cls, value: str, info: ValidationInfo) -> str:
        rules = cast("Rules", info.context)
        try:
            rules.catalogue.choose(value, rules.day)
        except Invalid as invalid:
            refuse(*invalid.faults)
        except CategoryWithdrawn as withdrawn:
            refuse(FieldFault("category", Fault.CATEGORY_WITHDRAWN), problem=withdrawn)
        return value

    @field_validator("occurred_at")
    @classmethod
    def _occurred(cls, value: str | None, info: ValidationInfo) -> str | None:
        rules = cast("Rules", info.context)
        if value is not None:
            moment = time_of(value)
            if moment is None:
                refuse(FieldFault("occurred_at", Fault.NOT_A_TIME))
            else:
                refuse(*occurrence_faults(moment, rules.now))
        return value

    @field_validator("pattern")
    @classmethod
    def _pattern(cls, value: PatternBody | None, info: ValidationInfo) -> PatternBody | None:
        if value is not None and info.data.get("occurred_at") is not None:
            refuse(FieldFault("pattern", Fault.EXCLUSIVE, {"other": "occurred_at"}))
        return value

    @field_validator("description")
    @classmethod
    def _description(cls, value: str | None, info: ValidationInfo) -> str | None:
        rules = cast("Rules", info.context)
        cleaned = ""
        if value is not None:
            try:
                cleaned = text.clean(value)
            except Invalid as invalid:
                refuse(*invalid.faults)
        category = rules.catalogue.categories.get(info.data.get("category", ""))
        if not cleaned and category is not None and category.description_required:
            refuse(FieldFault("description", Fault.DESCRIPTION_REQUIRED))
        return cleaned or None

    def draft(self) -> NewReport:
        """Return the report as the domain knows it."""
        return NewReport(
            category=self.category,
            # The place that is kept, so that the unit and the place can never differ at a border.
            lat=kept(self.lat),
            lon=kept(self.lon),
            occurred_at=None if self.occurred_at is None else time_of(self.occurred_at),
            pattern=None if self.pattern is None else Pattern.of(self.pattern.days, self.pattern.parts),
            description=self.description,
            acknowledge=tuple(self.acknowledge or ()),
        )


def read(model: type[B], body: bytes, rules: object = None) -> B:
    """Return the parsed body.

    Raises `Malformed` for what is no JSON object in UTF-8, `CategoryWithdrawn` where that is all that is wrong, and
    `Invalid` with every fault otherwise.
    """
    try:
        return model.model_validate_json(body, context=rules)
    except ValidationError as error:
        details = error.errors(include_url=False)
    if any(detail["type"] == "json_invalid" or not detail["loc"] for detail in details):
        raise Malformed
    withdrawn = details[0].get("ctx", {}).get("problem")
    if withdrawn is not None and len(details) == 1:
        raise withdrawn
    raise Invalid([fault for detail in details for fault in _faults(detail)][:MAX_FAULTS])


def time_of(value: str) -> datetime | None:
    """Return an RFC 3339 time with offset, or None for anything else."""
    if not _RFC3339.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        return None


_BOUNDS = {
    "lat": (-90, 90),
    "lon": (-180, 180),
    "days": (1, 7),
    "size": (1, photo.LIMIT_BYTES),
    "radius_m": (MIN_RADIUS_M, MAX_RADIUS_M),
    "version": (1, MOST_VERSIONS),
    "versions": (1, MOST_VERSIONS),
    "mails_per_hour": (1, MAILS_PER_HOUR),
}
_ALLOWED = {
    "parts": ", ".join(Part),
    "client": "api",
    "content_type": ", ".join(photo.MediaType),
    "answer": ", ".join(Answer),
    "part": ", ".join(Part),
    "to": ", ".join(Status),
    "reason": ", ".join(PAUSES),
}
_EXPECTED = {"float": "number", "int": "integer", "string": "string", "list": "array", "model": "object"}


def _faults(detail: ErrorDetails) -> tuple[FieldFault, ...]:
    """Translate one of pydantic's errors; what it has no own word for is a wrong type."""
    context = detail.get("ctx", {})
    kind = detail["type"]
    names = [str(part)[:_LONGEST_NAME] for part in detail["loc"]]
    if kind == _RULE:
        # A rule of what may stand in many places does not know where it was broken.
        return tuple(replace(fault, field=fault.field or ".".join(names)) for fault in context["faults"])
    fault, params = Fault.WRONG_TYPE, dict[str, Any]()
    match kind:
        case "missing":
            fault = Fault.MISSING
        case "extra_forbidden":
            fault = Fault.UNKNOWN_FIELD
        case "too_short":
            fault = Fault.EMPTY
        case "string_pattern_mismatch":
            fault = Fault.MISTYPED
        case "greater_than_equal" | "less_than_equal" | "finite_number":
            minimum, maximum = next(_BOUNDS[name] for name in names if name in _BOUNDS)
            fault, params = Fault.OUT_OF_RANGE, {"minimum": minimum, "maximum": maximum}
        case "literal_error":
            allowed = next(_ALLOWED[name] for name in names if name in _ALLOWED)
            fault, params = Fault.UNKNOWN_VALUE, {"allowed": allowed}
        case "too_long":
            fault, params = Fault.TOO_MANY, {"limit": context["max_length"]}
        case "string_too_long":
            limit = context["max_length"]
            fault, params = Fault.TOO_LONG, {"limit": limit, "length": len(detail["input"])}
        case _:
            params = {"expected": _EXPECTED.get(kind.partition("_")[0], "value")}
    return (FieldFault(".".join(names), fault, params),)
