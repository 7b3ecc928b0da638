"""Asking for mails, agreeing to them, and leaving: what the three routes do."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.calendar import day_of, next_midnight
from chalicelib.domain.email import Address
from chalicelib.domain.errors import LinkExpired, NetworkUsed
from chalicelib.domain.instance import Instance
from chalicelib.domain.subscription import PENDING, Choice
from chalicelib.domain.subscription_token import TokenKey, read, subscription_id
from chalicelib.store import keys, subscriptions

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Subscribing:
    """The use cases at one moment."""

    instance: Instance
    key: TokenKey
    now: datetime

    def ask(self, address: Address, choice: Choice, within_budget: Callable[[], bool]) -> None:
        """Ask an address to confirm a choice; what comes of it is the same to the caller for every address.

        Raises:
            NetworkUsed: the caller's network has asked too often today; nothing has been done.
        """
        if not within_budget():
            over = next_midnight(self.now, self.instance.zone) - self.now
            raise NetworkUsed(math.ceil(over.total_seconds()))
        day = day_of(self.now, self.instance.zone)
        subscriptions.ask(subscription_id(self.key, address), address.text, choice.document(), day, self.now)

    def agree(self, token: str) -> Choice:
        """Put the request of a letter in force and return it; the same again where it is in force already.

        Raises:
            NotFound: this map did not make the token.
            LinkExpired: it came too late, or the request has been replaced or withdrawn.
        """
        link = read(self.key, token)
        asked = keys.instant(link.asked)
        known = subscriptions.find(link.id)
        if known is not None and known.agreed == asked and known.choice is not None:
            return Choice.of_document(known.choice)
        if known is None or known.asked != asked or known.wanted is None or self.now > link.asked + PENDING:
            raise LinkExpired
        if not subscriptions.agree(known, day_of(self.now, self.instance.zone) - _DAY):
            return self._agreed_meanwhile(link.id, asked)
        return Choice.of_document(known.wanted)

    def leave(self, token: str) -> None:
        """Delete the subscription of a token, pending or not; raises `NotFound` for a token not made here."""
        subscriptions.leave(read(self.key, token).id)

    def _agreed_meanwhile(self, subscription: str, asked: str) -> Choice:
        # Two clicks at once: the other one won. Or somebody left between the reading and the writing.
        known = subscriptions.find(subscription)
        if known is None or known.agreed != asked or known.choice is None:
            raise LinkExpired
        return Choice.of_document(known.choice)
