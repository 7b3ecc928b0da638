"""Delivering an alert: to the garrison's topic for machines, then to the unit, by mail or into its next bulletin.

What is urgent is mailed at once, as long as the mailbox's hour allows it; all else waits for the next quarter's
bulletin. A new report of the second tier (over a soft budget) goes to the topic alone, which says its tier.

A case that is passed on to an institution is mailed to it at once, as long as its own hour allows it, and waits in the
outbox where not; the unit knows of it already.

At least once, and twice only where nobody can know (see `chalicelib.store.outbox`). An alert that fails is given
back: twice at once, for a passing fault, and then with growing pauses, so that an outage of two hours parks nothing
and one alert that can never be delivered holds up no other.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.clock import Clock
from chalicelib.domain.alerting import MAILS_PER_HOUR, PASSED_ON, at_once
from chalicelib.domain.instance import Instance
from chalicelib.domain.report import Tier
from chalicelib.domain.trace import Trace
from chalicelib.notify.case import Case
from chalicelib.notify.mail import Mail, render
from chalicelib.notify.partner import render as partner_mail
from chalicelib.notify.topic import message
from chalicelib.notify.words import Words
from chalicelib.services import telling
from chalicelib.services.case import ACCEPTED
from chalicelib.services.casework import WITHDRAWN
from chalicelib.services.mailboxes import Mailboxes
from chalicelib.services.mailing import Mailing, is_unsent
from chalicelib.services.place_names import PlaceNames
from chalicelib.services.take_up_links import TakeUpLinks
from chalicelib.settings import Settings
from chalicelib.store import bulletins, outbox, partners, turns
from chalicelib.store.reading import Unreadable
from chalicelib.tracing import Kind, span

if TYPE_CHECKING:
    from chalicelib.store.alert import Alert

PARTNER = "partner-"
"""Begins the owner of an institution's hour: no unit is called so."""

LEASE = timedelta(seconds=150)
"""How long a claim holds: longer than any function that claims may run, so that no two holders are at work at once."""

WAIT = timedelta(minutes=15)
"""How long an alert waits for an institution's mailbox that is full."""

PAUSES = (0, 0, 5, 10, 20, 40, 60)
"""Minutes to wait after the first, second … failed attempt; none after the last, which parks."""

_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of one attempt."""

    DELIVERED = "delivered"
    ABSENT = "absent"
    """Delivered before, or parked."""
    HELD = "held"
    """In another's hands, or pausing: the sweeper stands behind it."""
    FAILED = "failed"
    """Given back, to be tried again at once."""
    PAUSED = "paused"
    """Given back, to be tried again by the sweeper."""
    UNREADABLE = "unreadable"
    """Left where it is: to try again helps nobody."""


class MailboxFull(Exception):
    """The institution has had its mails of the hour: the alert waits."""


class LeaseLost(Exception):
    """The alert was claimed by another while it was being delivered."""


@dataclass(frozen=True, slots=True)
class Alerts:
    """Delivers alerts; `sns` and `ses` are clients of SNS and of SES version 2."""

    sns: Any
    ses: Any
    settings: Settings
    instance: Instance
    names: PlaceNames
    links: TakeUpLinks
    clock: Clock

    def deliver(self, partition: str, sort_key: str) -> Outcome:
        """Deliver the alert under a key of the outbox, after all earlier ones of the same report."""
        try:
            alert = outbox.find(partition, sort_key)
        except Unreadable:
            return Outcome.UNREADABLE
        if alert is None:
            return Outcome.ABSENT
        for before in outbox.earlier(alert) if alert.seq > 1 else ():
            outcome = self._attempt(before)
            if outcome is not Outcome.DELIVERED:
                return outcome
        return self._attempt(alert)

    def _attempt(self, alert: Alert) -> Outcome:
        now = self.clock()
        claimed = outbox.claim(alert, now, now + LEASE)
        if claimed is None:
            return Outcome.HELD
        try:
            with span("alert", Kind.CONSUMER, Trace.parse(claimed.trace)) as opened:
                opened.note(alert__kind=claimed.kind, alert__attempt=claimed.attempts)
                self._send(claimed)
        except LeaseLost:
            return Outcome.HELD
        except MailboxFull:
            outbox.postpone(claimed, self.clock() + WAIT)
            return Outcome.PAUSED
        # Whatever is wrong with one alert, the others must go out: it is counted, noted and given back.
        except Exception as error:  # noqa: BLE001
            return self._give_back(claimed, error)
        return Outcome.DELIVERED

    def _send(self, claimed: Alert) -> None:
        case = telling.case_of(claimed, self.instance, self.names)
        if not claimed.published:
            self._publish(case)
            if not outbox.mark_published(claimed):
                raise LeaseLost
        if case.kind == PASSED_ON:
            self._ask(case)
        elif not _is_held_back(case) and not (at_once(case.kind, case.priority) and self._mail(case)):
            box = self.mailboxes.box_for(case.kind, case.unit)
            if not bulletins.enter(claimed, str(box), self.clock()):
                raise LeaseLost
            return
        outbox.finish(claimed)

    def _publish(self, case: Case) -> None:
        told = message(case, self.settings.site_url)
        topic = f"{self.settings.topic_prefix}{case.garrison}"
        self.sns.publish(
            TopicArn=topic, Message=told.structure, MessageStructure="json", MessageAttributes=told.attributes
        )

    def _ask(self, case: Case) -> None:
        """Mail a case to the institution that it was passed on to; raises `MailboxFull`.

        One without an address that takes mail finds the case on its list, and machines have been told.
        """
        partner = None if case.partner is None else partners.find(case.partner)
        if partner is None or not partner.addresses:
            _log.warning("no address: event=%s partner=%s", case.event, case.partner)
            return
        turn = turns.take(f"{PARTNER}{partner.code}", self.clock(), MAILS_PER_HOUR)
        if turn is None:
            raise MailboxFull
        language = self.instance.default_language
        words, place = Words.of(language, self.instance.zone), telling.partner_place(case, self.instance)
        mail = partner_mail(case, place, words, language, self.settings.site_url)
        self._leave(turn, partner.addresses, mail, partner=partner.code)

    def _leave(self, turn: turns.Turn, addresses: Sequence[str], mail: Mail, **tags: str) -> None:
        try:
            self.mailing.send(addresses, mail, **tags)
        except Exception as error:
            if is_unsent(error):
                turns.give_back(turn)
            raise

    def _mail(self, case: Case) -> bool:
        """Mail a case by itself; false where the mailbox has had its mails of the hour."""
        mailbox = self.mailboxes.of_unit(case.unit)
        turn = turns.take(mailbox.owner, self.clock(), mailbox.limit)
        if turn is None:
            return False
        language = self.instance.default_language
        told = replace(self.links.on(case), stand_in=mailbox.stand_in)
        mail = render(told, Words.of(language, self.instance.zone), language, self.settings.site_url)
        self._leave(turn, mailbox.addresses, mail, **mailbox.tags)
        return True

    @property
    def mailing(self) -> Mailing:
        """The way out."""
        return Mailing(self.ses, self.settings.mail_sender)

    @property
    def mailboxes(self) -> Mailboxes:
        """Who gets what."""
        return Mailboxes(self.instance, self.settings.fallback_address)

    def _give_back(self, claimed: Alert, error: Exception) -> Outcome:
        pause = PAUSES[claimed.attempts - 1] if claimed.attempts <= len(PAUSES) else 0
        until = self.clock() + timedelta(minutes=pause) if pause else None
        code = code_of(error)
        _log.warning(
            "alert failed: event=%s attempt=%d error=%s at=%s", claimed.event, claimed.attempts, code, spot(error)
        )
        outbox.release(claimed, code, until)
        return Outcome.PAUSED if until else Outcome.FAILED


def _is_held_back(case: Case) -> bool:
    # A network over its budget must not fill a unit's mailbox: the topic has been told, the case waits in the queue.
    # What it takes back the unit has not heard of; whatever else there is to tell comes after an officer's step.
    return case.tier is Tier.HELD and case.kind in {ACCEPTED, WITHDRAWN}


def code_of(error: Exception) -> str:
    """Return a failure's name for the log: never the message, for services quote addresses in it."""
    if isinstance(error, ClientError):
        return f"{error.operation_name}:{error.response['Error']['Code']}"
    return type(error).__name__


def spot(error: Exception) -> str:
    """Return where a failure arose."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.name}:{frame.lineno}"
