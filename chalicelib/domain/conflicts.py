"""Refusals because of how things stand by now: seen already, changed meanwhile, or over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.faults import FieldFault
from chalicelib.domain.problem import Problem


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
