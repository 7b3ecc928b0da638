"""The vocabulary of refusals: one class for each code that an outsider can meet.

Problem
 ├── Malformed              400 malformed
 ├── DeviceInvalid          401 device_invalid
 ├── Unauthorized           401 unauthorized
 ├── PartnerInvalid         401 partner_invalid
 ├── ProofInvalid           403 proof_invalid
 ├── KeyInvalid             403 key_invalid
 ├── Forbidden              403 forbidden
 ├── NotFound               404 not_found
 ├── MethodNotAllowed       405 method_not_allowed
 ├── PossibleDuplicate      409 possible_duplicate    + candidates
 ├── Conflict               409 conflict              + current
 │    └── SettingsConflict                            + current, in another form
 ├── Stale                  409 stale                 + faults, one for each case
 ├── NoQuestion             409 no_question           + case_status, may
 ├── AlreadyAnswered        409 already_answered      + case_status, may
 ├── TooLate                409 too_late              + case_status, may
 ├── LinkExpired            410 link_expired
 ├── TooLarge               413 too_large             + limit
 ├── UnsupportedMediaType   415 unsupported_media_type
 ├── Invalid                422 invalid               + faults, all of them
 ├── OutsideCountry         422 outside_country
 ├── CategoryWithdrawn      422 category_withdrawn    + successors
 ├── QuotaUsed              429 quota_used            + resets_at, retry_after
 ├── NetworkUsed            429 network_used          + retry_after
 ├── MailsUsed              429 mails_used            + retry_after
 ├── PartnerUsed            429 partner_used          + retry_after
 ├── Internal               500 internal
 ├── IntakeClosed           503 intake_closed         + retry_after
 └── Unavailable            503 unavailable           + retry_after

A class carries what the answer must say, never how it is worded: titles, details and messages
are texts of `chalicelib.languages` under the same codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.conflicts import (
    AlreadyAnswered,
    Conflict,
    LinkExpired,
    NoQuestion,
    PossibleDuplicate,
    SettingsConflict,
    Stale,
    TooLate,
)
from chalicelib.domain.faults import FieldFault
from chalicelib.domain.limits import IntakeClosed, MailsUsed, NetworkUsed, PartnerUsed, QuotaUsed, Unavailable
from chalicelib.domain.problem import Problem

__all__ = [
    "AlreadyAnswered",
    "CategoryWithdrawn",
    "Conflict",
    "DeviceInvalid",
    "Forbidden",
    "IntakeClosed",
    "Internal",
    "Invalid",
    "KeyInvalid",
    "LinkExpired",
    "MailsUsed",
    "Malformed",
    "MethodNotAllowed",
    "NetworkUsed",
    "NoQuestion",
    "NotFound",
    "OutsideCountry",
    "PartnerInvalid",
    "PartnerUsed",
    "PossibleDuplicate",
    "Problem",
    "ProofInvalid",
    "QuotaUsed",
    "SettingsConflict",
    "Stale",
    "TooLarge",
    "TooLate",
    "Unauthorized",
    "Unavailable",
    "UnsupportedMediaType",
]


class Malformed(Problem):
    """The request cannot be read at all: not JSON, not UTF-8, not an object."""

    code = "malformed"
    status = 400


class DeviceInvalid(Problem):
    """The device token is missing, forged, or of a version that is no longer accepted."""

    code = "device_invalid"
    status = 401


class Unauthorized(Problem):
    """Nobody has logged in, or the login is over, forged, or not one of an officer of this map."""

    code = "unauthorized"
    status = 401


class PartnerInvalid(Problem):
    """The institution's token is missing, unknown, revoked or over; which of them, nobody is told."""

    code = "partner_invalid"
    status = 401


class Forbidden(Problem):
    """The officer's role does not have this deed."""

    code = "forbidden"
    status = 403


class ProofInvalid(Problem):
    """The proof of work is missing, wrong, expired, or made for another report."""

    code = "proof_invalid"
    status = 403


class KeyInvalid(Problem):
    """The API key is missing, unknown or revoked; which of them, nobody is told."""

    code = "key_invalid"
    status = 403


class NotFound(Problem):
    """Unknown, deleted and not public alike, so that an answer tells nobody which it was."""

    code = "not_found"
    status = 404


class MethodNotAllowed(Problem):
    """The address exists, but not for this method; `allowed` names those it has."""

    code = "method_not_allowed"
    status = 405

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        super().__init__()
        self.allowed = tuple(allowed)


class TooLarge(Problem):
    """The body exceeds `limit` bytes."""

    code = "too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    @property
    def extras(self) -> dict[str, Any]:
        """The limit in bytes."""
        return {"limit": self.limit}


class UnsupportedMediaType(Problem):
    """The body is of a type that the address does not read."""

    code = "unsupported_media_type"
    status = 415


class Invalid(Problem):
    """The request is readable and wrong in the named fields: all of them, not the first only.

    Raises `ValueError` when built without a fault: a refusal must say what to mend.
    """

    code = "invalid"
    status = 422

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        if not faults:
            raise ValueError("a request cannot be invalid without a fault")
        super().__init__()
        self._faults = tuple(faults)

    @property
    def faults(self) -> tuple[FieldFault, ...]:
        """Every fault, in the order in which it was found."""
        return self._faults


class OutsideCountry(Problem):
    """The point is not in the country (or area) of the instance."""

    code = "outside_country"
    status = 422


class CategoryWithdrawn(Problem):
    """The category is not offered on this day; `successors` are the codes to choose instead."""

    code = "category_withdrawn"
    status = 422

    def __init__(self, category: str, successors: Sequence[str] = ()) -> None:
        super().__init__()
        self.category = category
        self.successors = tuple(successors)

    @property
    def extras(self) -> dict[str, Any]:
        """The withdrawn code and what took its place."""
        return {"category": self.category, "successors": list(self.successors)}


class Internal(Problem):
    """A fault of ours that no rule foresaw; never the answer to bad input."""

    code = "internal"
    status = 500
