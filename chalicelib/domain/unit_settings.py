"""What a unit's coordinator keeps: where its mail goes, who hears of overdue cases, and how many mails it wants.

The limits are this project's: ten addresses and five chiefs are fewer than the fifty recipients that the mail service
takes in one mail, also together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain import email
from chalicelib.domain.alerting import MAILS_PER_HOUR

MOST_ADDRESSES = 10
MOST_CHIEFS = 5

TEST_MAILS = 3
"""Test mails that a unit may ask for within any hour; they count among its mails."""


@dataclass(frozen=True, slots=True)
class UnitSettings:
    """The addresses of a unit and of its chief, in the form that mail goes to, and the most mails within an hour."""

    addresses: tuple[str, ...] = ()
    chief: tuple[str, ...] = ()
    mails_per_hour: int = MAILS_PER_HOUR

    @property
    def everybody(self) -> tuple[str, ...]:
        """Every address, each once."""
        return tuple(dict.fromkeys((*self.addresses, *self.chief)))


def repeated(addresses: Sequence[str]) -> list[int]:
    """Return where addresses stand that stand before already, in whatever spelling."""
    seen: set[str] = set()
    found = []
    for number, address in enumerate(addresses):
        known_as = email.Address(address).known_as
        if known_as in seen:
            found.append(number)
        seen.add(known_as)
    return found


def working(addresses: Iterable[str], flagged: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses that take mail, as far as anybody knows."""
    dead = frozenset(flagged)
    return tuple(address for address in addresses if address not in dead)


def rules() -> dict[str, Any]:
    """Return the limits of the settings, JSON-ready."""
    return {
        "addresses": MOST_ADDRESSES,
        "chiefs": MOST_CHIEFS,
        "mails_per_hour": {"minimum": 1, "maximum": MAILS_PER_HOUR},
        "test_mails_per_hour": TEST_MAILS,
    }
