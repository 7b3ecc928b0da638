"""Links in mails to units by which a case is taken up without logging in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib.clock import Clock
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.instance import Instance
from chalicelib.domain.take_up_link import mint
from chalicelib.notify.case import Case, take_up_link
from chalicelib.store.secrets import Secrets


@dataclass(frozen=True, slots=True)
class TakeUpLinks:
    """Makes them, signed by a key of the map's."""

    secrets: Secrets
    instance: Instance
    site_url: str
    clock: Clock

    def on(self, case: Case) -> Case:
        """Return the case with its link, where its unit is to take it up; without one while the key cannot be read."""
        if not case.waits:
            return case
        try:
            key = self.secrets.keyring.take_up_links
        except Unavailable:
            # The mail matters more than its shortcut: the case can be taken up in the console.
            return case
        token = mint(key, case.report, case.unit, day_of(self.clock(), self.instance.zone))
        return replace(case, take_up=take_up_link(self.site_url, token))
