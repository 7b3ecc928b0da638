"""Moving a case: the steps of the table, the police's one question, and merging.

A step of the reporter or of the map is told to the unit; an officer's is not: the unit has taken it. That nothing was
there closes a case only when it has been looked for twice (`domain.checked`): the first time the case stays open, with
a day until which the unit looks again.

Words are added to an open case, or with the step that opens or closes one: whatever is there at the closing goes in the
night that counts from it, and nothing comes later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import acts, answers, checked, sighting, text
from chalicelib.domain.acts import Act
from chalicelib.domain.addressee import Addressee
from chalicelib.domain.alerting import PASSED_ON
from chalicelib.domain.answers import Answer
from chalicelib.domain.calendar import day_of
from chalicelib.domain.checks import Window
from chalicelib.domain.deadlines import recheck_due, verify_due
from chalicelib.domain.errors import Invalid, NotFound, Unavailable
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.report import Status
from chalicelib.domain.steps import CHECKABLE, NEEDS, OPEN, TWICE, Actor, Need, Reason, check
from chalicelib.services.casebook import Casebook, Words, joined, queued, windows_of, words_beside
from chalicelib.services.followup import reported_times
from chalicelib.store import keys, partner_cases, reports, sightings, step
from chalicelib.store.accept import RETRY_AFTER, Also
from chalicelib.store.models import EventItem, SightingItem
from chalicelib.store.step import Change, Current, Stale

STATUS = "status"
QUESTION = "question"
ANSWER = "answer"
SIGHTING_MERGED = "sighting_merged"
RECHECK = "recheck"

WITHDRAWN = "withdrawn"
REOPENED = "reopened"
ANSWERED = "answered"

TRIES = 5
"""How often a merger is thought out anew because the other case has changed."""

_LEFT_THE_MAP = frozenset({Status.MERGED, Status.WITHDRAWN, Status.JOKE})
"""Nothing is merged into a case that has gone for good."""

_ALERTS = {Status.WITHDRAWN: WITHDRAWN, Status.VERIFYING: REOPENED}
"""What the unit is told of a step that it has not taken itself, by the status that the step leads to."""


@dataclass(frozen=True, slots=True)
class Casework(Casebook):
    """The use case at one moment."""

    def take_step(
        self,
        report_id: str,
        to: Status,
        reason: str | None,
        actor: Actor,
        expected_version: int,
        words: Words | None = None,
        also: Also | None = None,
        *,
        looked: Sequence[Window] = (),
        addressee: Addressee | None = None,
    ) -> Current:
        """Take one step of the table and return the case after it; `also` joins its transaction.

        `looked` are the windows that the police looked in, `addressee` is the body that a case is passed on to. Where
        the table wants a second look, the case comes back as it was, with the first one noted.
        Raises `NotFound`, `Conflict`, `Invalid` (a step or a reason that the table does not have for this actor, or
        what the reason needs is missing), `Unavailable`, and `store.step.AlsoRefused` where a condition of `also` does
        not hold. For a merger see `merge`.
        """
        before = self.expected(report_id, expected_version)
        if to is Status.MERGED:
            raise Invalid([FieldFault("to", Fault.STEP_NOT_ALLOWED, {"source": before.status, "target": to})])
        return self.write([self.step(before, to, reason, actor, words, looked, addressee)], also)

    def step(
        self,
        before: Current,
        to: Status,
        reason: str | None,
        actor: Actor,
        words: Words | None = None,
        looked: Sequence[Window] = (),
        addressee: Addressee | None = None,
    ) -> Change:
        """Return what a step changes, unwritten; raises `Invalid` as `take_step` does."""
        check(Status(before.status), to, reason, actor)
        needed = NEEDS.get(Reason(str(reason)))
        if found := self._faults(before, needed, looked, addressee, actor):
            raise Invalid(found)
        seen = checked.together(windows_of(before), looked)
        if actor is Actor.POLICE and reason in TWICE and not checked.are_enough(seen):
            return self._look_again(before, str(reason), words, looked, seen)
        return self._arrow(before, to, str(reason), actor, words, looked, addressee)

    def ask(self, report_id: str, question: str, expected_version: int) -> Current:
        """Put the police's one question to the reporter and return the case after it.

        Raises `Invalid` for a text that is empty, too long or holds control characters, for a second question and for a
        case that is closed; `NotFound`, `Conflict` and `Unavailable` as `take_step` does.
        """
        cleaned = text.clean(question, field="text")
        before = self.expected(report_id, expected_version)
        faults = [] if cleaned else [FieldFault("text", Fault.MISSING)]
        if before.asked is not None:
            faults.append(FieldFault("text", Fault.TOO_MANY, {"limit": answers.QUESTIONS}))
        if Act.QUESTION not in acts.possible(Status(before.status)):
            faults.append(FieldFault("text", Fault.CLOSED))
        if faults:
            raise Invalid(faults)
        event = self.event(before, QUESTION, Actor.POLICE)
        said = words_beside(event, Actor.POLICE, Words(cleaned))
        return self.write([Change(before, event, {"asked": event.seq}, said)])

    def answer(self, before: Current, answer: Answer, said: str | None = None) -> Current:
        """Note a reporter's answer that changes no status: words to the police's question, or that it is gone.

        Whether it may be given is the caller's to say, of the very version that it passes. Raises `Invalid` for words
        to a closed case, `Conflict` and `Unavailable`.
        """
        event = self.event(before, ANSWER, Actor.REPORTER, answer=answer.value)
        sets = {"answered": event.seq} if answer is Answer.TEXT else {}
        words = words_beside(event, Actor.REPORTER, Words(said))
        return self.write([Change(before, event, sets, words, self.alert(before, event, ANSWERED))])

    def merge(self, report_id: str, into: str, expected_version: int, words: Words | None = None) -> Current:
        """Merge a new case into another that lasts, and return it as it is then.

        Both cases note it, each naming the other, and what this one was seen is left on the other. Raises `Invalid` for
        the field `into` where that case is the same one, is not there, or has left the map for good, and what
        `take_step` raises.
        """
        for _ in range(TRIES):
            before = self.expected(report_id, expected_version)
            merged = self._merger(before, words, into)
            target = None if into == report_id else step.current(into)
            if target is None or not self.sees(target.unit) or Status(target.status) in _LEFT_THE_MAP:
                raise Invalid([FieldFault("into", Fault.NOT_MERGEABLE)])
            joined_by = Change(target, self.event(target, SIGHTING_MERGED, Actor.POLICE, other=report_id))
            left = self._sightings(report_id, into)
            try:
                step.take([merged, joined_by], joined(self.also, _saving(left)))
            except Stale:
                continue
            # Whoever saw it between the look and the merger is in neither count; from now on nobody can.
            last = self._sightings(report_id, into)
            if last.sources != left.sources:
                last.save()
            return self.after(report_id)
        raise Unavailable(RETRY_AFTER)

    def _merger(self, before: Current, words: Words | None, into: str) -> Change:
        check(Status(before.status), Status.MERGED, Reason.SAME_CASE, Actor.POLICE)
        return self._arrow(before, Status.MERGED, Reason.SAME_CASE, Actor.POLICE, words, other=into)

    def _sightings(self, report_id: str, into: str) -> SightingItem:
        """Return what a case leaves on another: one consistent read."""
        found = reports.sighted(report_id, consistent=True)
        if found is None:
            raise NotFound
        seen = sighting.fold(reported_times(found[0], self.instance), found[1])
        day = day_of(self.now, self.instance.zone)
        return sightings.merged_item(report_id, into, keys.instant(self.now), day, seen)

    def _faults(
        self,
        before: Current,
        needed: Need | None,
        looked: Sequence[Window],
        addressee: Addressee | None,
        actor: Actor,
    ) -> list[FieldFault]:
        found = []
        if actor is Actor.POLICE and needed is Need.CHECKED and not looked:
            found.append(FieldFault("checked", Fault.MISSING))
        if looked and (actor is not Actor.POLICE or Status(before.status) not in CHECKABLE):
            found.append(FieldFault("checked", Fault.NOT_WANTED))
        else:
            found += checked.faults(looked, keys.moment(before.created), self.now, self.instance.zone)
        if (addressee is None) == (needed is Need.ADDRESSEE):
            found.append(FieldFault("addressee", Fault.NOT_WANTED if addressee else Fault.MISSING))
        return found

    def _arrow(
        self,
        before: Current,
        to: Status,
        reason: str,
        actor: Actor,
        words: Words | None,
        looked: Sequence[Window] = (),
        addressee: Addressee | None = None,
        other: str | None = None,
    ) -> Change:
        told = {} if addressee is None else {"addressee": addressee.name, "partner": addressee.partner}
        contact, brief = (None, None) if addressee is None else (addressee.contact, addressee.note)
        event = self.event(
            before, STATUS, actor, to, reason=reason, other=other, checked=_spelt(checked.together(looked)), **told
        )
        sets = {
            "status": to.value,
            "reason": reason,
            "into": other,
            **_body(before, to, addressee),
            **_clock(before, to),
        }
        if looked:
            sets["checked"] = _spelt(checked.together(windows_of(before), looked))
        sets |= self._times(before, to, event.at)
        kind = _kind(to, actor, addressee)
        alert = None if kind is None else self.alert(before, event, kind)
        said = words_beside(event, actor, words, contact=contact, brief=brief)
        return Change(before, event, sets, said, alert, _listing(before, event, actor, words, addressee))

    def _look_again(
        self, before: Current, reason: str, words: Words | None, looked: Sequence[Window], seen: Sequence[Window]
    ) -> Change:
        """Note a first look that met nothing; the day of the second is set once, whatever is looked at again."""
        verify = None if before.due_verify is None else keys.moment(before.due_verify)
        category = self.instance.catalogue.categories[before.category]
        due = before.recheck or keys.instant(recheck_due(category, verify, self.now))
        event = self.event(
            before, RECHECK, Actor.POLICE, reason=reason, checked=_spelt(checked.together(looked)), until=due
        )
        sets = {"checked": _spelt(seen), "recheck": due, **queued(before, before.unit, due)}
        return Change(before, event, sets, words_beside(event, Actor.POLICE, words))

    def _times(self, before: Current, to: Status, at: str) -> dict[str, str | None]:
        """Return what a step does to deadlines, the queue of open cases and the list of closed ones."""
        if to not in OPEN:
            day = day_of(keys.moment(at), self.instance.zone).isoformat()
            return {"resolved": at, "closed": day, "g2pk": keys.closed(day), "g2sk": keys.at_id(at, before.id)}
        due, verify = None, before.due_verify
        if to is Status.VERIFYING:
            # Taken up or opened again: the days of the verdict run from now.
            category = self.instance.catalogue.categories[before.category]
            due = verify = keys.instant(verify_due(category, keys.moment(at)))
        return {"resolved": None, "closed": None, "due_verify": verify, **queued(before, before.unit, due)}


def _clock(before: Current, to: Status) -> dict[str, Any]:
    """Return what a step ends: the second look that was due, the pause, and, of a case begun anew, what was checked."""
    if before.status == Status.VERIFYING:
        return dict.fromkeys(("recheck", "paused", "pause_reason", "pause_until"))
    return {"checked": None} if to is Status.VERIFYING else {}


def _body(before: Current, to: Status, addressee: Addressee | None) -> dict[str, Any]:
    """Return who is asked to act after a step: a body that removed the threat itself stays named."""
    if addressee is not None:
        return {"passed_to": addressee.partner, "passed_name": addressee.name, "passed_answer": None}
    if before.passed_name is None or to is Status.ELIMINATED:
        return {}
    return dict.fromkeys(("passed_to", "passed_name", "passed_answer"))


def _kind(to: Status, actor: Actor, addressee: Addressee | None) -> str | None:
    """Return the kind of alert that tells of a step, None where nobody is told."""
    if addressee is not None and addressee.partner is not None:
        return PASSED_ON
    return None if actor is Actor.POLICE else _ALERTS.get(to)


def _listing(
    before: Current, event: EventItem, actor: Actor, words: Words | None, addressee: Addressee | None
) -> Also | None:
    """Return what a step does to the list of an institution: what it was asked and has not answered is taken back."""
    if addressee is not None and addressee.partner is not None:
        public = None if words is None else words.public
        return partner_cases.passing_on(before.id, addressee.partner, event.at, addressee.note, public)
    is_waiting = before.status == Status.PASSED_ON and before.passed_to is not None and before.passed_answer is None
    if not is_waiting or actor is Actor.PARTNER:
        return None
    return partner_cases.taking_back(before.id, str(before.passed_to))


def _spelt(windows: Sequence[Window]) -> list[str] | None:
    return [checked.spelt(window) for window in windows] or None


def _saving(item: SightingItem) -> Also:
    return lambda transaction: transaction.save(item)
