"""The steps that a case may take, as data: from, to, whose step it is, and for which reasons.

Source: the statuses are those of the Commander in Chief's guidelines of 2019 (§ 2 point 5); the
arrows between them are this project's reading of how units work, with "not confirmed" split into
three reasons, because "not there when we came" is not "was never there".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.report import Status


class Actor(StrEnum):
    """Whose step it is: the unit's, the reporter's (by receipt), the map's own, or that of an asked institution."""

    POLICE = "police"
    REPORTER = "reporter"
    SYSTEM = "system"
    PARTNER = "partner"


class Reason(StrEnum):
    """Why a step was taken; each has a public text."""

    TAKEN_UP = "taken_up"
    SEEN_AT_CHECK = "seen_at_check"
    KNOWN_TO_POLICE = "known_to_police"
    NOT_PRESENT = "not_present"
    NOT_CHECKABLE = "not_checkable"
    NOT_A_THREAT = "not_a_threat"
    JOKE = "joke"
    MISTAKE = "mistake"
    OTHER_BODY = "other_body"
    RETURNED = "returned"
    REMOVED_BY_POLICE = "removed_by_police"
    REMOVED_BY_OTHER = "removed_by_other"
    GONE = "gone"
    CHECK_AGAIN = "check_again"
    CORROBORATED = "corroborated"
    STILL_THERE = "still_there"
    SAME_CASE = "same_case"
    TAKEN_BACK = "taken_back"
    OTHER_AREA = "other_area"
    OTHER_UNIT = "other_unit"
    PLACE_CORRECTED = "place_corrected"
    PAUSE_WEATHER = "pause_weather"
    PAUSE_SEASON = "pause_season"
    PAUSE_ACCESS = "pause_access"
    PAUSE_OTHER_BODY = "pause_other_body"
    PAUSE_COURT = "pause_court"
    RESUMED = "resumed"


class Need(StrEnum):
    """What has to be said with a step besides its reason."""

    CHECKED = "checked"
    ADDRESSEE = "addressee"


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow. `reasons` is never empty: every step is explained to the public."""

    source: Status
    target: Status
    actors: frozenset[Actor]
    reasons: tuple[Reason, ...]


def _step(source: Status, target: Status, reasons: str, *actors: Actor) -> Step:
    names = tuple(Reason(name) for name in reasons.split())
    return Step(source, target, frozenset(actors or (Actor.POLICE,)), names)


STEPS: tuple[Step, ...] = (
    _step(Status.NEW, Status.VERIFYING, "taken_up"),
    _step(Status.NEW, Status.JOKE, "joke mistake"),
    _step(Status.NEW, Status.MERGED, "same_case"),
    _step(Status.NEW, Status.WITHDRAWN, "taken_back", Actor.REPORTER),
    _step(Status.VERIFYING, Status.CONFIRMED, "seen_at_check known_to_police"),
    _step(Status.VERIFYING, Status.UNCONFIRMED, "not_present not_checkable not_a_threat"),
    _step(Status.VERIFYING, Status.JOKE, "joke mistake"),
    _step(Status.CONFIRMED, Status.ELIMINATED, "removed_by_police removed_by_other gone"),
    _step(Status.CONFIRMED, Status.PASSED_ON, "other_body"),
    _step(Status.PASSED_ON, Status.ELIMINATED, "removed_by_other gone"),
    _step(Status.PASSED_ON, Status.CONFIRMED, "returned", Actor.POLICE, Actor.PARTNER),
    _step(
        Status.UNCONFIRMED,
        Status.VERIFYING,
        "check_again corroborated still_there",
        Actor.POLICE,
        Actor.REPORTER,
        Actor.SYSTEM,
    ),
    _step(
        Status.ELIMINATED,
        Status.VERIFYING,
        "check_again corroborated still_there",
        Actor.POLICE,
        Actor.REPORTER,
        Actor.SYSTEM,
    ),
)
"""Every allowed step; whatever is not here is refused."""

OPEN: frozenset[Status] = frozenset({Status.NEW, Status.VERIFYING, Status.CONFIRMED, Status.PASSED_ON})
"""Cases that wait for somebody; all others are closed."""

NEEDS: Mapping[Reason, Need] = MappingProxyType({Reason.NOT_PRESENT: Need.CHECKED, Reason.OTHER_BODY: Need.ADDRESSEE})
"""What a reason needs: whoever saw nothing says when they looked, whoever passes a case on says to whom."""

TWICE: frozenset[Reason] = frozenset({Reason.NOT_PRESENT})
"""Reasons that close a case only after a second look in another window; until then it stays as it is."""

CHECKABLE: frozenset[Status] = frozenset({Status.VERIFYING, Status.CONFIRMED, Status.PASSED_ON})
"""Whoever moves a case out of one of these may say when they looked."""

_BY_ARROW = {(step.source, step.target): step for step in STEPS}


def allowed(source: Status) -> tuple[Step, ...]:
    """Return the steps that lead out of `source`, in the order of the table."""
    return tuple(step for step in STEPS if step.source is source)


def needs(step: Step) -> tuple[Need, ...]:
    """Return what some reason of a step needs."""
    return tuple(need for need in Need if need in {NEEDS.get(reason) for reason in step.reasons})


def check(source: Status, target: Status, reason: str | None, actor: Actor) -> Step:
    """Return the step, or raise `Invalid` for the field `to` or `reason`.

    A step that is another actor's is refused like one that does not exist.
    """
    step = _BY_ARROW.get((source, target))
    if step is None or actor not in step.actors:
        raise Invalid([FieldFault("to", Fault.STEP_NOT_ALLOWED, {"source": source, "target": target})])
    if reason not in step.reasons:
        raise Invalid([FieldFault("reason", Fault.REASON_NOT_ALLOWED, {"allowed": ", ".join(step.reasons)})])
    return step
