"""What can be wrong with one field of a request: public codes, and the numbers that their messages name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Fault(StrEnum):
    """What can be wrong with one field; the value is the public, unchanging code."""

    MISSING = "missing"
    UNKNOWN_FIELD = "unknown_field"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_VALUE = "unknown_value"
    UNKNOWN_CATEGORY = "unknown_category"
    EMPTY = "empty"
    REPEATED = "repeated"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    DESCRIPTION_REQUIRED = "description_required"
    NOT_A_TIME = "not_a_time"
    TOO_OLD = "too_old"
    EARLIER = "earlier"
    IN_THE_FUTURE = "in_the_future"
    EXCLUSIVE = "exclusive"
    NOT_A_UUID = "not_a_uuid"
    MISTYPED = "mistyped"
    STEP_NOT_ALLOWED = "step_not_allowed"
    REASON_NOT_ALLOWED = "reason_not_allowed"
    OUTSIDE_COUNTRY = "outside_country"
    CATEGORY_WITHDRAWN = "category_withdrawn"
    NOT_WANTED = "not_wanted"
    NOT_MERGEABLE = "not_mergeable"
    CLOSED = "closed"
    UNKNOWN_UNIT = "unknown_unit"
    SAME_UNIT = "same_unit"
    PAUSED = "paused"
    NOT_PAUSED = "not_paused"
    CHANGED = "changed"
    NOT_FOUND = "not_found"
    CATEGORY_HIDDEN = "category_hidden"
    NOT_AN_ADDRESS = "not_an_address"
    UNKNOWN_AREA = "unknown_area"
    NO_GMINAS = "no_gminas"
    UNKNOWN_JURISDICTION = "unknown_jurisdiction"
    ADDRESS_ALONE = "address_alone"
    PERIOD_TOO_LONG = "period_too_long"


PARAMS = MappingProxyType(
    {
        Fault.WRONG_TYPE: ("expected",),
        Fault.OUT_OF_RANGE: ("minimum", "maximum"),
        Fault.UNKNOWN_VALUE: ("allowed",),
        Fault.TOO_MANY: ("limit",),
        Fault.TOO_LONG: ("limit", "length"),
        Fault.TOO_OLD: ("days",),
        Fault.EARLIER: ("other",),
        Fault.EXCLUSIVE: ("other",),
        Fault.STEP_NOT_ALLOWED: ("source", "target"),
        Fault.REASON_NOT_ALLOWED: ("allowed",),
        Fault.PERIOD_TOO_LONG: ("days",),
    }
)
"""The placeholders of each fault's message; none where a fault is not listed. `expected` is the
name of a JSON type, `other` that of a field, `allowed` a list with commas."""


@dataclasses.dataclass(frozen=True, slots=True)
class FieldFault:
    """One fault of one field.

    `field` is the dotted path in the request (`pattern.days`), a header's name for a header.
    `params` are those that `PARAMS` names, to fill the message.

    Raises `ValueError` for other params: a message could not be written.
    """

    field: str
    code: Fault
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        if set(self.params) != set(PARAMS.get(self.code, ())):
            raise ValueError(f"{self.code} takes {PARAMS.get(self.code, ())}, not {tuple(self.params)}")
