"""How long a unit took over a case, and whether it kept its deadlines: told from the events of the case alone.

The clock is the deadlines' (`chalicelib.domain.deadlines`): a transfer of a new case leaves it 24 hours at least, a
first look that met nothing moves the verdict, a pause moves it by its own length. Paused time is no time of the unit's:
it is in no duration of verification.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import acts
from chalicelib.domain.catalogue import Category
from chalicelib.domain.deadlines import due_at_acceptance, recheck_due, verify_due
from chalicelib.domain.report import Status

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Event:
    """What timing needs of an event: `source` and `target` are statuses, `moved` tells of another unit.

    `until` is the moment at which a pause ends by itself.
    """

    type: str
    at: datetime
    source: str | None
    target: str
    moved: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Whole minutes from acceptance to take-up, from there to the first verdict, from confirmation to elimination.

    None where it has not come so far. Late is what came after it was due; `reopened` counts how often the case came
    back after its closing. Of a case that was reopened the first verification alone is timed: what a unit needs to look
    once more is another thing.
    """

    take_up: int | None = None
    verification: int | None = None
    elimination: int | None = None
    late_take_up: bool = False
    late_verification: bool = False
    reopened: int = 0


def timing(category: Category, events: Iterable[Event]) -> Timing:
    """Return the timing of a case; `events` are in their order, the first may be missing or an import's.

    An imported case knows no hour of its filing and no deadline: it has no durations, but may be reopened.
    """
    clock = _Clock(category)
    for event in events:
        clock.hear(event)
    return clock.found()


@dataclass(slots=True)
class _Clock:
    category: Category
    accepted: datetime | None = None
    due: datetime | None = None
    taken: datetime | None = None
    paused: timedelta = timedelta(0)
    pause: Event | None = None
    rechecked: bool = False
    verified: datetime | None = None
    confirmed: datetime | None = None
    take_up: int | None = None
    verification: int | None = None
    elimination: int | None = None
    late: tuple[bool, bool] = (False, False)
    reopened: int = 0

    def found(self) -> Timing:
        return Timing(self.take_up, self.verification, self.elimination, *self.late, self.reopened)

    def hear(self, event: Event) -> None:
        if event.type == "accepted":
            self.accepted, self.due = event.at, due_at_acceptance(self.category, event.at).take_up
        elif event.type == "status":
            self._step(event)
        elif event.type in {acts.Act.TRANSFER, acts.Act.LOCATION}:
            if event.moved and self.taken is None and self.due is not None:
                self.due = max(self.due, event.at + timedelta(hours=acts.TRANSFER_HOURS))
        elif self.taken is not None and self.verified is None and self.due is not None:
            self._move(event, self.due)

    def _step(self, event: Event) -> None:
        match event.source, event.target:
            case Status.NEW, Status.VERIFYING:
                self._taken_up(event.at)
            case _, Status.VERIFYING:
                self.reopened += 1
            case Status.VERIFYING, _:
                self._judged(event.at)
        if event.target == Status.CONFIRMED and self.confirmed is None:
            self.confirmed = event.at
        if event.target == Status.ELIMINATED and self.elimination is None and self.confirmed is not None:
            self.elimination = _minutes(event.at - self.confirmed)

    def _taken_up(self, at: datetime) -> None:
        if self.accepted is None or self.due is None:
            return
        self.take_up = _minutes(at - self.accepted)
        self.late = (at > self.due, False)
        self.taken, self.due = at, verify_due(self.category, at)

    def _judged(self, at: datetime) -> None:
        if self.taken is None or self.due is None or self.verified is not None:
            return
        self._go_on(at)
        self.verified = at
        self.verification = _minutes(at - self.taken - self.paused)
        self.late = (self.late[0], at > self.due)

    def _move(self, event: Event, due: datetime) -> None:
        """Move what the verdict is due by, as the deed did."""
        if event.type == "recheck" and not self.rechecked:
            self.rechecked, self.due = True, recheck_due(self.category, due, event.at)
        elif event.type == acts.Act.PAUSE and event.until is not None:
            self._go_on(event.at)
            self.pause, self.due = event, due + (event.until - event.at)
        elif event.type == acts.Act.RESUME and self.pause is not None and self.pause.until is not None:
            self.due = due - (self.pause.until - event.at)
            self._go_on(event.at)

    def _go_on(self, at: datetime) -> None:
        """Count the pause that has ended, or ends now."""
        if self.pause is not None and self.pause.until is not None:
            self.paused += min(at, self.pause.until) - self.pause.at
            self.pause = None


def _minutes(duration: timedelta) -> int:
    return duration // _MINUTE
