"""Reading what waits one by one: an item that cannot be read must not hold up those that can.

Another release wrote it, or a hand. It stays where it is, and is delivered as soon as a release runs that can read it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from chalicelib.store.models import MainItem

Item = TypeVar("Item", bound=MainItem)
Read = TypeVar("Read")

_FAULTS = (TypeError, ValueError)
"""What pynamodb and the views raise at an attribute that is absent, of another type, or at another kind of item."""

_log = logging.getLogger(__name__)


class Unreadable(Exception):
    """An item that this release cannot read."""


def one(partition: str, read: Callable[[], Read]) -> Read:
    """Return what `read` makes of an item of a partition; raises `Unreadable`."""
    try:
        return read()
    except _FAULTS as fault:
        _tell(partition, fault)
        raise Unreadable from fault


def each(partition: str, found: Iterator[Item], view: Callable[[Item], Read]) -> Iterator[Read]:
    """Yield the items of a query as `view` shows them, without those that cannot be read."""
    while True:
        try:
            # A query goes on behind an item that could not be made.
            read = view(next(found))
        except StopIteration:
            return
        except _FAULTS as fault:
            _tell(partition, fault)
            continue
        yield read


def _tell(partition: str, fault: Exception) -> None:
    _log.error("unreadable: partition=%s error=%s", partition, type(fault).__name__)
