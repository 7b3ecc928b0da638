"""What became of the operator's test mails: one item for each address, in its unit's partition.

An address is claimed before its mail leaves, so that no run repeats another's, however it ended: who dies in between
leaves the address as `SENDING`, and whether its mail is out nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.store import keys
from chalicelib.store.conditional import held
from chalicelib.store.models import MainItem, optional_text

SENDING, SENT, REFUSED = "sending", "sent", "refused"


class TrialItem(MainItem, discriminator="trial"):
    """The newest test mail to one address of a unit."""

    address = UnicodeAttribute()
    at = UnicodeAttribute()
    state = UnicodeAttribute()
    error = optional_text()


@dataclass(frozen=True, slots=True)
class Trial:
    """The newest test mail to an address: when it was begun (`keys.instant`), how it stands, and why it was refused."""

    address: str
    at: str
    state: str
    error: str | None


def claim(unit: str, address: str, now: datetime, since: datetime) -> bool:
    """Claim an address for a mail now; false where one has been begun since a moment and was not refused."""
    item = TrialItem(keys.unit(unit), keys.trial(address), address=address, at=keys.instant(now), state=SENDING)
    # Two operators at once, or a run that is begun again while the first still works: the first has the address.
    is_free = TrialItem.pk.does_not_exist() | (TrialItem.at <= keys.instant(since)) | (TrialItem.state == REFUSED)
    return held(item.save, condition=is_free)


def note(unit: str, address: str, state: str, error: str | None = None) -> None:
    """Note what became of a mail whose address was claimed."""
    item = TrialItem(keys.unit(unit), keys.trial(address))
    item.update([TrialItem.state.set(state), *([TrialItem.error.set(error)] if error else [])])


def forget(unit: str, address: str) -> None:
    """Forget an address: its mail was certainly not sent, or it is the unit's no more. Doing it again is harmless."""
    TrialItem(keys.unit(unit), keys.trial(address)).delete()


def of_unit(unit: str) -> dict[str, Trial]:
    """Return the newest test mails to a unit by address."""
    found = TrialItem.query(keys.unit(unit), TrialItem.sk.startswith(keys.TRIAL), consistent_read=True)
    return {item.address: Trial(item.address, item.at, item.state, item.error) for item in found}
