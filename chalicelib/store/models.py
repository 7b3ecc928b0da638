"""The items of the two tables, as PynamoDB models.

`main` is one table for everything that lasts; each item and each index entry carries the discriminator ``t``,
because a query through a discriminated model filters on it. `quota` is a table of its own, so that device hashes
and salts are in no backup and in no stream: its items are in `chalicelib.store.quota_items`.

Nothing outside `chalicelib.store` builds on these classes except through small frozen views: PynamoDB's
constructors accept any value, so types are checked where items are made, not here.

The models carry no table name until `bind` has been called.
"""

from typing import cast

from pynamodb.attributes import (
    Attribute,
    BooleanAttribute,
    DiscriminatorAttribute,
    ListAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.connection import Connection
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

from chalicelib.store.patience import Patience
from chalicelib.store.quota_items import QuotaTableItem

GSI1_PROJECTION = [
    *("t", "id", "seq", "type", "at", "from", "status", "reason", "category", "cell", "area", "unit", "day"),
    *("occurred_day", "part", "tier", "origin", "source", "resolved", "resolved_day", "created", "lat6", "lon6"),
]
"""Attributes in `gsi1` besides the keys: what the day feed and the search by place need."""

GSI2_PROJECTION = ["t", "id", "category", "status", "created", "area", "v", "photos"]
"""Attributes in `gsi2` besides the keys: one line of a unit's queue."""


def _text(name: str | None = None) -> Attribute[str | None]:
    """Declare text that may be absent; PynamoDB's own type says that it is always there."""
    return cast("Attribute[str | None]", UnicodeAttribute(attr_name=name, null=True))


def _number(name: str | None = None) -> Attribute[int | None]:
    """Declare a whole number that may be absent."""
    return cast("Attribute[int | None]", NumberAttribute(attr_name=name, null=True))


optional_text, optional_number = _text, _number
"""For the items that stand in modules of their own."""


class Gsi1(GlobalSecondaryIndex["MainItem"]):  # type: ignore[no-untyped-call]
    """Reports by place and month (``C#``), events by day (``D#``), imported events by batch (``I#``)."""

    class Meta:
        """PynamoDB's settings."""

        index_name = "gsi1"
        projection = IncludeProjection(GSI1_PROJECTION)

    pk = UnicodeAttribute(attr_name="G1PK", hash_key=True)
    sk = UnicodeAttribute(attr_name="G1SK", range_key=True)


class Gsi2(GlobalSecondaryIndex["MainItem"]):  # type: ignore[no-untyped-call]
    """Open reports of a unit by due time (``U#``), closed ones by the local day of closing (``Z#``)."""

    class Meta:
        """PynamoDB's settings."""

        index_name = "gsi2"
        projection = IncludeProjection(GSI2_PROJECTION)

    pk = UnicodeAttribute(attr_name="G2PK", hash_key=True)
    sk = UnicodeAttribute(attr_name="G2SK", range_key=True)


class MainItem(Model):
    """Anything in the table `main`."""

    class Meta(Patience):
        """PynamoDB's settings."""

    pk = UnicodeAttribute(attr_name="PK", hash_key=True)
    sk = UnicodeAttribute(attr_name="SK", range_key=True)
    t = DiscriminatorAttribute()
    g1pk = _text("G1PK")
    g1sk = _text("G1SK")
    g2pk = _text("G2PK")
    g2sk = _text("G2SK")

    gsi1 = Gsi1()
    gsi2 = Gsi2()


class ReportItem(MainItem, discriminator="report"):
    """A report: the fold of its events, with the exact place and the text that only the police read."""

    id = UnicodeAttribute()
    category = UnicodeAttribute()
    lat6 = NumberAttribute()
    """Latitude in whole millionths of a degree: DynamoDB numbers are decimal, floats would come back altered."""
    lon6 = NumberAttribute()
    cell = UnicodeAttribute()
    """H3 cell of resolution 11."""
    status = UnicodeAttribute()
    reason = _text()
    tier = NumberAttribute()
    unit = UnicodeAttribute()
    area = UnicodeAttribute()
    boundaries = UnicodeAttribute()
    """``exact`` or ``approximate``: how sure the routing was."""
    created = UnicodeAttribute()
    day = UnicodeAttribute()
    """Local day of acceptance: the day for statistics and for the quota."""
    occurred = _text()
    days = cast("Attribute[set[int] | None]", NumberSetAttribute(null=True))
    """Weekdays of a recurring threat, 1 is Monday."""
    parts = cast("Attribute[set[str] | None]", UnicodeSetAttribute(null=True))
    part = _text()
    """Part of the day in which `occurred` lies."""
    text = _text()
    due_take_up = _text()
    due_verify = _text()
    v = NumberAttribute()
    """Version: the number of the report's newest event."""
    origin = UnicodeAttribute()
    """``web`` or ``import``."""
    source = _text()
    resolved = _text()
    """When the report was closed; an open one has none."""
    closed = _text()
    """The local day of that."""
    latest = _text()
    """When the newest event happened; nothing after the acceptance yet where it is not there."""
    asked = _number()
    """Number of the event that put the police's one question."""
    answered = _number()
    """Number of the event that answered it."""
    into = _text()
    """The report that this one was merged into."""
    photos = _number()
    """How many photos are kept of it."""
    kv = _number()
    """Version of the key that derived the receipt; imported reports have none."""
    erasing = _text()
    """``photos`` while the night deletes their files."""
    near = cast("Attribute[set[str] | None]", UnicodeSetAttribute(null=True))
    """Ids of the public cases nearby that the reporter was shown, and said that this is another."""


class TombstoneItem(MainItem, discriminator="tombstone"):
    """What stands in the place of a report that has been deleted: that there was one, and on which day."""

    id = UnicodeAttribute()
    day = UnicodeAttribute()


class EventItem(MainItem, discriminator="event"):
    """Something that happened to a report; never changed, never deleted with the text.

    Event 1 also carries what the nightly fold needs to know of the report, at public precision.
    """

    id = UnicodeAttribute()
    seq = NumberAttribute()
    type = UnicodeAttribute()
    """``accepted``, ``imported``, ``status``, ``question``, ``answer`` or ``sighting_merged``."""
    at = UnicodeAttribute()
    from_status = _text("from")
    status = UnicodeAttribute()
    reason = _text()
    by = _text()
    """Whose step it was: ``police``, ``reporter`` or ``system``."""
    answer = _text()
    """Which of the reporter's answers it was."""
    other = _text()
    """The other report of a merger: where this one went, or which one came."""
    category = _text()
    cell = _text()
    area = _text()
    unit = _text()
    day = _text()
    created = _text()
    """When the report was filed; of an imported one long before `at`."""
    occurred_day = _text()
    part = _text()
    tier = _number()
    origin = _text()
    source = _text()
    resolved_day = _text()


class SightingItem(MainItem, discriminator="sighting"):
    """Somebody has seen the same thing too, or a whole case was merged into this one; it says of nobody who."""

    id = UnicodeAttribute()
    at = UnicodeAttribute()
    day = UnicodeAttribute()
    times = cast("Attribute[list[int]]", ListAttribute(of=NumberAttribute))
    """Counts by weekday and part of the day, as `sighting.grid` writes them."""
    sources = NumberAttribute()
    """Independent devices; 0 for a sighting over a soft budget."""


class TextItem(MainItem, discriminator="text"):
    """The words beside an event of the same number. They can be erased; the event never held them."""

    by = UnicodeAttribute()
    """``police`` or ``reporter``."""
    text = _text()
    """What the reporter may read, or wrote."""
    note = _text()
    """What only the police may read."""


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
    lease_until = _text()
    sns_done = cast("Attribute[bool | None]", BooleanAttribute(null=True))
    last_error = _text()


class JobItem(MainItem, discriminator="job"):
    """One day's run of a scheduled job: who holds it, how far it came, what it built."""

    name = UnicodeAttribute()
    day = UnicodeAttribute()
    state = _text()
    owner = _text()
    lease_until = _text()
    checkpoint = _text()
    """How far the run came, as JSON text."""
    build = _text()
    finished = _text()


class ImportItem(MainItem, discriminator="import"):
    """One batch of imported reports, so that the nightly fold finds its events."""

    day = UnicodeAttribute()
    batch = UnicodeAttribute()
    at = _text()
    rows = _number()
    source = _text()


class ControlItem(MainItem, discriminator="control"):
    """One of the operator's switches, in force at run time."""

    level = NumberAttribute()


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


def connection() -> Connection:
    """Return the connection of all models, for transactions: with their pool, time-outs and retries."""
    # PynamoDB offers no public way to it; a connection made for transactions alone would be a second client.
    return MainItem._get_connection().connection  # noqa: SLF001
