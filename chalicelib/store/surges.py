"""What has just happened around a place, by whom, and which surges have been told: in the table `quota`.

What has just happened goes in the second night (in the first where it ends a window), or by the store's own expiry
sooner; that a surge was told names no device and goes with the window. Two that complete a surge at once, on the same
or on neighbouring cells:

    A ── count: enough ── transaction ✔ ── alert waits in the outbox
    B ──── count: enough ──── transaction ✘ (a neighbour's mark is there) ── nothing
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, cast

from pynamodb.attributes import Attribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.domain import surge
from chalicelib.domain.location import degrees
from chalicelib.domain.surge import Deed, Rule
from chalicelib.store import keys, quota_keys
from chalicelib.store.failures import code
from chalicelib.store.models import OutboxItem, connection
from chalicelib.store.quota_items import QuotaTableItem

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition

TRIES = 4
"""How often a surge is told again that collided with another of its neighbourhood."""


class RecentItem(QuotaTableItem):
    """Somebody has reported or seen something a moment ago."""

    lat6 = NumberAttribute()
    lon6 = NumberAttribute()
    marks = cast("Attribute[dict[str, str]]", JSONAttribute())
    """The device's pseudonym in each area that the deed reaches."""


class ToldItem(QuotaTableItem):
    """A surge of a group of categories in an area has been told."""

    at = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class Recent:
    """One deed; `name` tells it apart from others of the same moment, and says nothing else."""

    day: date
    group: str
    lat6: int
    lon6: int
    name: str
    at: datetime
    marks: Mapping[str, str]


def note(recent: Recent, expires: datetime) -> None:
    """Keep a deed until it can no longer be a part of a surge: one write unit."""
    area = surge.area_of(degrees(recent.lat6), degrees(recent.lon6))
    gathered = surge.gathered(area)
    RecentItem(
        quota_keys.recent(recent.day.isoformat(), gathered),
        quota_keys.recent_deed(recent.group, gathered, keys.instant(recent.at), recent.name),
        lat6=recent.lat6,
        lon6=recent.lon6,
        marks=dict(recent.marks),
        ttl=expires,
    ).save()


def around(days: Iterable[date], group: str, areas: Iterable[str], since: datetime) -> list[Deed]:
    """Return the deeds of a group since a moment that some areas may count: consistent, a read unit for each 4 KB."""
    found: list[Deed] = []
    cells = sorted({surge.gathered(area) for area in areas})
    for day, gathered in product(sorted(set(days)), cells):
        first = quota_keys.recent_deed(group, gathered, keys.instant(since))
        last = quota_keys.recent_deed(group, gathered, keys.END_OF_TIME)
        span = RecentItem.sk.between(first, last)
        items = RecentItem.query(quota_keys.recent(day.isoformat(), gathered), span, consistent_read=True)
        found += [Deed(degrees(int(item.lat6)), degrees(int(item.lon6)), item.marks) for item in items]
    return found


def tell(window: date, group: str, area: str, now: datetime, rule: Rule, alert: OutboxItem, expires: datetime) -> bool:
    """Put the alert of a surge into the outbox, unless one of its neighbourhood was told within the quiet time."""
    own, others = _marks(window, group, area, now, rule)
    silent = keys.instant(now - rule.quiet)
    attempts = 0
    while True:
        attempts += 1
        try:
            with TransactWrite(connection=connection()) as transaction:
                mark = ToldItem(own[0], own[1], at=keys.instant(now), ttl=expires)
                transaction.save(mark, condition=_is_silent(silent))
                transaction.save(alert)
                for partition, sort_key in others:
                    transaction.condition_check(ToldItem, partition, sort_key, _is_silent(silent))
        except TransactWriteError as error:
            reasons = {reason.code for reason in error.cancellation_reasons if reason}
            if "ConditionalCheckFailed" in reasons:
                return False
            if code(error) != "TransactionCanceledException" or attempts == TRIES:
                raise
        else:
            return True


def was_told(window: date, group: str, area: str, now: datetime, rule: Rule) -> bool:
    """Look whether a surge of the neighbourhood was told within the quiet time: a hint, seven read units."""
    own, others = _marks(window, group, area, now, rule)
    silent = keys.instant(now - rule.quiet)
    return any(item.at >= silent for item in ToldItem.batch_get([own, *others]))


def _marks(
    window: date, group: str, area: str, now: datetime, rule: Rule
) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    """Return the key of a surge's own mark, and those of its neighbourhood, now and in the block before."""
    this = surge.block(now, rule)
    every = [
        (quota_keys.told_surges(window.isoformat(), each), quota_keys.told_surge(group, each, number))
        for each in surge.neighbours(area)
        for number in (this - 1, this)
    ]
    own = (quota_keys.told_surges(window.isoformat(), area), quota_keys.told_surge(group, area, this))
    return own, [key for key in every if key != own]


def _is_silent(since: str) -> Condition:
    # A surge of a neighbour, or of the block before, whose quiet time is not over: on a border they are one.
    return cast("Condition", ToldItem.pk.does_not_exist() | (ToldItem.at < since))


def expiry(at: datetime, rule: Rule) -> datetime:
    """Return when the store may forget a deed, or that a surge was told."""
    return at + rule.quiet + timedelta(hours=1)
