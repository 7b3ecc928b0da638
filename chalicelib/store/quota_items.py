"""The items of the table `quota`: all that could link a device, so it is in no backup and in no stream."""

from datetime import datetime
from typing import cast

from pynamodb.attributes import Attribute, BinaryAttribute, NumberAttribute, TTLAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.store.patience import Patience


class QuotaTableItem(Model):
    """Anything in the table `quota`."""

    class Meta(Patience):
        """PynamoDB's settings."""

    pk = UnicodeAttribute(attr_name="PK", hash_key=True)
    sk = UnicodeAttribute(attr_name="SK", range_key=True)
    ttl = cast("Attribute[datetime]", TTLAttribute())
    """When DynamoDB may drop the item if the nightly purge never came: a net, never the rule."""


class QuotaItem(QuotaTableItem):
    """One device has reported on one local day."""

    ik = UnicodeAttribute()


class CounterItem(QuotaTableItem):
    """How often something has happened on one local day: to an API key, to a network, to a device's allowance."""

    n = NumberAttribute()


class SaltItem(QuotaTableItem):
    """A day's or a window's secret salt; without it its hashes can never be linked to a device again."""

    salt = BinaryAttribute(legacy_encoding=False)


class SourceItem(QuotaTableItem):
    """A device under its pseudonym has reported or seen something in an area, in one window of days."""

    cell = UnicodeAttribute()
    """H3 cell of resolution 9, in which devices are counted."""
    category = UnicodeAttribute()
    kind = UnicodeAttribute()
    """``report`` or ``sighting``."""
    day = UnicodeAttribute()
