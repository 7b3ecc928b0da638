"""Mailing the patrol plans on Monday: each unit with addresses of its own gets the first rows of its plan, once a week.

    for each unit: plan ──► claim ──► turn ──► mail
                     │        │ killed here: this one mail is lost, never sent twice
                     └ no rows: no mail

A mail counts among those that a unit may get within an hour; where they are used up, the next run sends it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.clock import Clock
from chalicelib.domain.calendar import day_of
from chalicelib.domain.instance import Instance
from chalicelib.domain.units import Unit
from chalicelib.notify.plan import render
from chalicelib.notify.plan_words import PlanWords
from chalicelib.services.alerts import code_of
from chalicelib.services.mailboxes import Mailbox, Mailboxes
from chalicelib.services.mailing import Mailing, is_unsent
from chalicelib.services.plan_files import Week
from chalicelib.services.plans import Plans
from chalicelib.store import plan_mails, turns

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PlanMails:
    """One run. `has_time` tells whether another mail may be begun."""

    plans: Plans
    mailing: Mailing
    mailboxes: Mailboxes
    instance: Instance
    site_url: str
    clock: Clock
    has_time: Callable[[], bool]

    def run(self) -> tuple[Week, Counter[str]]:
        """Mail this week's plans; return the week, and how many mails ended how, without a name."""
        week = Week.of(day_of(self.clock(), self.instance.zone))
        done = Counter[str]()
        for unit in self.instance.units:
            if not self.has_time():
                done["left"] += 1
                continue
            done[self._unit(unit, week)] += 1
        return week, done

    def _unit(self, unit: Unit, week: Week) -> str:
        """Mail one unit; return what came of it: no_plan, no_address, empty, taken, full, sent, failed or lost."""
        mailbox = self.mailboxes.of_unit(unit.code)
        if mailbox.unit != unit.code:
            # Whoever stands in for a unit gets its alerts; plans of other units would bury their own.
            return "no_address"
        plan = self.plans.plan(week, unit.code)
        if plan is None:
            return "no_plan"
        if not plan["rows"]:
            return "empty"
        if not plan_mails.claim(unit.code, str(week)):
            return "taken"
        turn = turns.take(mailbox.owner, self.clock(), mailbox.limit, bulletin=True)
        if turn is None:
            plan_mails.give_back(unit.code, str(week))
            return "full"
        return self._send(plan, unit, week, mailbox, turn)

    def _send(self, plan: dict[str, Any], unit: Unit, week: Week, mailbox: Mailbox, turn: turns.Turn) -> str:
        words = PlanWords.of(self.instance.default_language, self.instance)
        try:
            self.mailing.send(mailbox.addresses, render(plan, unit, words, self.site_url), **mailbox.tags)
        # Whatever is wrong with one unit's mail, the others must have theirs.
        except Exception as error:  # noqa: BLE001
            _log.warning("plan not mailed: unit=%s error=%s", unit.code, code_of(error))
            if not is_unsent(error):
                # It may be out: a plan too few is better than one too many.
                return "lost"
            turns.give_back(turn)
            plan_mails.give_back(unit.code, str(week))
            return "failed"
        return "sent"
