"""The table `main` itself for PynamoDB: its keys, its two indexes, and the kinds of attribute that its items share.

Each item and each index entry carries the discriminator ``t``, because a query through a discriminated model filters
on it.
"""

from typing import cast

from pynamodb.attributes import (
    Attribute,
    DiscriminatorAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.connection import Connection
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection
from pynamodb.models import Model

from chalicelib import tracing
from chalicelib.store.patience import Patience

GSI1_PROJECTION = [
    *("t", "id", "seq", "type", "at", "from", "status", "reason", "category", "cell", "area", "unit", "day"),
    *("occurred_day", "part", "tier", "origin", "source", "resolved", "resolved_day", "created", "lat6", "lon6"),
    "chain",
]
"""Attributes in `gsi1` besides the keys: what the day feed and the search by place need."""

GSI2_PROJECTION = ["t", "id", "category", "status", "tier", "unit", "created", "area", "v", "photos", "escalated"]
"""Attributes in `gsi2` besides the keys: what the lists of cases are filtered by."""


def optional_text(name: str | None = None) -> Attribute[str | None]:
    """Declare text that may be absent; PynamoDB's own type says that it is always there."""
    return cast("Attribute[str | None]", UnicodeAttribute(attr_name=name, null=True))


def handed_on() -> Attribute[str | None]:
    """Declare the trace that whoever takes the item up goes on with: by itself that in which the item is made."""
    return cast("Attribute[str | None]", UnicodeAttribute(null=True, default_for_new=tracing.current))


def optional_number(name: str | None = None) -> Attribute[int | None]:
    """Declare a whole number that may be absent."""
    return cast("Attribute[int | None]", NumberAttribute(attr_name=name, null=True))


def optional_texts() -> Attribute[list[str] | None]:
    """Declare a list of texts that may be absent; their order is kept."""
    return cast("Attribute[list[str] | None]", ListAttribute(of=UnicodeAttribute, null=True))


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
    g1pk = optional_text("G1PK")
    g1sk = optional_text("G1SK")
    g2pk = optional_text("G2PK")
    g2sk = optional_text("G2SK")

    gsi1 = Gsi1()
    gsi2 = Gsi2()


def connection() -> Connection:
    """Return the connection of all models, for transactions: with their pool, time-outs and retries."""
    # PynamoDB offers no public way to it; a connection made for transactions alone would be a second client.
    return MainItem._get_connection().connection  # noqa: SLF001
