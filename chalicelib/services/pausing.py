"""Letting the clock of a case stand, for a reason that everybody can read, and letting it go on.

The pause is reckoned into the deadlines when it begins, so that it ends at its day by itself, without a job that could
fail; whoever goes on earlier takes the rest of it back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chalicelib.domain import acts
from chalicelib.domain.acts import Act
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Actor
from chalicelib.services.casebook import Casebook, Words, is_paused, queued, words_beside
from chalicelib.store import keys
from chalicelib.store.step import Change, Current


@dataclass(frozen=True, slots=True)
class Pausing(Casebook):
    """The use case at one moment."""

    def pause(
        self, report_id: str, reason: str, until: date, expected_version: int, words: Words | None = None
    ) -> Current:
        """Stop the clock of a case until a local day begins, and return the case as it is then.

        Raises `Invalid` for a case that is not being checked, a reason that is none, a day out of range, a clock that
        stands already or has been stopped too often; `NotFound`, `Conflict` and `Unavailable`.
        """
        before = self.expected(report_id, expected_version)
        why = acts.check(Act.PAUSE, Status(before.status), reason, "reason")
        if is_paused(before, self.now):
            raise Invalid([FieldFault("until", Fault.PAUSED)])
        if before.pauses >= acts.PAUSES:
            raise Invalid([FieldFault("until", Fault.TOO_MANY, {"limit": acts.PAUSES})])
        end = acts.pause_end(until, self.now, self.instance.zone)
        event = self.event(before, Act.PAUSE, Actor.POLICE, reason=why, until=keys.instant(end))
        sets = {
            "paused": event.at,
            "pause_reason": why,
            "pause_until": event.until,
            "pauses": before.pauses + 1,
            **_shifted(before, end - keys.moment(event.at)),
        }
        return self.write([Change(before, event, sets, words_beside(event, Actor.POLICE, words))])

    def resume(self, report_id: str, expected_version: int, words: Words | None = None) -> Current:
        """Let the clock of a case go on before its day, and return the case as it is then.

        Raises `Invalid` where it does not stand; `NotFound`, `Conflict` and `Unavailable`.
        """
        before = self.expected(report_id, expected_version)
        why = acts.check(Act.RESUME, Status(before.status), None, "version")
        if before.pause_until is None or not is_paused(before, self.now):
            raise Invalid([FieldFault("version", Fault.NOT_PAUSED)])
        event = self.event(before, Act.RESUME, Actor.POLICE, reason=why)
        left = keys.moment(before.pause_until) - keys.moment(event.at)
        sets = {"paused": None, "pause_reason": None, "pause_until": None, **_shifted(before, -left)}
        return self.write([Change(before, event, sets, words_beside(event, Actor.POLICE, words))])


def _shifted(before: Current, by: timedelta) -> dict[str, Any]:
    """Return the deadlines of a case that is being checked, and its place in the queue, shifted alike."""
    moved = {
        name: keys.instant(keys.moment(due) + by)
        for name, due in (("due_verify", before.due_verify), ("recheck", before.recheck))
        if due is not None
    }
    return {**moved, **queued(before, before.unit, moved.get("recheck") or moved.get("due_verify"))}
