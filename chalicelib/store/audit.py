"""What officers read and did, and who: kept apart from the cases, for the supervision alone.

The history of a case is public and names nobody. Here stands who it was: the login's own id, never a name. A reading of
words or photos is noted before they are handed out; a step in the very transaction that takes it.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.calendar import day_of
from chalicelib.store import keys
from chalicelib.store.emptying import empty
from chalicelib.store.models import MainItem, optional_text


class AuditItem(MainItem, discriminator="audit"):
    """Something that an officer read or did."""

    at = UnicodeAttribute()
    who = UnicodeAttribute()
    """The login's own id, or how else the unit has shown itself."""
    role = UnicodeAttribute()
    unit = optional_text()
    """The officer's, not the case's."""
    deed = UnicodeAttribute()
    report = optional_text()
    seq = cast("Attribute[int | None]", NumberAttribute(null=True))
    """Number of the event that a step has written."""
    about = optional_text()
    """The unit whose settings or mail it was about, where it was about no report."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One entry: who, in which role and unit, did what to which report, writing which event, or about which unit."""

    at: datetime
    who: str
    role: str
    unit: str | None
    deed: str
    report: str | None = None
    seq: int | None = None
    about: str | None = None


def item(entry: Noted, zone: ZoneInfo) -> AuditItem:
    """Return the item of an entry; two of the same millisecond are two."""
    at, day = keys.instant(entry.at), day_of(entry.at, zone).isoformat()
    mark = secrets.token_hex(8)
    return AuditItem(
        keys.audit(day, keys.shard(mark)),
        f"{at}#{mark}",
        at=at,
        who=entry.who,
        role=entry.role,
        unit=entry.unit,
        deed=entry.deed,
        report=entry.report,
        seq=entry.seq,
        about=entry.about,
    )


def note(entry: Noted, zone: ZoneInfo) -> None:
    """Write an entry; whatever the store raises is the caller's, who then hands nothing out."""
    item(entry, zone).save()


def erase_day(day: date) -> tuple[int, int]:
    """Delete what was noted on a local day; return how many entries went, and how many are still there.

    Doing it again is harmless.
    """
    partitions = [keys.audit(day.isoformat(), shard) for shard in range(keys.SHARDS)]
    found = [empty(AuditItem, partition, also=("t",)) for partition in partitions]
    return sum(deleted for deleted, _ in found), sum(left for _, left in found)


def of_day(day: date) -> Iterator[Noted]:
    """Yield what was noted on a local day, shard by shard, each in the order of time."""
    for shard in range(keys.SHARDS):
        for found in AuditItem.query(keys.audit(day.isoformat(), shard), consistent_read=True):
            seq = None if found.seq is None else int(found.seq)
            at = keys.moment(found.at)
            yield Noted(at, found.who, found.role, found.unit, found.deed, found.report, seq, found.about)
