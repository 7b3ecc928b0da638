"""The nightly purge: nobody can link a device to a report once the day is over, nor two of them once a window is.

Of a window remain the numbers of devices by cell and category, in the private bucket. The audit of officers goes in the
same nights, by its own days.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.domain.retention import audit_days
from chalicelib.domain.window import LENGTH, closed_windows
from chalicelib.services.files import compact, spread
from chalicelib.store.audit import erase_day
from chalicelib.store.objects import Objects, PointerMoved
from chalicelib.store.purge import purge_day, purge_window
from chalicelib.store.sources import counted

FIRST_REACH = timedelta(days=14)
"""How far back the first purge of all looks; items expire by themselves long before."""

OVERLAP = timedelta(days=2)
"""How far before the last finished night every purge looks again."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many items went, and how many are left of the days and windows that were purged: 0 proves that it is done."""

    deleted: int
    left: int


def past_days(today: date, finished: date | None) -> list[date]:
    """Return the days to purge: the past ones since a little before the last finished night, never `today`."""
    first = today - FIRST_REACH if finished is None else min(finished, today) - OVERLAP
    return [first + timedelta(days=number) for number in range((today - first).days)]


def purge(work: Objects, today: date, finished: date | None) -> Purged:
    """Purge all past days, the windows that have ended and the audit that is old enough, and count what is left.

    Counting a window once more than needed is harmless: only the first count of it is kept.
    """
    days = past_days(today, finished)
    since = days[0] if finished else days[0] - LENGTH
    found = list(spread(purge_day, days))
    found += [_close(work, window) for window in closed_windows(since, today)]
    found += list(spread(erase_day, audit_days(days[0], today)))
    return Purged(sum(deleted for deleted, _ in found), sum(left for _, left in found))


def counts_key(window: date) -> str:
    """Return where in the private bucket the numbers of devices of a closed window are."""
    return f"state/sources/{window.isoformat()}.json"


def _close(work: Objects, window: date) -> tuple[int, int]:
    counts = counted(window)
    if counts:
        cells = [{"cell": cell, "category": category, "devices": n} for (cell, category), n in counts.items()]
        document = {"window": window.isoformat(), "days": LENGTH.days, "cells": cells}
        # A night that died while it deleted has left fewer than there were: what it counted before stands.
        with suppress(PointerMoved):
            work.flip_pointer(counts_key(window), compact(document), None)
    return purge_window(window)
