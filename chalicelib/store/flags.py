"""Flagging addresses of units that take no mail."""

from __future__ import annotations

from pynamodb.exceptions import UpdateError

from chalicelib.store import keys
from chalicelib.store.failures import code
from chalicelib.store.unit_items import UnitItem


def flag(unit: str, address: str) -> bool:
    """Flag an address of a unit, however it is spelt; false where the unit has no such address.

    Doing it again changes nothing. The coordinator who writes the unit's settings anew takes the flags away.
    """
    try:
        item = UnitItem.get(keys.unit(unit), keys.META, consistent_read=True)
    except UnitItem.DoesNotExist:
        return False
    known = {each for each in (*item.addresses, *(item.chief or ())) if each.casefold() == address.casefold()}
    if not known:
        return False
    # A coordinator who changed the settings since the look, because of this very bounce, is not overruled.
    unchanged = UnitItem.v.does_not_exist() if item.v is None else UnitItem.v == item.v
    try:
        item.update([UnitItem.flagged.add(known)], condition=unchanged)
    except UpdateError as error:
        if code(error) != "ConditionalCheckFailedException":
            raise
        return False
    return True
