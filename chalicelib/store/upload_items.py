"""The item of a photo's place: a report has three, numbered from 1."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.store.models import MainItem, optional_text


class UploadItem(MainItem, discriminator="upload"):
    """A place for a photo: who may fill it until when, and what became of that."""

    id = UnicodeAttribute()
    slot = NumberAttribute()
    state = UnicodeAttribute()
    """``issued``, ``stored`` or ``rejected``."""
    at = UnicodeAttribute()
    """When the state was reached."""
    expires = UnicodeAttribute()
    """Until when the place is held for the file."""
    type = UnicodeAttribute()
    size = NumberAttribute()
    """Bytes, as they were announced."""
    key = UnicodeAttribute()
    """Where the file arrives in quarantine; never used twice."""
    tries = NumberAttribute(default=0)
    """How often its decoding was begun."""
    clean = optional_text()
    """Hash of the copy that is kept."""
    reason = optional_text()
    """Why the file was rejected."""
