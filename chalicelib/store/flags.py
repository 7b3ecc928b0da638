"""Flagging addresses of units that take no mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.store import keys
from chalicelib.store.conditional import held
from chalicelib.store.unit_items import UnitItem


@dataclass(frozen=True, slots=True)
class Flag:
    """An address that takes no mail: since when (`keys.instant`), and why (``bounce``, ``complaint``)."""

    address: str
    since: str
    reason: str


def flag(unit: str, address: str, now: datetime, reason: str) -> bool:
    """Flag an address of a unit, however it is spelt; false where the unit has no such address.

    Doing it again changes nothing. The coordinator who writes the unit's settings anew takes the flags away.
    """
    try:
        item = UnitItem.get(keys.unit(unit), keys.META, consistent_read=True)
    except UnitItem.DoesNotExist:
        return False
    known = {each for each in (*item.addresses, *(item.chief or ())) if each.casefold() == address.casefold()}
    new = sorted(known - (item.flagged or set()))
    if not new:
        return bool(known)
    # A coordinator who changed the settings since the look, because of this very bounce, is not overruled; and of two
    # that tell of one bounce at the same moment the first is noted.
    is_as_seen = UnitItem.v.does_not_exist() if item.v is None else UnitItem.v == item.v
    for each in new:
        is_as_seen &= UnitItem.flagged.does_not_exist() | ~UnitItem.flagged.contains(each)
    notes = [f"{keys.instant(now)} {reason} {each}" for each in new]
    return held(
        item.update,
        [UnitItem.flagged.add(set(new)), UnitItem.flags.set((UnitItem.flags | []).append(notes))],
        condition=is_as_seen,
    )


def flag_of(text: str) -> Flag:
    """Read what `flag` noted of an address."""
    since, reason, address = text.split(" ", 2)
    return Flag(address, since, reason)
