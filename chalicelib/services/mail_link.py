"""Taking a case up straight from the alert's mail: the link shows the case, and one button does it."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.errors import Conflict, NotFound, TooLate, Unavailable
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN, Actor, Reason
from chalicelib.domain.take_up_link import TakeUpLink
from chalicelib.services.casework import Casework
from chalicelib.store.accept import RETRY_AFTER
from chalicelib.store.step import Current

TRIES = 5
"""How often it is tried anew because the case has changed."""


@dataclass(frozen=True, slots=True)
class MailLink(Casework):
    """The use case at one moment."""

    def show(self, link: TakeUpLink) -> Current:
        """Return the case of a link; raises `NotFound` where it is not that unit's any more."""
        case = self.after(link.report)
        if case.unit != link.unit:
            raise NotFound
        return case

    def take_up(self, link: TakeUpLink) -> Current:
        """Take the case up, unless somebody has, and return it.

        Raises `NotFound` where it is not that unit's any more, `TooLate` where it is closed, and `Unavailable`.
        """
        for _ in range(TRIES):
            case = self.show(link)
            if Status(case.status) not in OPEN:
                raise TooLate(case.status)
            if case.status != Status.NEW:
                return case
            try:
                return self.take_step(case.id, Status.VERIFYING, Reason.TAKEN_UP, Actor.POLICE, case.version)
            except Conflict:
                continue
        raise Unavailable(RETRY_AFTER)
