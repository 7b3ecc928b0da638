"""Deleting a past day's device hashes and salt from the quota table: by its known partitions, never by a scan."""

from __future__ import annotations

from datetime import date

from chalicelib.store import keys
from chalicelib.store.quota_items import QuotaItem, QuotaTableItem, SaltItem

_KEYS = ["PK", "SK"]


def purge_day(day: date) -> tuple[int, int]:
    """Delete every quota item of a day and its salt; return how many items went, and how many are still there.

    Doing it again is harmless. A partition in which something was found is counted again afterwards.
    """
    # The salt first: without it what is left of the day can no longer be linked to any device.
    parts: list[tuple[type[QuotaTableItem], str]] = [(SaltItem, keys.salt(day.isoformat()))]
    parts += [(QuotaItem, partition) for partition in keys.quota_partitions(day.isoformat())]
    found = [_purge(model, partition) for model, partition in parts]
    return sum(deleted for deleted, _ in found), sum(left for _, left in found)


def _purge(model: type[QuotaTableItem], partition: str) -> tuple[int, int]:
    deleted = 0
    with model.batch_write() as batch:
        for item in model.query(partition, consistent_read=True, attributes_to_get=_KEYS):
            batch.delete(item)
            deleted += 1
    return deleted, int(model.count(partition, consistent_read=True)) if deleted else 0
