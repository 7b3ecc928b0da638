"""The mails that a mailbox may get within an hour: numbered turns, each free again an hour after its last use.

So the limit holds for every sixty minutes, not for those of the clock, whose end and beginning together would let twice
as many through. A turn is taken before the mail leaves:

    A ── look: turn 3 is free ── take ✔ ── mail
    B ── look: turn 3 is free ── take ✘ ── turn 4 ✔ ── mail
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from chalicelib.domain.alerting import RESERVED
from chalicelib.store import keys
from chalicelib.store.bulletin_items import TurnItem
from chalicelib.store.conditional import held

HELD = timedelta(minutes=63)
"""An hour, and the longest time between the taking of a turn and its mail's acceptance."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was taken."""

    owner: str
    number: int
    at: str


def take(owner: str, now: datetime, limit: int, *, bulletin: bool = False) -> Turn | None:
    """Take a turn of a mailbox; None where its `limit` is reached. One read unit, and one write unit for the turn.

    The last `RESERVED` numbers are for bulletins alone, which use those first.
    """
    at, over = keys.instant(now), keys.instant(now - HELD)
    used = {item.sk: item.at for item in TurnItem.query(keys.turns(owner), consistent_read=True)}
    for number in _allowed(limit, bulletin=bulletin):
        if used.get(keys.turn(number), "") <= over and _take(owner, number, at, over):
            return Turn(owner, number, at)
    return None


def wait(owner: str, now: datetime, limit: int) -> int:
    """Return in how many seconds the first of the lowest `limit` turns is free again; 1 at least."""
    span = TurnItem.sk < keys.turn(limit)
    taken = [item.at for item in TurnItem.query(keys.turns(owner), span, consistent_read=True)]
    free = keys.moment(min(taken)) + HELD if taken else now
    return max(1, ceil((free - now).total_seconds()))


def give_back(turn: Turn) -> None:
    """Free a turn whose mail was certainly not sent."""
    item = TurnItem(keys.turns(turn.owner), keys.turn(turn.number))
    # Somebody may have taken it anew an hour after a holder that slept.
    held(item.delete, condition=TurnItem.at == turn.at)


def _allowed(limit: int, *, bulletin: bool) -> Sequence[int]:
    return range(limit - 1, -1, -1) if bulletin else range(limit - RESERVED)


def _take(owner: str, number: int, at: str, over: str) -> bool:
    item = TurnItem(keys.turns(owner), keys.turn(number), at=at)
    # Two that find the same turn free: the first has it, whoever they are.
    is_free = TurnItem.pk.does_not_exist() | (TurnItem.at <= over)
    return held(item.save, condition=is_free)
