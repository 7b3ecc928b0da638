"""What arrives in quarantine: a clean copy is kept, or a reason, or nothing; the original goes in every case.

The order makes every step safe to repeat. Copies are written under names made of their content, then one transaction
records them, then the original goes: whoever dies in between is followed by another try that finds the same names, and
a try that comes too late finds the place settled and deletes what is left.
"""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.photo import MAX_TRIES, Rejection
from chalicelib.services.picture import Refused, clean
from chalicelib.store import object_keys, uploads
from chalicelib.store.photos import TooLong, Vault
from chalicelib.store.uploads import Waiting


class Outcome(StrEnum):
    """What became of a file."""

    STORED = "stored"
    REJECTED = "rejected"
    DROPPED = "dropped"


def receive(key: str, vault: Vault, now: datetime) -> Outcome:
    """Deal with a file in quarantine, once or again; raises only what the store raises.

    `DROPPED` is what nobody waits for: an object without a place, a second delivery, a file of a case that is gone.
    """
    arrived = object_keys.arrived(key)
    waiting = None if arrived is None else uploads.begin(*arrived, key)
    outcome = Outcome.DROPPED if waiting is None else _settle(waiting, vault, now)
    vault.quarantine.delete_many([key])
    return outcome


def _settle(waiting: Waiting, vault: Vault, now: datetime) -> Outcome:
    if waiting.tries > MAX_TRIES:
        return _reject(waiting, Rejection.UNREADABLE, now)
    try:
        data = vault.arrived(waiting.key)
        if data is None:
            return Outcome.DROPPED
        picture = clean(data)
    except TooLong:
        return _reject(waiting, Rejection.TOO_LARGE, now)
    except Refused as refused:
        return _reject(waiting, refused.reason, now)
    vault.keep(waiting.report, picture.digest, picture.body, picture.small)
    if uploads.store(waiting, picture.digest, now):
        return Outcome.STORED
    if not uploads.is_needed(waiting, picture.digest):
        vault.discard(waiting.report, picture.digest)
    return Outcome.DROPPED


def _reject(waiting: Waiting, reason: Rejection, now: datetime) -> Outcome:
    return Outcome.REJECTED if uploads.reject(waiting, reason, now) else Outcome.DROPPED
