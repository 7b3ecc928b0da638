"""Overdue cases: finding them, and noting that a level has heard of one together with the alert that tells it.

Two runs at once, or one that is repeated, over the same overdue case:

    A ── look: nobody has heard ── transaction ✔ ── alert waits in the outbox
    B ──── look: nobody has heard ──── transaction ✘ (A's note is there) ── nothing

The version of the case stays: nothing has happened to it, and no officer's step must fail for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.store import keys, lease, wire
from chalicelib.store.case_items import ReportItem
from chalicelib.store.models import OutboxItem, connection

_READ = ["G2SK", "id", "category", "unit", "v", "escalated"]


@dataclass(frozen=True, slots=True)
class Overdue:
    """An open case whose deadline has passed: `due` is that deadline, `position` its place in the unit's queue.

    `heard` is the highest level that has heard of this very deadline, 0 for none.
    """

    report: str
    unit: str
    category: str
    version: int
    due: datetime
    position: str
    heard: int


def overdue(unit: str, now: datetime) -> Iterator[Overdue]:
    """Yield a unit's overdue cases, longest first: half a read unit for each 4 KB of index entries."""
    for row in wire.overdue(unit, keys.instant(now), _READ):
        due = row["G2SK"]["S"].partition("#")[0]
        heard_due, _, level = row.get("escalated", {"S": ""})["S"].partition("#")
        yield Overdue(
            report=row["id"]["S"],
            unit=row["unit"]["S"],
            category=row["category"]["S"],
            version=int(row["v"]["N"]),
            due=keys.moment(due),
            position=row["G2SK"]["S"],
            heard=int(level) if heard_due == due else 0,
        )


def tell(case: Overdue, level: int, alert: OutboxItem) -> bool:
    """Note that a level hears of a case, with the alert that tells it; false where it has, or is no longer overdue."""
    due = case.position.partition("#")[0]
    item, heard = ReportItem, f"{due}#{level}"
    # A step, a pause or a transfer since the look has moved the case in its queue, or out of it.
    still_due = (item.g2pk == keys.open_queue(case.unit)) & (item.g2sk == case.position)
    # Another run was faster. A deadline that was missed before is another one: its level says nothing of this.
    unheard = item.escalated.does_not_exist() | ~item.escalated.startswith(f"{due}#") | (item.escalated < heard)
    try:
        with TransactWrite(connection=connection()) as transaction:
            transaction.update(
                ReportItem(keys.report(case.report), keys.REPORT),
                [item.escalated.set(heard)],
                condition=still_due & unheard,
            )
            transaction.save(alert)
    except TransactWriteError as error:
        lease.cancelled(error)
        return False
    return True
