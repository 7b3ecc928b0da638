"""The test mail: a real mail to a unit's addresses, so that its coordinator knows whether they take any.

It goes the way of alerts, through the same sender and with the same tag, so that one that comes back flags its address.
It counts among the unit's mails of the hour, and there are three of it at most.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.clock import Clock
from chalicelib.domain.alerting import RESERVED
from chalicelib.domain.errors import MailsUsed
from chalicelib.domain.instance import Instance
from chalicelib.domain.unit_settings import TEST_MAILS, working
from chalicelib.domain.units import Unit
from chalicelib.notify.mail import Mail
from chalicelib.notify.trial import render
from chalicelib.notify.words import Words
from chalicelib.services.mailing import Mailing, is_unsent
from chalicelib.store import turns, unit_settings
from chalicelib.store.turns import Turn

_TRIALS = "?"
"""Stands behind a unit's code where its test mails are counted."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The addresses that a test mail has gone to, and those that are flagged."""

    sent_to: tuple[str, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trials:
    """The use case."""

    mailing: Mailing
    instance: Instance
    site_url: str
    clock: Clock

    def ask(self, unit: Unit, asked_by: str, note: Callable[[], None]) -> Tried:
        """Send a test mail to the addresses of a unit and of its chief, all but the flagged ones.

        `asked_by` is a role, `note` is called before the mail leaves. Where there is no address, there is no mail.
        Raises `MailsUsed`; whatever the mail service raises goes through.
        """
        kept = unit_settings.read(unit.code)
        everybody = kept.settings.everybody
        to = working(everybody, kept.flagged)
        skipped = tuple(address for address in everybody if address not in to)
        if to:
            taken = self._turns(unit.code, kept.settings.mails_per_hour)
            try:
                note()
                self.mailing.send(to, self.mail(unit, asked_by), unit=unit.code)
            except Exception as error:
                if is_unsent(error):
                    for turn in taken:
                        turns.give_back(turn)
                raise
        return Tried(to, skipped)

    def mail(self, unit: Unit, asked_by: str) -> Mail:
        """Return the mail, in the instance's language."""
        language = self.instance.default_language
        return render(unit, asked_by, Words.of(language, self.instance.zone), language, self.site_url)

    def turn(self, unit: str, limit: int) -> Turn | None:
        """Take one of a unit's mails of the hour; where it wants so few that all are bulletins', one of those."""
        return turns.take(unit, self.clock(), limit, bulletin=limit <= RESERVED)

    def _turns(self, unit: str, limit: int) -> tuple[Turn, Turn]:
        now, name = self.clock(), f"{unit}{_TRIALS}"
        # Taken by condition, so that of many who ask at the same moment three are answered with a mail.
        own = turns.take(name, now, TEST_MAILS, bulletin=True)
        if own is None:
            raise MailsUsed(turns.wait(name, now, TEST_MAILS))
        turn = self.turn(unit, limit)
        if turn is None:
            turns.give_back(own)
            raise MailsUsed(turns.wait(unit, now, limit if limit <= RESERVED else limit - RESERVED))
        return own, turn
