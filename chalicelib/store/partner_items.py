"""The items of institutions outside the police, and of the cases that were passed on to them."""

from typing import cast

from pynamodb.attributes import (
    Attribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)

from chalicelib.store.models import MainItem, optional_number, optional_text


class PartnerItem(MainItem, discriminator="partner"):
    """An institution: what it is called, where it serves, where its mail goes, and the hash of its token."""

    code = UnicodeAttribute()
    kind = UnicodeAttribute()
    names = cast("Attribute[dict[str, str]]", JSONAttribute())
    areas = cast("Attribute[list[str]]", ListAttribute(of=UnicodeAttribute, default=list))
    addresses = cast("Attribute[list[str]]", ListAttribute(of=UnicodeAttribute, default=list))
    flagged = cast("Attribute[set[str] | None]", UnicodeSetAttribute(null=True))
    """Addresses among them that do not take mail."""
    token = optional_text()
    """Keyed hash of the token that counts; none where there is none, or none any more."""
    token_expires = optional_text()
    v = NumberAttribute()
    """Version: how often the operator has changed it."""


class PartnerAreaItem(MainItem, discriminator="partner_area"):
    """That an institution serves an area, so that a case's are found without reading all."""

    code = UnicodeAttribute()
    kind = UnicodeAttribute()
    names = cast("Attribute[dict[str, str]]", JSONAttribute())


class PartnerCaseItem(MainItem, discriminator="partner_case"):
    """A case as it was passed on to an institution; it lies beside the report and is erased with its words.

    In an index partition of the institution's own it is listed; without one the institution does not see it any more.
    """

    id = UnicodeAttribute()
    partner = UnicodeAttribute()
    at = UnicodeAttribute()
    """When it was passed on."""
    note = optional_text()
    """What the officer wrote to the institution."""
    public_note = optional_text()
    answer = optional_text()
    text = optional_text()
    whose = optional_text()
    answered = optional_text()
    """When it answered."""
    answered_seq = optional_number()
    """Number of the event of the answer."""
