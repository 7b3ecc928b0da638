"""What everybody who changes a case does alike: look at the version they know, write one event, say what is wrong.

Whoever takes a step, an officer, the reporter or the map itself, names the version of the case that the decision rests
on; where the case has changed meanwhile, nothing is written and `Conflict` tells how it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib.domain import text
from chalicelib.domain.calendar import day_of
from chalicelib.domain.checks import Window, windows
from chalicelib.domain.errors import Conflict, Invalid, NotFound
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.instance import Instance
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN, Actor
from chalicelib.store import keys, step
from chalicelib.store.accept import Also
from chalicelib.store.models import EventItem, OutboxItem, TextItem
from chalicelib.store.step import Change, Current, Stale


@dataclass(frozen=True, slots=True)
class Words:
    """Words beside an event: `public` for the reporter, `note` for the police alone; both cleaned."""

    public: str | None = None
    note: str | None = None

    @classmethod
    def of(cls, public: str | None = None, note: str | None = None) -> Words:
        """Clean what an officer wrote; raises `Invalid` with the faults of `public_note` and `note` together."""
        given = {"public_note": public, "note": note}
        cleaned, faults = dict[str, str | None](), list[FieldFault]()
        for name, words in given.items():
            try:
                cleaned[name] = None if words is None else text.clean(words, field=name) or None
            except Invalid as invalid:
                faults.extend(invalid.faults)
        if faults:
            raise Invalid(faults)
        return cls(cleaned["public_note"], cleaned["note"])


@dataclass(frozen=True, slots=True)
class Casebook:
    """The cases at one moment, for one who changes them.

    `also` joins every transaction, as an officer's audit does. `key` is the hash of the key under which a deed was
    sent: it stands on the event, so that a repetition is known for what it is. `sees` tells of a unit's
    code whether its cases are in sight; others are not there.
    """

    instance: Instance
    now: datetime
    also: Also | None = None
    key: str | None = None
    sees: Callable[[str], bool] = lambda _: True

    def expected(self, report_id: str, version: int) -> Current:
        """Return a case at the version that the caller knows; raises `NotFound` and `Conflict`."""
        before = self.in_sight(report_id)
        if before.version != version:
            raise conflict(before)
        return before

    def in_sight(self, report_id: str) -> Current:
        """Return a case as it stands; raises `NotFound` alike where it is not there and where it is not in sight."""
        before = self.after(report_id)
        if not self.sees(before.unit):
            raise NotFound
        return before

    @staticmethod
    def after(report_id: str) -> Current:
        """Return a case as it stands; raises `NotFound`."""
        found = step.current(report_id)
        if found is None:
            raise NotFound
        return found

    def write(self, changes: Sequence[Change], also: Also | None = None) -> Current:
        """Write changes, all or nothing, and return the first one's case after them; `also` joins the transaction.

        Raises `Conflict`, `Invalid` for words to a case that is closed, `Unavailable` and `store.step.AlsoRefused`.
        """
        if any(map(_comes_too_late, changes)):
            raise Invalid([FieldFault("text", Fault.CLOSED)])
        report_id = changes[0].before.id
        try:
            step.take(changes, joined(self.also, also))
        except Stale:
            raise conflict(self.after(report_id)) from None
        return self.after(report_id)

    def event(self, before: Current, kind: str, by: Actor, to: Status | None = None, **said: Any) -> EventItem:
        """Return a case's next event; `said` are further attributes by their names in the model."""
        sequence, at = before.version + 1, self._at(before)
        day = day_of(keys.moment(at), self.instance.zone).isoformat()
        return EventItem(
            keys.report(before.id),
            keys.event(sequence),
            g1pk=keys.day_feed(day, keys.shard(before.id)),
            g1sk=keys.at_id_sequence(at, before.id, sequence),
            id=before.id,
            seq=sequence,
            type=kind,
            at=at,
            from_status=None if to is None else before.status,
            status=before.status if to is None else to.value,
            by=by.value,
            key=self.key,
            **said,
        )

    def alert(self, before: Current, event: EventItem, kind: str, unit: str | None = None) -> OutboxItem:
        """Return what a unit is told of an event: the case's own unit, unless another is named."""
        receiver = unit or before.unit
        return OutboxItem(
            keys.outbox(keys.shard(before.id)),
            keys.at_id_sequence(event.at, before.id, int(event.seq)),
            id=before.id,
            seq=event.seq,
            kind=kind,
            unit=receiver,
            garrison=self.instance.units.garrison(receiver).code,
            category=before.category,
            priority=self.instance.catalogue.categories[before.category].priority,
            at=event.at,
            attempts=0,
        )

    def _at(self, before: Current) -> str:
        # Clocks differ between processes: a later event is never given an earlier time, nor the same, so that the
        # order by time, in which alerts leave, is the order of the events.
        return keys.instant(max(self.now, keys.moment(before.latest) + timedelta(milliseconds=1)))


def joined(*parts: Also | None) -> Also | None:
    """Return one write that does what all the parts do; None where there is none."""
    writes = [part for part in parts if part is not None]

    def join(transaction: TransactWrite) -> None:
        for write in writes:
            write(transaction)

    return join if writes else None


def conflict(now: Current) -> Conflict:
    """Return the refusal that tells how a case stands."""
    return Conflict(now.status, now.reason, now.version)


def words_beside(event: EventItem, by: Actor, words: Words | None, **besides: str | None) -> TextItem | None:
    """Return the item of the words beside an event, or None where nothing was said; `besides` are further ones."""
    given = words or Words()
    said: dict[str, Any] = {"text": given.public, "note": given.note, **besides}
    if all(each is None for each in said.values()):
        return None
    return TextItem(event.pk, keys.text(int(event.seq)), by=by.value, **said)


def windows_of(before: Current) -> tuple[Window, ...]:
    """Return the windows that have been looked in since a case was taken up last."""
    return windows(before.checked)


def is_paused(case: Current, now: datetime) -> bool:
    """Tell whether the clock of a case stands: a pause that has reached its end is over without anybody's doing."""
    return case.pause_until is not None and now < keys.moment(case.pause_until)


def due_of(case: Current) -> str | None:
    """Return what a case waits for next, as an instant: its take-up, the second look or the verdict; None for none."""
    match case.status:
        case Status.NEW:
            return case.due_take_up
        case Status.VERIFYING:
            return case.recheck or case.due_verify
        case _:
            return None


def queued(case: Current, unit: str, due: str | None) -> dict[str, str]:
    """Return where an open case stands in a unit's queue."""
    return {"g2pk": keys.open_queue(unit), "g2sk": keys.at_id(due or keys.NO_DUE, case.id)}


def _comes_too_late(change: Change) -> bool:
    """Tell whether words would be added to a case that is closed and stays so.

    The night looks at a case when what was there at its closing goes: of what came later nobody would think for a year.
    """
    return change.text is not None and Status(change.before.status) not in OPEN and "closed" not in change.sets
