"""What the instance's documents do not say of a police unit: where its mail goes, and how much of it."""

from typing import cast

from pynamodb.attributes import Attribute, ListAttribute, UnicodeAttribute, UnicodeSetAttribute

from chalicelib.store.models import MainItem, optional_number, optional_text, optional_texts


class UnitItem(MainItem, discriminator="unit"):
    """A unit's own settings, which its coordinator keeps."""

    code = UnicodeAttribute()
    name = optional_text()
    parent = optional_text()
    addresses = cast("Attribute[list[str]]", ListAttribute(of=UnicodeAttribute, default=list))
    chief = cast("Attribute[list[str] | None]", ListAttribute(of=UnicodeAttribute, null=True))
    """Addresses that hear of the unit's overdue cases; the unit's own where there are none."""
    mails_per_hour = optional_number()
    """The most mails that the unit wants within an hour; the map's own limit where it says nothing."""
    flagged = cast("Attribute[set[str] | None]", UnicodeSetAttribute(null=True))
    """Addresses among them that do not take mail: it came back for good, or was called unwanted."""
    flags = optional_texts()
    """What is known of each of them: ``<since> <reason> <address>``."""
    v = optional_number()
    """Version: goes up whenever a coordinator writes the settings; none where nobody has."""
