"""The daily mails: everybody who subscribed is told once of what has changed on the public map where they asked.

    days since the last finished run ──► changes ──► for each subscription: match ──► claim ──► mail
                                                          │ nothing: no write       │ killed here: this one mail
                                                          └─ and no mail            └─ is lost, never sent twice

The claim moves the last day that an address has been told of, on condition, before the mail goes out; so however often
a run is repeated, wherever it is killed and however many run at once, no address is told of one event twice. Who was
not reached is told by the next run. A mail that was certainly not sent gives its claim back.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import OutsideCountry
from chalicelib.domain.instance import Instance
from chalicelib.domain.place import Places
from chalicelib.domain.subscription import CATCH_UP_DAYS, PENDING, Choice
from chalicelib.services.alerts import code_of
from chalicelib.services.changes import changes, days_between
from chalicelib.services.digest_mail import DigestMail
from chalicelib.services.matching import Matcher, ranked
from chalicelib.store import digests, keys, letters, subscriptions
from chalicelib.store.feed import Feed
from chalicelib.store.models import connection
from chalicelib.store.subscriptions import Subscription

SENDERS = 8
"""Mails under way at once."""

REFUSING = frozenset({"MessageRejected", "BadRequestException"})
"""SES will not send this mail to this address, today or ever."""

SERVICE_FAILS = frozenset(
    {
        *("TooManyRequestsException", "ThrottlingException", "LimitExceededException", "SendingPausedException"),
        *("AccountSuspendedException", "MailFromDomainNotVerifiedException", "NotFoundException"),
        *("AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException"),
    }
)
"""SES sends nothing to anybody now, and says so: the mail was not sent and may be tried again."""

GIVE_UP = 20
"""Such failures in one run after which it ends: the next finds the rest."""

_DAY = timedelta(days=1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Digest:
    """One run. `time_left` tells whether another mail may be begun."""

    feed: Feed
    mails: DigestMail
    instance: Instance
    places: Callable[[], Places]
    time_left: Callable[[], bool]

    def run(self, now: datetime) -> dict[str, Any]:
        """Forget what nobody confirmed, then tell everybody of the days that have ended; return counts, no names."""
        last = day_of(now, self.instance.zone) - _DAY
        first = max(digests.told_until() or last - _DAY, last - CATCH_UP_DAYS * _DAY) + _DAY
        if first > last:
            return _summary("nothing_new", last, Counter())
        done = Counter(self._forget(now))
        found = changes(self.feed, self.instance, days_between(first, last), now)
        matcher = Matcher(found, self._gminas())
        # The client is made here, if it is not there yet: else every thread would make one.
        connection().client.meta  # noqa: B018
        with ThreadPoolExecutor(SENDERS) as pool:
            for batch in _batches(_everybody(), SENDERS * 4):
                done.update(outcome for outcome in pool.map(lambda known: self._tell(known, matcher, last), batch))
                if done["failed"] >= GIVE_UP or not self.time_left():
                    return _summary("unfinished", last, done, changes=len(found))
        if done["failed"]:
            return _summary("unfinished", last, done, changes=len(found))
        digests.finish(last, now)
        return _summary("finished", last, done, changes=len(found))

    def _tell(self, known: Subscription, matcher: Matcher, last: date) -> str:
        """Tell one address; return what came of it: sent, nothing, stopped, taken, refused, lost or failed."""
        if known.choice is None or known.stopped is not None or known.told is None:
            return "stopped" if known.stopped else "unconfirmed"
        choice = Choice.of_document(known.choice)
        told = [
            (change, *since) for change in matcher.matching(choice) if (since := change.since(known.told)) is not None
        ]
        if not told:
            return "nothing"
        mail = self.mails.render(known, choice, ranked(told))
        if not subscriptions.claim(known, last):
            return "taken"
        try:
            self.mails.post.send(known.email, mail)
        # Whatever is wrong with one address, the others must have their mail.
        except Exception as error:  # noqa: BLE001
            return self._failed(known, last, error)
        return "sent"

    def _failed(self, known: Subscription, last: date, error: Exception) -> str:
        name = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
        # No id: with the keys of the map it would lead to an address.
        _log.warning("digest not sent: error=%s", code_of(error))
        if name in REFUSING:
            subscriptions.stop(known, name)
            return "refused"
        if name in SERVICE_FAILS:
            subscriptions.give_back(known, last)
            return "failed"
        # It may be out: a mail too few is better than one too many.
        return "lost"

    def _forget(self, now: datetime) -> dict[str, int]:
        """Delete requests that nobody confirmed in time, and the letters that could not be delivered."""
        limit, forgotten = now - PENDING, 0
        for known in _everybody():
            if known.wanted is not None and known.asked is not None and keys.moment(known.asked) < limit:
                forgotten += subscriptions.forget_request(known)
        for letter in letters.parked(limit):
            letters.discard_parked(letter)
        return {"forgotten": forgotten}

    def _gminas(self) -> Callable[[float, float], str | None]:
        places = self.places()
        knows_any = any(area.gmina is not None for area in places.areas)

        def gmina_of(lat: float, lon: float) -> str | None:
            try:
                return places.locate(lat, lon).gmina if knows_any else None
            # The centre of a cell on the outermost border may lie beyond it.
            except OutsideCountry:
                return None

        return gmina_of


def _everybody() -> Iterator[Subscription]:
    for partition in keys.subscription_partitions():
        yield from subscriptions.all_of(partition)


def _batches(everybody: Iterator[Subscription], size: int) -> Iterator[list[Subscription]]:
    batch: list[Subscription] = []
    for known in everybody:
        batch.append(known)
        if len(batch) == size:
            yield batch
            batch = []
    yield batch


def _summary(state: str, last: date, done: Counter[str], **more: int) -> dict[str, Any]:
    counted = {name: done[name] for name in ("sent", "refused", "lost", "failed", "taken", "stopped", "forgotten")}
    return {"state": state, "day": last.isoformat(), **counted, **more}
