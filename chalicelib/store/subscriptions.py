"""Subscriptions: asking, agreeing, leaving, and what the digest claims.

The life of one address, each arrow one conditional write:

    ask ──► wanted, letter ──► agree ──► choice ──► claim (day by day) ──► leave: deleted
     │         │ 7 days without an answer: deleted
     └─ of a known address: the choice stays until the new one is agreed to

A letter enters in the transaction that notes the request, so there is no request without its letter and no letter
without its request. Nothing of an address outlives its item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.store import keys, lease
from chalicelib.store.conditional import held
from chalicelib.store.models import connection
from chalicelib.store.subscription_items import LetterItem, SubscriptionItem

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action


@dataclass(frozen=True, slots=True)
class Subscription:
    """One address as the store holds it; `choice` and `wanted` are documents of `domain.subscription`."""

    id: str
    email: str = field(repr=False)
    choice: str | None = None
    agreed: str | None = None
    wanted: str | None = None
    asked: str | None = None
    told: str | None = None
    stopped: str | None = None


def find(subscription: str) -> Subscription | None:
    """Read one consistently, or None."""
    try:
        return _view(SubscriptionItem.get(keys.subscription(subscription), subscription, consistent_read=True))
    except SubscriptionItem.DoesNotExist:
        return None


def ask(subscription: str, email: str, wanted: str, day: date, now: datetime) -> bool:
    """Note what an address is asked to agree to, with the letter that asks it; false where it had its letter today."""
    at, mailed = keys.instant(now), SubscriptionItem.mailed
    # Two requests for one address at once, or a stranger who asks again and again: one letter a day. What a letter
    # says is what its link confirms, so the second request does not change the first's either.
    not_written_to_today = mailed.does_not_exist() | (mailed < day.isoformat())
    letter = LetterItem(
        keys.letters(keys.shard(subscription)), keys.at_id(at, subscription), id=subscription, at=at, attempts=0
    )
    changes: list[Action] = [
        SubscriptionItem.t.set(SubscriptionItem),
        SubscriptionItem.id.set(subscription),
        SubscriptionItem.email.set(email),
        SubscriptionItem.wanted.set(wanted),
        SubscriptionItem.asked.set(at),
        mailed.set(day.isoformat()),
    ]
    try:
        with TransactWrite(connection=connection()) as transaction:
            transaction.update(_key(subscription), changes, condition=not_written_to_today)
            transaction.save(letter)
    except TransactWriteError as error:
        lease.cancelled(error)
        return False
    return True


def agree(seen: Subscription, day: date) -> bool:
    """Put what was asked for in force, to be told of from the local `day` on; false where the request is gone."""
    item = SubscriptionItem
    # Confirming against leaving, against a newer request and against itself: only the request whose letter was
    # answered may come into force, and only once; an item that is gone is not made anew.
    still_asked = (item.asked == seen.asked) & item.wanted.exists()
    changes: list[Action] = [
        item.choice.set(item.wanted),
        item.agreed.set(item.asked),
        item.told.set(_later(seen.told, day)),
        item.wanted.remove(),
        item.stopped.remove(),
    ]
    return _update(seen.id, changes, still_asked)


def leave(subscription: str) -> None:
    """Delete a subscription, whatever its state; one that is gone stays gone."""
    _key(subscription).delete()


def all_of(partition: str) -> Iterator[Subscription]:
    """Yield the subscriptions of one partition, page by page."""
    return map(_view, SubscriptionItem.query(partition, page_size=500))


def claim(seen: Subscription, day: date) -> bool:
    """Take the right to tell an address of everything up to the local `day`; false where another has it."""
    item = SubscriptionItem
    # Two digests at once, or one that is repeated: of two that read the same item the first tells. And who left
    # between the reading and the sending gets nothing.
    not_told = (item.agreed == seen.agreed) & (item.told == seen.told)
    return _update(seen.id, [item.told.set(day.isoformat())], not_told)


def give_back(seen: Subscription, day: date) -> None:
    """Undo a claim whose mail was certainly not sent, so that the next run tries again."""
    item = SubscriptionItem
    # A run that slept may find that another has told since.
    mine = (item.agreed == seen.agreed) & (item.told == day.isoformat())
    _update(seen.id, [item.told.set(seen.told)], mine)


def stop(seen: Subscription, reason: str) -> None:
    """Note why an address gets no more mail; `reason` is a code, never a message."""
    # Whoever left, or confirmed anew, in the meantime is not touched. Nor is a request that nobody has confirmed: it
    # gets no mail anyway.
    if seen.agreed is not None:
        _update(seen.id, [SubscriptionItem.stopped.set(reason)], SubscriptionItem.agreed == seen.agreed)


def forget_request(seen: Subscription) -> bool:
    """Delete a request that nobody confirmed in time; what was agreed to before stays. False where it was answered."""
    item = SubscriptionItem
    # The confirmation of the last minute, and a newer request, win.
    unanswered = (item.asked == seen.asked) & item.wanted.exists()
    if seen.choice is not None:
        return _update(seen.id, [item.wanted.remove(), item.asked.remove()], unanswered)
    return held(_key(seen.id).delete, condition=unanswered & item.choice.does_not_exist())


def _update(subscription: str, changes: list[Action], condition: Condition) -> bool:
    return held(_key(subscription).update, changes, condition=condition)


def _key(subscription: str) -> SubscriptionItem:
    return SubscriptionItem(keys.subscription(subscription), subscription)


def _later(told: str | None, day: date) -> str:
    return max(told or "", day.isoformat())


def _view(item: SubscriptionItem) -> Subscription:
    return Subscription(
        id=item.id,
        email=item.email,
        choice=item.choice,
        agreed=item.agreed,
        wanted=item.wanted,
        asked=item.asked,
        told=item.told,
        stopped=item.stopped,
    )
