"""The bodies of what officers do with cases."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from chalicelib.domain import text
from chalicelib.domain.addressee import Addressee
from chalicelib.domain.calendar import Part
from chalicelib.domain.checked import MOST as MOST_WINDOWS
from chalicelib.domain.checks import Window
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.receipt import ID_LENGTH
from chalicelib.http.body import MOST_VERSIONS, Body, refuse
from chalicelib.http.shapes import Status
from chalicelib.services.bulk import MOST
from chalicelib.services.casebook import Words

CaseId = Annotated[str, Field(pattern=f"^[0-9a-z]{{{ID_LENGTH}}}$")]
Version = Annotated[int, Field(ge=1, le=MOST_VERSIONS)]


def _is_day(value: str) -> str:
    try:
        is_day = date.fromisoformat(value).isoformat() == value
    except ValueError:
        is_day = False
    if not is_day:
        refuse(FieldFault("day", Fault.WRONG_TYPE, {"expected": "date"}))
    return value


Day = Annotated[str, AfterValidator(_is_day), Field(json_schema_extra={"format": "date"})]


class ActBody(Body):
    """What every deed says: the version that it rests on, words for the reporter and words for the police alone."""

    version: Version
    note: str | None = None
    public_note: str | None = None

    @field_validator("note", "public_note")
    @classmethod
    def _clean(cls, value: str | None, info: ValidationInfo) -> str | None:
        try:
            Words.of(**{"note" if info.field_name == "note" else "public": value})
        except Invalid as invalid:
            refuse(*invalid.faults)
        return value

    @property
    def words(self) -> Words:
        """The words, cleaned."""
        return Words.of(self.public_note, self.note)


class WindowBody(Body):
    """A part of a local day in which somebody looked; a night belongs to the day on which it begins."""

    day: Day
    part: Literal["morning", "afternoon", "evening", "night"]

    @property
    def window(self) -> Window:
        """The window as the domain knows it."""
        return date.fromisoformat(self.day), Part(self.part)


class AddresseeBody(Body):
    """Whom a case is passed on to: a partner by its code, with words to it, or another body by its public name.

    `contact` is how such a body is reached, for the police alone.
    """

    partner: str | None = Field(None, max_length=64)
    name: str | None = None
    contact: str | None = None
    note: str | None = None


class StatusBody(ActBody):
    """A step."""

    to: Status
    reason: str = Field(max_length=64)
    checked: list[WindowBody] | None = Field(None, max_length=MOST_WINDOWS)
    addressee: AddresseeBody | None = None

    @property
    def looked(self) -> list[Window]:
        """The windows that were looked in."""
        return [each.window for each in self.checked or ()]


class TransferBody(ActBody):
    """Handing a case over to another unit."""

    unit: str = Field(max_length=64)
    reason: str | None = Field(None, max_length=64)


class MergeBody(ActBody):
    """Saying that a case is the same as another."""

    into: CaseId


class QuestionBody(Body):
    """The one question to the reporter."""

    text: str
    version: Version


class LocationBody(ActBody):
    """Putting a case where it really is."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class PauseBody(ActBody):
    """Stopping the clock until a day begins."""

    reason: Literal["weather", "season", "access", "other_body", "court"]
    until: Day


class TakeUpBody(Body):
    """Taking up many cases at once; `versions` are theirs, in the same order."""

    ids: list[CaseId] = Field(min_length=1, max_length=MOST)
    versions: list[Version] = Field(min_length=1, max_length=MOST)

    @field_validator("ids")
    @classmethod
    def _once(cls, value: list[str]) -> list[str]:
        if len(set(value)) < len(value):
            refuse(FieldFault("ids", Fault.REPEATED))
        return value

    @field_validator("versions")
    @classmethod
    def _as_many(cls, value: list[int], info: ValidationInfo) -> list[int]:
        ids = info.data.get("ids")
        if ids is not None and len(ids) != len(value):
            refuse(FieldFault("versions", Fault.OUT_OF_RANGE, {"minimum": len(ids), "maximum": len(ids)}))
        return value


def addressee_of(given: AddresseeBody | None, named: Callable[[str], str]) -> Addressee | None:
    """Return the body that is asked to act; `named` gives the name of a partner, or raises `Invalid` where none serves.

    Raises `Invalid` where it is named neither way or both, or has what belongs to the other way.
    """
    if given is None:
        return None
    if (given.partner is None) == (given.name is None):
        fault = FieldFault("addressee.name", Fault.EXCLUSIVE, {"other": "addressee.partner"})
        raise Invalid([fault if given.partner else FieldFault("addressee.name", Fault.MISSING)])
    if given.partner is None:
        if given.note is not None:
            raise Invalid([FieldFault("addressee.note", Fault.NOT_WANTED)])
        return Addressee.named(given.name or "", given.contact)
    if given.contact is not None:
        raise Invalid([FieldFault("addressee.contact", Fault.NOT_WANTED)])
    note = None if given.note is None else text.clean(given.note, field="addressee.note") or None
    return Addressee(named(given.partner), given.partner, note=note)
