"""Reading and writing what a unit's coordinator keeps.

Two coordinators at one unit, or one with two windows open:

    A ── reads version 3 ── transaction ✔ version 4 ───────────────────────── done
    B ──── reads version 3 ──── transaction ✘ ── reads version 4 ── is told what stands there now

The version counts what coordinators have written, so that one tells settings that nobody has touched from those that
are somebody's work.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import uuid4

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.domain.alerting import MAILS_PER_HOUR
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.unit_settings import UnitSettings
from chalicelib.store import keys
from chalicelib.store.accept import FIRST_WAIT, RETRIES, RETRY_AFTER, Also
from chalicelib.store.failures import code
from chalicelib.store.flags import Flag, flag_of
from chalicelib.store.models import connection
from chalicelib.store.unit_items import UnitItem

if TYPE_CHECKING:
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.domain.units import Unit

UNTOUCHED = 1
"""The version of settings that no coordinator has written."""

_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class Stale(Exception):
    """The settings are no longer of the version that a change was thought out on; nothing has been written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The settings of a unit as they stand, with the addresses among them that take no mail."""

    settings: UnitSettings
    flags: tuple[Flag, ...]
    version: int

    @property
    def flagged(self) -> frozenset[str]:
        """Those addresses alone."""
        return frozenset(flag.address for flag in self.flags)


def read(unit: str) -> Kept:
    """Return a unit's settings: one consistent read; those of a unit that nothing is known of are empty."""
    try:
        item = UnitItem.get(keys.unit(unit), keys.META, consistent_read=True)
    except UnitItem.DoesNotExist:
        return Kept(UnitSettings(), (), UNTOUCHED)
    wanted = MAILS_PER_HOUR if item.mails_per_hour is None else min(int(item.mails_per_hour), MAILS_PER_HOUR)
    return Kept(
        UnitSettings(tuple(item.addresses), tuple(item.chief or ()), wanted),
        tuple(flag_of(text) for text in item.flags or ()),
        UNTOUCHED if item.v is None else int(item.v),
    )


def write(unit: Unit, version: int, wanted: UnitSettings, also: Also) -> None:
    """Write a unit's settings over those of a version, and what `also` adds, all or nothing.

    The flags go: whoever writes the settings has replaced each address or stands by it.

    Raises `Stale` where the settings are of another version by now, and `Unavailable` where the store does not answer
    or sees the item in other transactions for longer than a few tries.
    """
    token = str(uuid4())
    for attempt in range(RETRIES + 1):
        try:
            with TransactWrite(connection=connection(), client_request_token=token) as transaction:
                _add(transaction, unit, version, wanted)
                also(transaction)
        except TransactWriteError as error:
            if not _passing(error):
                raise Stale from error
        else:
            return
        if attempt < RETRIES:
            time.sleep(random.uniform(0, FIRST_WAIT * 2**attempt))  # noqa: S311 - jitter, not cryptography
    raise Unavailable(RETRY_AFTER)


def is_version(version: int) -> Condition:
    """Return the condition that nobody has written the settings since they were read.

    Coordinator against coordinator: of two that read the same version the first writes.
    """
    unchanged = UnitItem.v == version
    return cast("Condition", (unchanged | UnitItem.v.does_not_exist()) if version == UNTOUCHED else unchanged)


def _add(transaction: TransactWrite, unit: Unit, version: int, wanted: UnitSettings) -> None:
    actions: list[Action] = [
        # The loader of units may not have been here yet.
        UnitItem.t.set(UnitItem),
        UnitItem.code.set(unit.code),
        UnitItem.name.set(unit.name),
        UnitItem.addresses.set(list(wanted.addresses)),
        UnitItem.chief.set(list(wanted.chief)),
        UnitItem.mails_per_hour.set(wanted.mails_per_hour),
        UnitItem.v.set(version + 1),
        UnitItem.flagged.remove(),
        UnitItem.flags.remove(),
    ]
    transaction.update(UnitItem(keys.unit(unit.code), keys.META), actions, is_version(version))


def _passing(error: TransactWriteError) -> bool:
    """Tell whether another try may succeed; false where the condition has refused, the rest is raised."""
    reasons = error.cancellation_reasons if code(error) == "TransactionCanceledException" else []
    codes = {reason.code for reason in reasons if reason is not None}
    if not codes & {"ConditionalCheckFailed", *_PASSING}:
        raise Unavailable(RETRY_AFTER) from error
    return "ConditionalCheckFailed" not in codes
