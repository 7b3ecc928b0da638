"""Moving a case: the steps of the table, the police's one question, and merging.

Whoever takes a step, an officer, the reporter or the map itself, names the version of the case that the decision rests
on; where the case has changed meanwhile, nothing is written and `Conflict` tells how it stands. A step of the reporter
or of the map is told to the unit; an officer's is not: the unit has taken it.

Words are added to an open case, or with the step that opens or closes one: whatever is there at the closing goes in the
night that counts from it, and nothing comes later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import answers, sighting, text
from chalicelib.domain.answers import Answer
from chalicelib.domain.calendar import day_of
from chalicelib.domain.deadlines import verify_due
from chalicelib.domain.errors import Conflict, Fault, FieldFault, Invalid, NotFound, Unavailable
from chalicelib.domain.instance import Instance
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN, Actor, Reason, check
from chalicelib.services.followup import reported_times
from chalicelib.store import keys, reports, sightings, step
from chalicelib.store.accept import RETRY_AFTER, Also
from chalicelib.store.models import EventItem, OutboxItem, SightingItem, TextItem
from chalicelib.store.step import Change, Current, Stale

STATUS = "status"
QUESTION = "question"
ANSWER = "answer"
SIGHTING_MERGED = "sighting_merged"

WITHDRAWN = "withdrawn"
REOPENED = "reopened"
ANSWERED = "answered"

TRIES = 5
"""How often a merger is thought out anew because the other case has changed."""

_ALERTS = {Status.WITHDRAWN: WITHDRAWN, Status.VERIFYING: REOPENED}
"""What the unit is told of a step that it has not taken itself, by the status that the step leads to."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words beside an event: `public` for the reporter, `note` for the police alone; both cleaned."""

    public: str | None = None
    note: str | None = None

    @classmethod
    def of(cls, public: str | None = None, note: str | None = None) -> "Words":
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
class Casework:
    """The use case at one moment."""

    instance: Instance
    now: datetime

    def take_step(
        self,
        report_id: str,
        to: Status,
        reason: str | None,
        actor: Actor,
        expected_version: int,
        words: Words | None = None,
        also: Also | None = None,
    ) -> Current:
        """Take one step of the table and return the case after it; `also` joins its transaction.

        Raises `NotFound`, `Conflict`, `Invalid` (a step or a reason that the table does not have for this actor),
        `Unavailable`, and `store.step.AlsoRefused` where a condition of `also` does not hold. For a merger see `merge`.
        """
        before = self._expected(report_id, expected_version)
        if to is Status.MERGED:
            raise Invalid([FieldFault("to", Fault.STEP_NOT_ALLOWED, {"source": before.status, "target": to})])
        return self._write([self._step(before, to, reason, actor, words)], also)

    def ask(self, report_id: str, question: str, expected_version: int) -> Current:
        """Put the police's one question to the reporter and return the case after it.

        Raises `Invalid` for a text that is empty, too long or holds control characters, for a second question and for a
        case that is closed; `NotFound`, `Conflict` and `Unavailable` as `take_step` does.
        """
        cleaned = text.clean(question, field="text")
        before = self._expected(report_id, expected_version)
        faults = [] if cleaned else [FieldFault("text", Fault.MISSING)]
        if before.asked is not None:
            faults.append(FieldFault("text", Fault.TOO_MANY, {"limit": answers.QUESTIONS}))
        if Status(before.status) not in OPEN:
            faults.append(FieldFault("text", Fault.CLOSED))
        if faults:
            raise Invalid(faults)
        event = self._event(before, QUESTION, by=Actor.POLICE)
        said = _text(event, Actor.POLICE, Words(cleaned))
        return self._write([Change(before, event, {"asked": event.seq}, said)])

    def answer(self, before: Current, answer: Answer, said: str | None = None) -> Current:
        """Note a reporter's answer that changes no status: words to the police's question, or that it is gone.

        Whether it may be given is the caller's to say, of the very version that it passes. Raises `Invalid` for words
        to a closed case, `Conflict` and `Unavailable`.
        """
        event = self._event(before, ANSWER, by=Actor.REPORTER, answer=answer)
        sets = {"answered": event.seq} if answer is Answer.TEXT else {}
        words = _text(event, Actor.REPORTER, Words(said))
        return self._write([Change(before, event, sets, words, self._alert(before, event, ANSWERED))])

    def merge(self, report_id: str, into: str, expected_version: int, words: Words | None = None) -> Current:
        """Merge a new case into another that lasts, and return it as it is then.

        Both cases note it, each naming the other, and what this one was seen is left on the other. Raises `Invalid` for
        the field `into` where that case is the same one, is not there, or has left the map for good, and what
        `take_step` raises.
        """
        for _ in range(TRIES):
            before = self._expected(report_id, expected_version)
            merged = self._step(before, Status.MERGED, Reason.SAME_CASE, Actor.POLICE, words, other=into)
            target = None if into == report_id else step.current(into)
            if target is None or Status(target.status) in {Status.MERGED, Status.WITHDRAWN, Status.JOKE}:
                raise Invalid([FieldFault("into", Fault.NOT_MERGEABLE)])
            joined = Change(target, self._event(target, SIGHTING_MERGED, by=Actor.POLICE, other=report_id))
            left = self._sightings(report_id, into)
            try:
                step.take([merged, joined], _saving(left))
            except Stale:
                continue
            # Whoever saw it between the look and the merger is in neither count; from now on nobody can.
            last = self._sightings(report_id, into)
            if last.sources != left.sources:
                last.save()
            return self._after(report_id)
        raise Unavailable(RETRY_AFTER)

    def _sightings(self, report_id: str, into: str) -> SightingItem:
        """Return what a case leaves on another: one consistent read."""
        found = reports.sighted(report_id, consistent=True)
        if found is None:
            raise NotFound
        seen = sighting.fold(reported_times(found[0], self.instance), found[1])
        day = day_of(self.now, self.instance.zone)
        return sightings.merged_item(report_id, into, keys.instant(self.now), day, seen)

    def _step(
        self,
        before: Current,
        to: Status,
        reason: str | None,
        actor: Actor,
        words: Words | None,
        other: str | None = None,
    ) -> Change:
        check(Status(before.status), to, reason, actor)
        event = self._event(before, STATUS, by=actor, to=to, reason=reason, other=other)
        sets = {"status": to.value, "reason": reason, "into": other, **self._times(before, to, event.at)}
        kind = None if actor is Actor.POLICE else _ALERTS.get(to)
        alert = None if kind is None else self._alert(before, event, kind)
        return Change(before, event, sets, _text(event, actor, words), alert)

    def _times(self, before: Current, to: Status, at: str) -> dict[str, str | None]:
        """Return what a step does to deadlines, the queue of open cases and the list of closed ones."""
        if to not in OPEN:
            day = day_of(keys.moment(at), self.instance.zone).isoformat()
            return {"resolved": at, "closed": day, "g2pk": keys.closed(day), "g2sk": keys.at_id(at, before.id)}
        due, verify = keys.NO_DUE, before.due_verify
        if to is Status.VERIFYING:
            # Taken up or opened again: the days of the verdict run from now.
            category = self.instance.catalogue.categories[before.category]
            due = verify = keys.instant(verify_due(category, keys.moment(at)))
        queue = {"g2pk": keys.open_queue(before.unit), "g2sk": keys.at_id(due, before.id)}
        return {"resolved": None, "closed": None, "due_verify": verify, **queue}

    def _event(
        self,
        before: Current,
        kind: str,
        *,
        by: Actor,
        to: Status | None = None,
        reason: str | None = None,
        other: str | None = None,
        answer: Answer | None = None,
    ) -> EventItem:
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
            reason=reason,
            by=by.value,
            answer=None if answer is None else answer.value,
            other=other,
        )

    def _at(self, before: Current) -> str:
        # Clocks differ between processes: a later event is never given an earlier time, nor the same, so that the
        # order by time, in which alerts leave, is the order of the events.
        return keys.instant(max(self.now, keys.moment(before.latest) + timedelta(milliseconds=1)))

    def _alert(self, before: Current, event: EventItem, kind: str) -> OutboxItem:
        return OutboxItem(
            keys.outbox(keys.shard(before.id)),
            keys.at_id_sequence(event.at, before.id, int(event.seq)),
            id=before.id,
            seq=event.seq,
            kind=kind,
            unit=before.unit,
            garrison=self.instance.units.garrison(before.unit).code,
            category=before.category,
            priority=self.instance.catalogue.categories[before.category].priority,
            at=event.at,
            attempts=0,
        )

    def _expected(self, report_id: str, version: int) -> Current:
        before = self._after(report_id)
        if before.version != version:
            raise _conflict(before)
        return before

    def _write(self, changes: Sequence[Change], also: Also | None = None) -> Current:
        if any(map(_comes_too_late, changes)):
            raise Invalid([FieldFault("text", Fault.CLOSED)])
        report_id = changes[0].before.id
        try:
            step.take(changes, also)
        except Stale:
            raise _conflict(self._after(report_id)) from None
        return self._after(report_id)

    @staticmethod
    def _after(report_id: str) -> Current:
        found = step.current(report_id)
        if found is None:
            raise NotFound
        return found


def _saving(item: SightingItem) -> Also:
    return lambda transaction: transaction.save(item)


def _comes_too_late(change: Change) -> bool:
    """Tell whether words would be added to a case that is closed and stays so.

    The night looks at a case when what was there at its closing goes: of what came later nobody would think for a year.
    """
    return change.text is not None and Status(change.before.status) not in OPEN and "closed" not in change.sets


def _conflict(now: Current) -> Conflict:
    return Conflict(now.status, now.reason, now.version)


def _text(event: EventItem, by: Actor, words: Words | None) -> TextItem | None:
    if words is None or (words.public is None and words.note is None):
        return None
    return TextItem(event.pk, keys.text(int(event.seq)), by=by.value, text=words.public, note=words.note)
