"""Delivering the letters that ask an address to confirm: claimed, mailed, deleted, as alerts are, without a topic."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.clock import Clock
from chalicelib.domain.instance import Instance
from chalicelib.domain.subscription import PENDING, Choice
from chalicelib.domain.subscription_token import Link, mint
from chalicelib.domain.trace import Trace
from chalicelib.notify.citizen import Words
from chalicelib.notify.citizen_letter import render
from chalicelib.services.alerts import LEASE, PAUSES, Outcome, code_of, spot
from chalicelib.services.citizen_mail import Post, area_name
from chalicelib.services.place_names import PlaceNames
from chalicelib.store import keys, letters, subscriptions
from chalicelib.store.letters import Letter
from chalicelib.store.reading import Unreadable
from chalicelib.store.secrets import Secrets
from chalicelib.tracing import Kind, span

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letters:
    """Delivers letters."""

    post: Post
    secrets: Secrets
    instance: Instance
    names: PlaceNames
    clock: Clock

    def deliver(self, partition: str, sort_key: str) -> Outcome:
        """Deliver the letter under a key of the outbox."""
        try:
            letter = letters.find(partition, sort_key)
        except Unreadable:
            return Outcome.UNREADABLE
        if letter is None:
            return Outcome.ABSENT
        now = self.clock()
        claimed = letters.claim(letter, now, now + LEASE)
        if claimed is None:
            return Outcome.HELD
        try:
            with span("letter", Kind.CONSUMER, Trace.parse(claimed.trace)):
                self._send(claimed)
        # Whatever is wrong with one letter, the others must go out: it is counted, noted and given back.
        except Exception as error:  # noqa: BLE001
            return self._give_back(claimed, error)
        letters.finish(claimed)
        return Outcome.DELIVERED

    def _send(self, claimed: Letter) -> None:
        known, asked = subscriptions.find(claimed.id), keys.moment(claimed.at)
        # Confirmed by the letter's twin, withdrawn, or too late to be answered: there is nothing left to ask.
        if known is None or known.wanted is None or known.asked != claimed.at or self.clock() > asked + PENDING:
            return
        choice = Choice.of_document(known.wanted)
        words = Words.of(choice.language, self.instance.zone)
        token = mint(self.secrets.keyring.subscriptions, Link(claimed.id, asked))
        where = area_name(choice.area, self.instance, self.names, words)
        kinds = [
            self.instance.catalogue.categories[code].names[choice.language]
            for code in sorted(choice.categories)
            if code in self.instance.catalogue.categories
        ]
        links = self.post.links(token)
        mail = render(words, where, kinds, links, asked + PENDING, self.instance.emergency)
        self.post.send(known.email, mail)

    def _give_back(self, claimed: Letter, error: Exception) -> Outcome:
        pause = PAUSES[claimed.attempts - 1] if claimed.attempts <= len(PAUSES) else 0
        until = self.clock() + timedelta(minutes=pause) if pause else None
        code = code_of(error)
        # Neither the letter's key nor the subscription's id: with the keys of the map it would lead to an address.
        _log.warning("letter failed: attempt=%d error=%s at=%s", claimed.attempts, code, spot(error))
        letters.release(claimed, code, until)
        return Outcome.PAUSED if until else Outcome.FAILED
