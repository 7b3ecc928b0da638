"""The windows that police looked in: which may be named, and when "it was not there" has been seen often enough.

A window is a local day and a part of it; a night belongs to the day on which it begins. Somebody who looks on a Tuesday
morning for a Friday night's party finds nobody, so one look is no verdict: the second is in another part of the day, or
on a day of the other kind. Source: this project's own rule; the guidelines have one status for "not confirmed" and do
not say how often to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.calendar import Part, part_of, weekday
from chalicelib.domain.checks import Window, begin
from chalicelib.domain.faults import Fault, FieldFault

FIELD = "checked"

MOST = 10
"""Windows named with one step."""

CHECKS = 2
"""How many kinds of window have to be looked in before a case closes because nothing was there."""

_SATURDAY = 6
_PARTS = list(Part)


def faults(windows: Sequence[Window], created: datetime, now: datetime, zone: ZoneInfo) -> list[FieldFault]:
    """Return what is wrong with the windows named at `now` for a case filed at `created`; both aware.

    A window has begun, and is of no earlier day than the one that the report counts for.
    """
    found = []
    if len(windows) > MOST:
        found.append(FieldFault(FIELD, Fault.TOO_MANY, {"limit": MOST}))
    if any(begin(day, part, zone) > now for day, part in windows):
        found.append(FieldFault(FIELD, Fault.IN_THE_FUTURE))
    if any(day < part_of(created, zone)[0] for day, _ in windows):
        found.append(FieldFault(FIELD, Fault.EARLIER, {"other": "created_at"}))
    return found


def are_enough(windows: Iterable[Window]) -> bool:
    """Tell whether two of the windows differ in the part of the day, or one is of a working day and one is not."""
    return len({(weekday(day) >= _SATURDAY, part) for day, part in windows}) >= CHECKS


def together(*named: Iterable[Window]) -> tuple[Window, ...]:
    """Return each of the windows once, in the order of time."""
    return tuple(sorted({window for windows in named for window in windows}, key=_order))


def spelt(window: Window) -> str:
    """Spell a window as ``2026-11-22:evening``."""
    day, part = window
    return f"{day.isoformat()}:{part.value}"


def rules() -> dict[str, Any]:
    """Return the rules as `/v1/rules` serves them."""
    return {"most": MOST, "second_check": {"kinds_of_window": CHECKS, "differ_in": ["part", "weekend"]}}


def _order(window: Window) -> tuple[date, int]:
    return window[0], _PARTS.index(window[1])
