"""The items of the two tables, as PynamoDB models.

`main` is one table for everything that lasts (`chalicelib.store.table`); the items of a case are in
`chalicelib.store.case_items`. `quota` is a table of its own, so that device hashes and salts are in no backup and in no
stream: its items are in `chalicelib.store.quota_items`.

Nothing outside `chalicelib.store` builds on these classes except through small frozen views: PynamoDB's
constructors accept any value, so types are checked where items are made, not here.

The models carry no table name until `bind` has been called.
"""

from typing import cast

from pynamodb.attributes import Attribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.store.case_items import EventItem, ReportItem, SightingItem, TextItem, TombstoneItem
from chalicelib.store.quota_items import QuotaTableItem
from chalicelib.store.table import (
    GSI1_PROJECTION,
    GSI2_PROJECTION,
    Gsi1,
    Gsi2,
    MainItem,
    connection,
    handed_on,
    optional_number,
    optional_text,
    optional_texts,
)

__all__ = [
    "GSI1_PROJECTION",
    "GSI2_PROJECTION",
    "ControlItem",
    "EventItem",
    "Gsi1",
    "Gsi2",
    "ImportItem",
    "JobItem",
    "MainItem",
    "OutboxItem",
    "ReportItem",
    "SightingItem",
    "TextItem",
    "TombstoneItem",
    "bind",
    "connection",
    "handed_on",
    "optional_number",
    "optional_text",
    "optional_texts",
]


class OutboxItem(MainItem, discriminator="outbox"):
    """An alert that waits for delivery; it is deleted after the last recipient has been served."""

    id = UnicodeAttribute()
    seq = NumberAttribute()
    kind = UnicodeAttribute()
    unit = UnicodeAttribute()
    garrison = UnicodeAttribute()
    category = UnicodeAttribute()
    priority = NumberAttribute()
    at = UnicodeAttribute()
    attempts = NumberAttribute(default=0)
    lease_until = optional_text()
    sns_done = cast("Attribute[bool | None]", BooleanAttribute(null=True))
    last_error = optional_text()
    about = optional_text()
    """The surge that the alert tells of; every other kind tells of one event of a report."""
    trace = handed_on()


class JobItem(MainItem, discriminator="job"):
    """One day's run of a scheduled job: who holds it, how far it came, what it built."""

    name = UnicodeAttribute()
    day = UnicodeAttribute()
    state = optional_text()
    owner = optional_text()
    lease_until = optional_text()
    checkpoint = optional_text()
    """How far the run came, as JSON text."""
    build = optional_text()
    finished = optional_text()


class ImportItem(MainItem, discriminator="import"):
    """One batch of imported reports, so that the nightly fold finds its events."""

    day = UnicodeAttribute()
    batch = UnicodeAttribute()
    at = optional_text()
    rows = optional_number()
    finished = optional_text()
    """The local day since which all its rows are in."""
    source = optional_text()


class ControlItem(MainItem, discriminator="control"):
    """One of the operator's switches, in force at run time; `since` and `until` bound a closing of intake."""

    level = NumberAttribute()
    since = UnicodeAttribute(null=True)
    until = UnicodeAttribute(null=True)


def bind(main_table: str, quota_table: str) -> None:
    """Give the models their tables; called once by the container, again only by tests.

    All models share one client, and so one pool of connections.
    """
    for base, table in ((MainItem, main_table), (QuotaTableItem, quota_table)):
        for model in (base, *base.__subclasses__()):
            # A subclass without a connection of its own uses its base's.
            if "_connection" in vars(model):
                del model._connection  # noqa: SLF001
        base.Meta.table_name = table
    shared = connection()
    of_quota = QuotaTableItem._get_connection()  # noqa: SLF001
    if main_table != quota_table:
        shared.add_meta_table(of_quota.get_meta_table())
    of_quota.connection = shared
