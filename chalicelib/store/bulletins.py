"""Bulletins: lines that wait for a mailbox, and the one mail that tells them all.

A line enters in the transaction in which its alert leaves the outbox, so it is in exactly one of the two. The box of
its mailbox is touched before; it is only taken away when nobody has touched it for longer than an entry may take, and
so no line is ever left in a partition that nobody looks at. The life of a bulletin:

    claim box ──► fix its lines ──► mail accepted ──► mark sent ──► delete those lines ──► close box
      │ crash: lease    │ crash: the same lines  │ crash: the mail is   │ crash: the next holder
      │ ends            │ under the same id      │ repeated, same id    │ deletes them, mails nothing

One repeat remains, in the moment between the mail's acceptance and our note of it, where nobody can know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.store import keys, lease
from chalicelib.store.alert import Alert, item_of
from chalicelib.store.bulletin_items import BoxItem, LineItem
from chalicelib.store.conditional import held
from chalicelib.store.models import MainItem, connection

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

MOST_LINES = 2000
"""Lines that one bulletin tells at most: their keys fit into one item. The rest waits for the next."""

QUIET = timedelta(minutes=10)
"""How long after its last touch a box may be taken away: no entry takes that long, its function is over before."""


@dataclass(frozen=True, slots=True)
class Line:
    """An alert that waits in a box, under the key that it has there."""

    box: str
    sort_key: str
    alert: Alert


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox's box as it was read; instants are store texts."""

    name: str
    touched: str
    attempts: int = 0
    lease_until: str | None = None
    last_error: str | None = None
    bulletin: str | None = None
    lines: tuple[str, ...] = ()
    sent: bool = False

    def is_free(self, now: str) -> bool:
        """Whether nobody holds the box and no pause is running."""
        return self.lease_until is None or self.lease_until < now


def enter(claimed: Alert, box: str, now: datetime) -> bool:
    """Move a claimed alert from the outbox into a box; false when the lease was lost. Six write units."""
    at = keys.instant(now)
    # Touched before and outside the transaction: in a flood all entries of a unit would collide on this one item.
    touch: list[Action] = [
        BoxItem.t.set(BoxItem),
        BoxItem.touched.set(at),
        BoxItem.attempts.set(BoxItem.attempts | 0),
    ]
    BoxItem(keys.BOXES, box).update(touch)
    waiting = item_of(keys.outbox(claimed.shard), claimed)
    try:
        with TransactWrite(connection=connection()) as transaction:
            transaction.save(_line_item(box, at, claimed))
            transaction.delete(waiting, condition=lease.is_mine(waiting))
    except TransactWriteError as error:
        lease.cancelled(error)
        return False
    return True


def boxes() -> list[Box]:
    """Return every box, by name."""
    return [_view(item) for item in BoxItem.query(keys.BOXES, consistent_read=True)]


def oldest() -> str | None:
    """Return when the oldest line that still waits entered, as a store text."""
    first = (
        next(iter(LineItem.query(keys.bulletin(box.name), consistent_read=True, limit=1)), None) for box in boxes()
    )
    return min((item.sk.partition("#")[0] for item in first if item is not None), default=None)


def claim(box: Box, now: datetime, until: datetime) -> Box | None:
    """Take a box until `until` and count the attempt; None when it may not be taken.

    The answer is as the store holds it now: another may have sent what `box` still shows as waiting.
    """
    item = _item(box)
    return _view(item) if lease.claim(item, now, until) else None


def lines(box: Box) -> list[Line]:
    """Return the lines that a bulletin tells: those that were fixed, or the oldest that wait."""
    found = LineItem.query(keys.bulletin(box.name), consistent_read=True)
    if box.bulletin is not None:
        fixed = frozenset(box.lines)
        return [_line(item) for item in found if item.sk in fixed]
    return [_line(item) for item in islice(found, MOST_LINES)]


def fix(claimed: Box, bulletin: str, told: Iterable[Line]) -> bool:
    """Note which lines a bulletin tells, before it leaves; false when the lease was lost."""
    chosen = [line.sort_key for line in told]
    return lease.note(_item(claimed), BoxItem.bulletin.set(bulletin), BoxItem.lines.set(chosen))


def mark_sent(claimed: Box) -> bool:
    """Note that the bulletin has been accepted; false when the lease was lost."""
    return lease.note(_item(claimed), BoxItem.sent.set(True))


def clear(box: str, sort_keys: Iterable[str]) -> None:
    """Delete lines that have been told; doing it again does no harm."""
    with MainItem.batch_write() as batch:
        for sort_key in sort_keys:
            batch.delete(MainItem(keys.bulletin(box), sort_key))


def close(claimed: Box) -> bool:
    """Give a box back with nothing left to do; false when the lease was lost."""
    box = BoxItem
    return lease.note(
        _item(claimed), box.attempts.set(0), box.lease_until.remove(), *_forget_bulletin(), box.last_error.remove()
    )


def postpone(claimed: Box) -> bool:
    """Give a box back whose hour is full: to wait is no failed attempt."""
    return lease.note(_item(claimed), BoxItem.attempts.set(claimed.attempts - 1), BoxItem.lease_until.remove())


def release(claimed: Box, error: str, until: datetime | None) -> bool:
    """Give a box back whose bulletin failed; `error` is a code, never a message."""
    return lease.release(_item(claimed), error, until)


def put_away(claimed: Box, now: datetime) -> bool:
    """Take a box away that has no lines; false where a line may be on its way, or the lease was lost."""
    item = _item(claimed)
    if claimed.touched >= keys.instant(now - QUIET):
        return False
    # An entry that began since the lines were read has touched the box: then it stays.
    return held(item.delete, condition=lease.is_mine(item) & (BoxItem.touched == claimed.touched))


def park(line: Line, error: str) -> bool:
    """Move a line to the parked alerts; false where it is gone. `make replay` brings it back, topic untold."""
    alert = line.alert
    parked = Alert(
        alert.shard, alert.report, alert.seq, alert.kind, alert.unit, alert.garrison, alert.category, alert.priority,
        alert.at, attempts=lease.MAX_ATTEMPTS, published=True, last_error=error, about=alert.about, trace=alert.trace,
    )  # fmt: skip
    try:
        with TransactWrite(connection=connection()) as transaction:
            transaction.save(item_of(keys.parked(alert.shard), parked))
            # Two that park the same box: a line that is gone was parked by the other, and may be back in the outbox.
            transaction.delete(LineItem(keys.bulletin(line.box), line.sort_key), condition=LineItem.pk.exists())
    except TransactWriteError as refused:
        lease.cancelled(refused)
        return False
    return True


def reopen(parked: Box, now: datetime) -> bool:
    """Begin anew with a box whose lines have been parked; false where another has."""
    item = _item(parked)
    # Another that parked the same box may be done, and its next bulletin under way.
    condition = lease.is_used_up(item) & lease.is_free(item, keys.instant(now))
    afresh = [BoxItem.attempts.set(0), BoxItem.lease_until.remove(), *_forget_bulletin()]
    return held(item.update, afresh, condition=condition)


def _forget_bulletin() -> list[Action]:
    return [BoxItem.bulletin.remove(), BoxItem.lines.remove(), BoxItem.sent.remove()]


def _line_item(box: str, at: str, alert: Alert) -> LineItem:
    return LineItem(
        keys.bulletin(box),
        keys.line(at, alert.report, alert.seq),
        id=alert.report,
        seq=alert.seq,
        kind=alert.kind,
        unit=alert.unit,
        garrison=alert.garrison,
        category=alert.category,
        priority=alert.priority,
        at=alert.at,
        about=alert.about,
        trace=alert.trace,
    )


def _line(item: LineItem) -> Line:
    alert = Alert(
        shard=keys.shard(item.id),
        report=item.id,
        seq=int(item.seq),
        kind=item.kind,
        unit=item.unit,
        garrison=item.garrison,
        category=item.category,
        priority=int(item.priority),
        at=item.at,
        published=True,
        about=item.about,
        trace=item.trace,
    )
    return Line(item.pk.partition("#")[2], item.sk, alert)


def _view(item: BoxItem) -> Box:
    return Box(
        name=item.sk,
        touched=item.touched,
        attempts=int(item.attempts),
        lease_until=item.lease_until,
        last_error=item.last_error,
        bulletin=item.bulletin,
        lines=tuple(item.lines or ()),
        sent=bool(item.sent),
    )


def _item(box: Box) -> BoxItem:
    return BoxItem(keys.BOXES, box.name, attempts=box.attempts, lease_until=box.lease_until)
