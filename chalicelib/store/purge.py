"""Deleting a past day's device hashes and salt from the quota table: by its known partitions, never by a scan."""

from __future__ import annotations

from datetime import date

from chalicelib.store import keys
from chalicelib.store.models import QuotaItem, SaltItem

_KEYS = ["PK", "SK"]


def purge_day(day: date) -> int:
    """Delete every quota item of a day and its salt; return how many items went. Doing it again is harmless."""
    deleted = 0
    # The salt first: without it what is left of the day can no longer be linked to any device.
    for model, partitions in (
        (SaltItem, [keys.salt(day.isoformat())]),
        (QuotaItem, keys.quota_partitions(day.isoformat())),
    ):
        for partition in partitions:
            with model.batch_write() as batch:
                for item in model.query(partition, consistent_read=True, attributes_to_get=_KEYS):
                    batch.delete(item)
                    deleted += 1
    return deleted


def left_of(day: date) -> int:
    """Return how many quota items and salts of a day are still there."""
    left = sum(QuotaItem.count(partition, consistent_read=True) for partition in keys.quota_partitions(day.isoformat()))
    return int(left + SaltItem.count(keys.salt(day.isoformat()), consistent_read=True))
