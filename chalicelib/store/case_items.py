"""The items of a case: the report with its events, the words beside them, and who has seen the same."""

from typing import cast

from pynamodb.attributes import (
    Attribute,
    ListAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)

from chalicelib.store.table import MainItem, optional_number, optional_text, optional_texts


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
    reason = optional_text()
    tier = NumberAttribute()
    unit = UnicodeAttribute()
    area = UnicodeAttribute()
    boundaries = UnicodeAttribute()
    """``exact`` or ``approximate``: how sure the routing was."""
    created = UnicodeAttribute()
    day = UnicodeAttribute()
    """Local day of acceptance: the day for statistics and for the quota."""
    occurred = optional_text()
    days = cast("Attribute[set[int] | None]", NumberSetAttribute(null=True))
    """Weekdays of a recurring threat, 1 is Monday."""
    parts = cast("Attribute[set[str] | None]", UnicodeSetAttribute(null=True))
    part = optional_text()
    """Part of the day in which `occurred` lies."""
    text = optional_text()
    due_take_up = optional_text()
    due_verify = optional_text()
    v = NumberAttribute()
    """Version: the number of the report's newest event."""
    origin = UnicodeAttribute()
    """``web`` or ``import``."""
    source = optional_text()
    resolved = optional_text()
    """When the report was closed; an open one has none."""
    closed = optional_text()
    """The local day of that."""
    latest = optional_text()
    """When the newest event happened; nothing after the acceptance yet where it is not there."""
    asked = optional_number()
    """Number of the event that put the police's one question."""
    answered = optional_number()
    """Number of the event that answered it."""
    into = optional_text()
    """The report that this one was merged into."""
    checked = optional_texts()
    """The windows in which the unit has looked since the case was taken up last: ``<day>:<part>``, in time order."""
    recheck = optional_text()
    """Until when the unit looks a second time; nobody was there at the first check."""
    paused = optional_text()
    """Since when the clock has stood still."""
    pause_reason = optional_text()
    pause_until = optional_text()
    """When the clock goes on by itself; `due_verify`, `recheck` and the queue reckon with it already."""
    pauses = optional_number()
    """How often it has been stopped."""
    passed_to = optional_text()
    """Code of the partner whom the case was passed on to."""
    passed_name = optional_text()
    """Name of the body that the case was passed on to, a partner's too."""
    passed_answer = optional_text()
    """What that partner has answered, while the case is still with it."""
    chain = optional_text("head")
    """Hash of the newest event. Not under the name that `gsi1` holds: there every event would cost a write of it."""
    text_salt = optional_text()
    """Salt of the commitment to `text`, as hexadecimal text; it goes with the text."""
    escalated = optional_text()
    """The deadline that was missed last and the highest level that has heard of it: ``<due>#<level>``."""
    photos = optional_number()
    """How many photos are kept of it."""
    kv = optional_number()
    """Version of the key that derived the receipt; imported reports have none."""
    erasing = optional_text()
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
    """``accepted``, ``imported``, ``status``, ``question``, ``answer``, ``sighting_merged``, ``recheck``, ``transfer``,
    ``location``, ``pause``, ``resume`` or ``partner_answer``."""
    at = UnicodeAttribute()
    from_status = optional_text("from")
    status = UnicodeAttribute()
    reason = optional_text()
    by = optional_text()
    """Whose step it was: ``police``, ``reporter``, ``system`` or ``partner``."""
    answer = optional_text()
    """Which of the reporter's or of a partner's answers it was."""
    other = optional_text()
    """The other report of a merger: where this one went, or which one came."""
    category = optional_text()
    cell = optional_text()
    area = optional_text()
    unit = optional_text()
    day = optional_text()
    created = optional_text()
    """When the report was filed; of an imported one long before `at`."""
    occurred_day = optional_text()
    part = optional_text()
    tier = optional_number()
    origin = optional_text()
    source = optional_text()
    resolved_day = optional_text()
    checked = optional_texts()
    """The windows that the police looked in, as they were named with this event: ``<day>:<part>``."""
    until = optional_text()
    """Until when: of a second check, or the moment at which a pause ends."""
    other_unit = optional_text()
    """Of a transfer: the unit that the case came from; `unit` is the one that it went to."""
    addressee = optional_text()
    """The body that the case was passed on to, by its public name."""
    partner = optional_text()
    """Code of that body, or of the one that answered, where it is a partner."""
    key = optional_text()
    """Hash of the key under which an officer's device sent it, so that sending it again is no second deed."""
    salt = optional_text()
    """Keeps the hash from telling what it was made of, as hexadecimal text; it stays."""
    commit = optional_text()
    """Salted commitment to the words that were written with the event, as hexadecimal text."""
    chain = optional_text()
    """Hash over this event and all before it, as hexadecimal text: see `chalicelib.domain.chain`."""


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
    """``police``, ``reporter`` or ``partner``."""
    text = optional_text()
    """What the reporter may read, or wrote."""
    note = optional_text()
    """What only the police may read."""
    contact = optional_text()
    """Beside a case's passing on: how the body is reached; only the police may read it."""
    brief = optional_text()
    """Beside a case's passing on to a partner: what the officer wrote to it."""
    whose = optional_text()
    """Beside a partner's answer: whom it names in its place; only the police may read it."""
    salt = optional_text()
    """Salt of the commitment to these words, as hexadecimal text."""
