"""Whether intake is open: the operator's switch, asked before anything new is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.closing import Closing
from chalicelib.services.switch import Switch


class Door:
    """The door of intake, as a process knows it."""

    def __init__(self, switched: Callable[[], Closing | None]) -> None:
        self._switch = Switch[Closing | None](switched, None)

    def admit(self, now: datetime) -> None:
        """Raise `IntakeClosed` where intake is closed."""
        closing = self._switch.at(now)
        if closing is not None:
            closing.refuse(now)
