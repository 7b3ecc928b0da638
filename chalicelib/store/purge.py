"""Deleting what past days and windows left in the quota table: by its known partitions, never by a scan."""

from __future__ import annotations

from datetime import date

from chalicelib.store import quota_keys
from chalicelib.store.emptying import empty
from chalicelib.store.quota_items import QuotaTableItem


def purge_day(day: date) -> tuple[int, int]:
    """Delete the day's salt and whatever was made with it; return how many items went, and how many are still there.

    Doing it again is harmless. A partition in which something was found is counted again afterwards.
    """
    # The salt first: without it what is left of them can no longer be linked to any device.
    return _purge_all(quota_keys.of_quota_day(day.isoformat()))


def purge_window(window: date) -> tuple[int, int]:
    """Delete a window's salt and the pseudonyms made with it, as `purge_day` does a day's."""
    return _purge_all(quota_keys.of_window(window.isoformat()))


def _purge_all(partitions: list[str]) -> tuple[int, int]:
    found = [empty(QuotaTableItem, partition) for partition in partitions]
    return sum(deleted for deleted, _ in found), sum(left for _, left in found)
