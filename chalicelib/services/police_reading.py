"""Looking into a case: words and photos are given only after it stands in the audit who gets them.

    look ── is it one of the officer's cases? ── note who looks ✔ ── give the words
                     ✘ nothing is there             ✘ give nothing

A note of somebody who then got nothing, because the answer was lost on its way, is one too many; none is ever missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import NotFound
from chalicelib.domain.photo import State
from chalicelib.store.casefile import Casefile, casefile
from chalicelib.store.photos import Vault

LINK_LASTS = timedelta(seconds=60)
"""How long the address of a photo is good for: enough to fetch it, too short to pass it on."""


class Look(StrEnum):
    """What somebody looked at, as the audit says it."""

    CASE = "case"
    CARD = "card"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class PhotoLink:
    """An address of a photo, good until `expires`."""

    url: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """The use case at one moment, for one officer.

    `sees` tells whether a unit's cases are the officer's to see; `note` writes into the audit what is looked at, of
    which case, and raises whatever the store raises.
    """

    sees: Callable[[str], bool]
    note: Callable[[Look, str], None]
    now: datetime

    def case(self, report_id: str, look: Look = Look.CASE) -> Casefile:
        """Return a case with its words; raises `NotFound` alike for an unknown one and one of a foreign unit.

        A case in which nobody has said anything is given without a note.
        """
        found = self._found(report_id)
        if found.has_words:
            self.note(look, report_id)
        return found

    def photo(self, report_id: str, slot: str, vault: Vault, *, small: bool) -> PhotoLink:
        """Return an address of a photo that is kept, or of its small copy; raises `NotFound` where there is none."""
        kept = {
            str(upload.slot): upload.clean for upload in self._found(report_id).uploads if upload.state is State.STORED
        }
        digest = kept.get(slot)
        if digest is None:
            raise NotFound
        self.note(Look.PHOTO, report_id)
        return PhotoLink(vault.link(report_id, digest, LINK_LASTS, small=small), self.now + LINK_LASTS)

    def _found(self, report_id: str) -> Casefile:
        found = casefile(report_id)
        if found is None or not self.sees(found.line.report.unit):
            raise NotFound
        return found
