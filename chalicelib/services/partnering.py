"""What an institution does with the cases that were passed on to it: it looks at its list, and answers.

"Done" changes no status: the police have the last word, and are told. "Not ours" gives the case back to its unit in the
same transaction, for nobody is left who would act. The same answer again changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.alerting import PARTNER_ANSWERED
from chalicelib.domain.calendar import day_of, next_midnight
from chalicelib.domain.errors import AlreadyAnswered, Conflict, NotFound, PartnerUsed, Unavailable
from chalicelib.domain.instance import Instance
from chalicelib.domain.partners import ANSWERS_A_DAY, Listed, Verdict
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Actor, Reason
from chalicelib.services.casebook import Words, words_beside
from chalicelib.services.casework import Casework
from chalicelib.services.cursors import cursor_of, position_of
from chalicelib.store import keys, partner_cases, step
from chalicelib.store.accept import RETRY_AFTER
from chalicelib.store.budgets import Tally
from chalicelib.store.partner_cases import Answered, PassedOn
from chalicelib.store.partners import Partner
from chalicelib.store.quota import Salts
from chalicelib.store.step import AlsoRefused, Change, Current

ANSWER = "partner_answer"

PAGE = 25
"""How many cases a page has; they are read with one request."""

TRIES = 5
"""How often an answer is thought out anew because the case has changed under it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `cursor` asks for the next, None after the last."""

    cases: tuple[PassedOn, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Partnering:
    """The use case at one moment, for one institution; `may_write` counts one deed of the day."""

    instance: Instance
    partner: Partner
    now: datetime
    may_write: Callable[[], bool]

    @classmethod
    def of(cls, instance: Instance, partner: Partner, now: datetime, salts: Salts) -> Partnering:
        """Return the use case with the institution's count of the day, which is kept as quotas are."""

        def may_write() -> bool:
            day = day_of(now, instance.zone)
            salted = salts.of_day(day, instance.zone)
            return Tally.of(salted, day, ("partner", partner.code, ""), ANSWERS_A_DAY).spend()

        return cls(instance, partner, now, may_write)

    def cases(self, listed: Listed, cursor: str | None) -> Page:
        """Return a page of a list: what waits, the oldest first, or what is answered, the newest first.

        Raises `Invalid` for a cursor that is none.
        """
        after = None if cursor is None else position_of(cursor)
        found = partner_cases.positions(self.partner.code, listed, after, PAGE + 1)
        shown = found[:PAGE]
        cases = partner_cases.many([position.partition("#")[2] for position in shown], self.partner.code)
        # The index may be a moment behind: what was answered or taken back since is left out.
        current = tuple(each for each in cases if each.is_listed and (each.answered is None) is (listed is Listed.OPEN))
        return Page(current, cursor_of(shown[-1]) if len(found) > PAGE else None)

    def answer(self, report_id: str, verdict: Verdict, text: str | None, whose: str | None) -> PassedOn:
        """Take an answer and return the case after it; the same again changes nothing.

        Raises `NotFound` alike for an unknown case, another's, and one that was taken back; `AlreadyAnswered` for
        another answer than the one that was given, `PartnerUsed`, `Unavailable`.
        """
        counted = False
        for _ in range(TRIES):
            # The case before its listing: where it has changed in between, its version is the older one, and refused.
            before = step.current(report_id)
            passed = self._passed(report_id)
            if before is None or passed is None:
                raise NotFound
            if passed.answered is not None:
                return self._again(passed, verdict, text, whose)
            if before.status != Status.PASSED_ON or before.passed_to != self.partner.code:
                # Between the two reads an officer has taken it back, or passed it on.
                continue
            if not counted and not self.may_write():
                over = next_midnight(self.now, self.instance.zone) - self.now
                raise PartnerUsed(math.ceil(over.total_seconds()))
            counted = True
            try:
                self._write(before, verdict, text, whose)
            except (AlsoRefused, Conflict):
                continue
            answered = self._passed(report_id)
            if answered is not None:
                return answered
        raise Unavailable(RETRY_AFTER)

    def _passed(self, report_id: str) -> PassedOn | None:
        found = partner_cases.many([report_id], self.partner.code)
        return next((each for each in found if each.is_listed), None)

    def _again(self, passed: PassedOn, verdict: Verdict, text: str | None, whose: str | None) -> PassedOn:
        given = passed.answered
        if given is None or (given.answer, given.text, given.whose) != (verdict, text, whose):
            raise AlreadyAnswered(passed.report.status)
        return passed

    def _write(self, before: Current, verdict: Verdict, text: str | None, whose: str | None) -> None:
        casework = Casework(self.instance, self.now)
        if verdict is Verdict.NOT_OURS:
            change = casework.step(before, Status.CONFIRMED, Reason.RETURNED, Actor.PARTNER)
            event, sets = change.event, dict(change.sets)
        else:
            event = casework.event(before, ANSWER, Actor.PARTNER)
            sets = {"passed_answer": verdict.value}
        event.answer, event.partner, event.addressee = verdict.value, self.partner.code, before.passed_name
        # An institution's words are for the police; what everybody may know is what it answered.
        said = words_beside(event, Actor.PARTNER, Words(note=text), whose=whose)
        alert = casework.alert(before, event, PARTNER_ANSWERED)
        given = Answered(verdict, text, whose, keys.moment(event.at))
        moved = partner_cases.answering(before.id, self.partner.code, int(event.seq), given)
        casework.write([Change(before, event, sets, said, alert, moved)])
