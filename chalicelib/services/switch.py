"""What an operator switches while the map runs, as a process sees it: read at most once a minute."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from chalicelib.store.failures import STORE_FAILURES

Value = TypeVar("Value")

FRESH = timedelta(minutes=1)
"""How long a process goes by what it has read."""


class Switch(Generic[Value]):
    """A switch in the store; `otherwise` stands until it could be read once."""

    def __init__(self, read: Callable[[], Value], otherwise: Value) -> None:
        self._read = read
        self._value = otherwise
        self._at: datetime | None = None

    def at(self, now: datetime) -> Value:
        """Return how the switch stands, as read within `FRESH`; the last known where the store does not answer."""
        if self._at is None or abs(now - self._at) >= FRESH:
            # To refuse every report for want of a switch would do the attacker's work.
            with suppress(*STORE_FAILURES):
                self._value = self._read()
            self._at = now
        return self._value
