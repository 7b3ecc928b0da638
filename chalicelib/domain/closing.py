"""Closing intake in an emergency: no new report and no sighting is taken.

Whoever was accepted before still has their answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import IntakeClosed

UNKNOWN_END = 3600
"""Seconds after which to try again where nobody knows when intake opens."""

SOONEST = 60
"""As long as a process may go by what it read last."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Intake is closed since a moment: until it is opened, or by itself until another moment."""

    since: datetime
    until: datetime | None = None

    def refuse(self, now: datetime) -> None:
        """Raise `IntakeClosed` while it is closed."""
        if self.until is None:
            raise IntakeClosed(UNKNOWN_END)
        if now < self.until:
            raise IntakeClosed(max(SOONEST, math.ceil((self.until - now).total_seconds())))
