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

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from chalicelib.domain.faults import FieldFault


class Problem(Exception):
    """A refusal that the outside sees as RFC 9457 problem details.

    `status` is the HTTP status, `code` the machine-readable name that never changes.
    """

    code: ClassVar[str]
    status: ClassVar[int]

    def __init__(self) -> None:
        super().__init__(self.code)

    @property
    def faults(self) -> tuple[FieldFault, ...]:
        """The faults by field, for the member `errors`; empty for most problems."""
        return ()

    @property
    def extras(self) -> dict[str, Any]:
        """Members of the answer beyond the common ones; times are aware datetimes."""
        return {}

    @property
    def retry_after(self) -> int | None:
        """Whole seconds for the header `Retry-After`, where a later try can succeed."""
        return None


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


class PossibleDuplicate(Problem):
    """Reports of the same thing stand nearby; `candidates` are their public views."""

    code = "possible_duplicate"
    status = 409

    def __init__(self, candidates: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.candidates = tuple(candidates)

    @property
    def extras(self) -> dict[str, Any]:
        """The candidates, nearest first."""
        return {"candidates": [dict(candidate) for candidate in self.candidates]}


class Conflict(Problem):
    """The case has changed since the caller read it; `current` tells how it stands now, to decide anew.

    `version` is the number of its newest event.
    """

    code = "conflict"
    status = 409

    def __init__(self, case_status: str, reason: str | None, version: int) -> None:
        super().__init__()
        self.current = {"status": case_status, "reason": reason, "version": version}

    @property
    def extras(self) -> dict[str, Any]:
        """The case as it stands."""
        return {"current": dict(self.current)}


class SettingsConflict(Conflict):
    """A unit's settings have changed since the caller read them; `current` is how they stand now, JSON-ready."""

    def __init__(self, current: Mapping[str, Any]) -> None:
        Problem.__init__(self)
        self.current = dict(current)


class Stale(Problem):
    """Some of several cases have changed since the caller read them; `faults` names each."""

    code = "stale"
    status = 409

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__()
        self._faults = tuple(faults)

    @property
    def faults(self) -> tuple[FieldFault, ...]:
        """A fault for each case that has changed."""
        return self._faults


class _AsItStands:
    """What the reporter asks for is not possible as the case stands; `may` is what is."""

    def __init__(self, case_status: str, may: Sequence[str] = ()) -> None:
        super().__init__()
        self.case_status = case_status
        self.may = tuple(may)

    @property
    def extras(self) -> dict[str, Any]:
        """How the case stands, and what its reporter may do now."""
        return {"case_status": self.case_status, "may": list(self.may)}


class NoQuestion(_AsItStands, Problem):
    """Nobody is asking what this would answer."""

    code = "no_question"
    status = 409


class AlreadyAnswered(_AsItStands, Problem):
    """The one question has been answered, in other words."""

    code = "already_answered"
    status = 409


class TooLate(_AsItStands, Problem):
    """The time for it is over: the police have taken the case up, or the days have passed."""

    code = "too_late"
    status = 409


class LinkExpired(Problem):
    """A link of ours that was not used in time, or whose request has been replaced or withdrawn since."""

    code = "link_expired"
    status = 410


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


class _Later:
    """A refusal that ends by itself: `retry_after` is after how many whole seconds, rounded up, to try again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self._retry_after = retry_after

    @property
    def retry_after(self) -> int:
        """Whole seconds after which a new try is reasonable, rounded up."""
        return self._retry_after


class QuotaUsed(_Later, Problem):
    """The device has used what it has of the day; `resets_at` is the local midnight that follows.

    `retry_after` is the same in whole seconds from the moment of the refusal, `limit` how often a day is allowed.
    """

    code = "quota_used"
    status = 429

    def __init__(self, resets_at: datetime, retry_after: int, limit: int = 1) -> None:
        super().__init__(retry_after)
        self.resets_at = resets_at
        self.limit = limit

    @property
    def extras(self) -> dict[str, Any]:
        """When the next report is possible."""
        return {"resets_at": self.resets_at}


class NetworkUsed(_Later, Problem):
    """A network has asked more often today than one may; `retry_after` is in whole seconds, to the local midnight."""

    code = "network_used"
    status = 429


class MailsUsed(_Later, Problem):
    """A unit has had its test mails, or all its mails, of the hour; `retry_after` is when the next may leave."""

    code = "mails_used"
    status = 429


class PartnerUsed(_Later, Problem):
    """An institution has answered as often today as one may; `retry_after` is in whole seconds, to the midnight."""

    code = "partner_used"
    status = 429


class Internal(Problem):
    """A fault of ours that no rule foresaw; never the answer to bad input."""

    code = "internal"
    status = 500


class IntakeClosed(_Later, Problem):
    """The operator has closed intake; `retry_after` is when it opens, as far as anybody knows."""

    code = "intake_closed"
    status = 503


class Unavailable(_Later, Problem):
    """The store does not answer; nothing was kept, the same request may be sent again."""

    code = "unavailable"
    status = 503
