"""When a unit hears of a case: at once or in the next bulletin, how often at most, and in which order.

The quarter of an hour and the twenty mails are the map's promise to units; `/v1/rules` serves the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.domain.surge import Rule

ACCEPTED, WITHDRAWN, REOPENED, ANSWERED, TRANSFERRED = "accepted", "withdrawn", "reopened", "answered", "transferred"

PASSED_ON = "passed_on"
"""A case was passed on to an institution: the one kind whose mail is that institution's."""

PARTNER_ANSWERED = "partner_answered"
"""The institution has answered."""

SURGE = "surge"
"""Many independent sources have named one place within a short time."""

OVERDUE: Mapping[str, int] = {"overdue_unit": 1, "overdue_voivodeship": 2, "overdue_national": 3}
"""Kinds that tell of an overdue case, by the level that hears of it: unit chief, voivodeship, national desk."""

ESCALATED_AFTER: Mapping[int, timedelta] = {1: timedelta(0), 2: timedelta(hours=24), 3: timedelta(hours=72)}
"""How long after a missed deadline each level hears of the case, once."""

URGENT = 1
"""The priority of the cases that do not wait for a bulletin."""

_NEW_TO_THE_UNIT = frozenset({ACCEPTED, TRANSFERRED, REOPENED, SURGE})

MAILS_PER_HOUR = 20
"""The most mails that a mailbox gets within any hour, whatever happens."""

EVERY = timedelta(minutes=15)
"""How often bulletins leave."""

RESERVED = 5
"""Mails of the hour that only bulletins may use: its four quarters, and one more for the hour's edge."""

LINES = 30
"""Cases that a bulletin names; the rest is counted."""


def rules(surge: Rule | None) -> dict[str, Any]:
    """Return how often and of what units hear, JSON-ready; `surge` is the instance's rule of surges, if it has one."""
    minute = timedelta(minutes=1)
    return {
        "urgent_priority": URGENT,
        "mails_per_hour": MAILS_PER_HOUR,
        "for_bulletins_alone": RESERVED,
        "bulletin_minutes": EVERY // minute,
        "bulletin_cases": LINES,
        "overdue_hours": {kind: ESCALATED_AFTER[level] // (60 * minute) for kind, level in OVERDUE.items()},
        "surge": None if surge is None else surge.document(),
    }


def at_once(kind: str, priority: int) -> bool:
    """Tell whether an alert is mailed by itself, where the hour's mails allow it."""
    return kind in _NEW_TO_THE_UNIT and (priority == URGENT or kind == SURGE)


def level_of(due: datetime, now: datetime) -> int:
    """Return the highest level that should have heard of a deadline by now; 0 before it has passed."""
    return max((level for level, after in ESCALATED_AFTER.items() if now > due + after), default=0)


@dataclass(frozen=True, slots=True)
class Rank:
    """What decides where a case stands in a bulletin; `at` is when it entered, as text that sorts by time."""

    kind: str
    priority: int
    at: str
    sources: int = 1

    @property
    def order(self) -> tuple[bool, bool, int, int, str]:
        """Surges first, what was taken back last; between them priority, then independent sources, then age."""
        return self.kind != SURGE, self.kind == WITHDRAWN, self.priority, -self.sources, self.at
