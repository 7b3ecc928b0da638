"""The body of a subscription: what is wrong with address, area, categories and language, all at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, cast

from pydantic import Field, ValidationInfo, field_validator

from chalicelib.domain import email
from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.email import Address
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import micro
from chalicelib.domain.place import Places
from chalicelib.domain.subscription import MAX_RADIUS_M, MIN_RADIUS_M, Area, Choice, Circle, Kind
from chalicelib.http.body import Body, refuse

LONGEST_CODE = 64
MOST_CATEGORIES = 100
LONGEST_ADDRESS = 1_000
"""What is longer is refused before it is looked at; what is shorter and too long is told by how much."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the codes of a subscription are compared with; the boundaries are read only where one is to be."""

    instance: Instance
    places: Callable[[], Places]


_Code = Annotated[str, Field(max_length=LONGEST_CODE)]


class CircleBody(Body):
    """Everything within so many metres of a point."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    radius_m: float = Field(ge=MIN_RADIUS_M, le=MAX_RADIUS_M)


class AreaBody(Body):
    """Exactly one of: a circle, a gmina, a powiat, a police unit with all below it."""

    circle: CircleBody | None = None
    gmina: _Code | None = None
    powiat: _Code | None = None
    unit: _Code | None = None

    @field_validator("circle")
    @classmethod
    def _on_the_map(cls, value: CircleBody | None, info: ValidationInfo) -> CircleBody | None:
        if value is not None:
            west, south, east, north = cast("Known", info.context).instance.bounds
            if not (west <= value.lon <= east and south <= value.lat <= north):
                refuse(FieldFault("area.circle", Fault.OUTSIDE_COUNTRY))
        return value

    @field_validator("gmina", "powiat", "unit")
    @classmethod
    def _known(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None:
            fault = _area_fault(Kind(info.field_name or ""), value, cast("Known", info.context))
            if fault is not None:
                refuse(FieldFault(f"area.{info.field_name}", fault))
        return value

    @property
    def given(self) -> list[str]:
        """The kinds that the body names."""
        return [kind.value for kind in Kind if getattr(self, kind.value) is not None]

    def area(self) -> Area:
        """Return the area as the domain knows it."""
        if self.circle is not None:
            place = Circle(micro(self.circle.lat), micro(self.circle.lon), round(self.circle.radius_m))
            return Area(Kind.CIRCLE, circle=place)
        (kind,) = self.given
        return Area(Kind(kind), getattr(self, kind))


class SubscriptionBody(Body):
    """Who wants to hear of what, where, and in which language; without categories of everything."""

    email: Annotated[str, Field(max_length=LONGEST_ADDRESS, json_schema_extra={"format": "email"})]
    area: AreaBody
    categories: list[_Code] | None = Field(None, max_length=MOST_CATEGORIES)
    language: _Code

    @field_validator("email")
    @classmethod
    def _address(cls, value: str) -> str:
        try:
            value = email.parse(value).text
        except Invalid as invalid:
            refuse(*invalid.faults)
        return value

    @field_validator("area")
    @classmethod
    def _one_kind(cls, value: AreaBody) -> AreaBody:
        given = value.given
        if not given:
            refuse(FieldFault("area", Fault.EMPTY))
        refuse(*(FieldFault(f"area.{kind}", Fault.EXCLUSIVE, {"other": given[0]}) for kind in given[1:]))
        return value

    @field_validator("categories")
    @classmethod
    def _public(cls, value: list[str] | None, info: ValidationInfo) -> list[str] | None:
        known = cast("Known", info.context).instance.catalogue.categories
        faults = []
        for code in dict.fromkeys(value or ()):
            if code not in known:
                faults.append(FieldFault("categories", Fault.UNKNOWN_CATEGORY))
            elif known[code].sensitivity is Sensitivity.HIDDEN:
                faults.append(FieldFault("categories", Fault.CATEGORY_HIDDEN))
        refuse(*{fault.code: fault for fault in faults}.values())
        return value

    @field_validator("language")
    @classmethod
    def _spoken(cls, value: str, info: ValidationInfo) -> str:
        spoken = cast("Known", info.context).instance.languages
        if value not in spoken:
            refuse(FieldFault("language", Fault.UNKNOWN_VALUE, {"allowed": ", ".join(spoken)}))
        return value

    def address(self) -> Address:
        """Return the address, in the form that mail is sent to."""
        return Address(self.email)

    def choice(self) -> Choice:
        """Return what is asked for."""
        return Choice(self.area.area(), frozenset(self.categories or ()), self.language)


def _area_fault(kind: Kind, code: str, known: Known) -> Fault | None:
    if kind is Kind.UNIT:
        return None if code in known.instance.units else Fault.UNKNOWN_AREA
    areas = known.places().areas
    if kind is Kind.POWIAT:
        return None if any(area.area == code for area in areas) else Fault.UNKNOWN_AREA
    if all(area.gmina is None for area in areas):
        return Fault.NO_GMINAS
    return None if any(area.gmina == code for area in areas) else Fault.UNKNOWN_AREA
