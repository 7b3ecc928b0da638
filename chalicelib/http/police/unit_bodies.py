"""The bodies of what coordinators do with a unit's settings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, cast

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from chalicelib.domain import email
from chalicelib.domain.alerting import MAILS_PER_HOUR
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.unit_settings import MOST_ADDRESSES, MOST_CHIEFS, UnitSettings, repeated
from chalicelib.http.body import Body, refuse
from chalicelib.http.police.act_bodies import Version
from chalicelib.http.subscription_body import LONGEST_ADDRESS

LONGEST_CODE = 64


@dataclass(frozen=True, slots=True)
class Above:
    """What a unit without an address depends on: whether somebody above takes its mail."""

    takes_mail: Callable[[], bool]


def _address(value: str) -> str:
    try:
        value = email.parse(value, name="").text
    except Invalid as invalid:
        refuse(*invalid.faults)
    return value


def _once(value: list[str], info: ValidationInfo) -> list[str]:
    prefix = "escalation." if info.field_name == "chief" else ""
    refuse(*(FieldFault(f"{prefix}{info.field_name}.{number}", Fault.REPEATED) for number in repeated(value)))
    return value


Address = Annotated[
    str, Field(max_length=LONGEST_ADDRESS, json_schema_extra={"format": "email"}), AfterValidator(_address)
]


class EscalationBody(Body):
    """Who hears of the unit's overdue cases; the unit's own addresses where there is nobody."""

    chief: Annotated[list[Address], Field(max_length=MOST_CHIEFS), AfterValidator(_once)]


class BudgetBody(Body):
    """How many mails the unit wants within an hour."""

    mails_per_hour: int = Field(ge=1, le=MAILS_PER_HOUR)


class SettingsBody(Body):
    """A unit's settings, all of them, over those of a version.

    Without an address the unit's mail goes to the unit above, which has to have one that takes mail.
    """

    addresses: Annotated[list[Address], Field(max_length=MOST_ADDRESSES), AfterValidator(_once)]
    escalation: EscalationBody
    budget: BudgetBody
    version: Version

    @field_validator("addresses")
    @classmethod
    def _somebody(cls, value: list[str], info: ValidationInfo) -> list[str]:
        if not value and not cast("Above", info.context).takes_mail():
            refuse(FieldFault("addresses", Fault.EMPTY))
        return value

    def settings(self) -> UnitSettings:
        """Return the settings as the domain knows them."""
        return UnitSettings(tuple(self.addresses), tuple(self.escalation.chief), self.budget.mails_per_hour)


class TrialBody(Body):
    """Whose addresses are to be tried; the officer's own unit's where nothing is said."""

    unit: str | None = Field(None, max_length=LONGEST_CODE)
