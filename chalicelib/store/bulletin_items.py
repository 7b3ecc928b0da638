"""The items of bulletins: lines that wait, the mailboxes that they wait for, and the mails an hour allows."""

from typing import cast

from pynamodb.attributes import Attribute, BooleanAttribute, ListAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.store.models import MainItem, optional_text


class LineItem(MainItem, discriminator="line"):
    """An alert that the topic has been told of and that waits for its mailbox's next bulletin."""

    id = UnicodeAttribute()
    seq = NumberAttribute()
    kind = UnicodeAttribute()
    unit = UnicodeAttribute()
    garrison = UnicodeAttribute()
    category = UnicodeAttribute()
    priority = NumberAttribute()
    at = UnicodeAttribute()
    about = optional_text()
    trace = optional_text()


class BoxItem(MainItem, discriminator="box"):
    """A mailbox for which lines wait or waited a moment ago, and how far its bulletin has come."""

    touched = UnicodeAttribute()
    """When a line was last announced."""
    attempts = NumberAttribute(default=0)
    lease_until = optional_text()
    last_error = optional_text()
    bulletin = optional_text()
    """Id of the bulletin that is being written."""
    lines = cast("Attribute[list[str] | None]", ListAttribute(of=UnicodeAttribute, null=True))
    """Sort keys of the lines that it tells: fixed before it leaves."""
    sent = cast("Attribute[bool | None]", BooleanAttribute(null=True))
    """Whether it has left; its lines only have to go."""


class TurnItem(MainItem, discriminator="turn"):
    """One of the mails that a mailbox may get within an hour, and when it was last used."""

    at = UnicodeAttribute()
