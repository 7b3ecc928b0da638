"""How many devices stand behind what was reported and seen in a window: counted by query, never by a scan."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from chalicelib.store import quota_keys
from chalicelib.store.quota_items import SourceItem

Counts = dict[tuple[str, str], int]
"""Distinct devices by H3 cell of resolution 9 and category."""


def counted(window: date) -> Counts:
    """Return the distinct devices of a window; consistent, half a read unit for each 4 KB in each of 16 partitions.

    A pseudonym belongs to one device in one area of about a square kilometre, which holds the cell whole: within a
    cell pseudonyms are devices. They are not people.
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for partition in quota_keys.source_partitions(window.isoformat()):
        for item in SourceItem.query(partition, consistent_read=True):
            found[item.cell, item.category].add(item.sk.partition("#")[0])
    return {where: len(pseudonyms) for where, pseudonyms in sorted(found.items())}
