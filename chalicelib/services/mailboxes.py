"""Which mailbox an alert goes to: the unit's own, or, where that takes no mail, the next one above it.

A box is the mailbox as lines wait for it: the code of the unit that gets them, with the level where they tell of
overdue cases. The addresses are looked up when the mail leaves: they may have changed since the line entered.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.alerting import MAILS_PER_HOUR, OVERDUE
from chalicelib.domain.instance import Instance
from chalicelib.store import alerting

NATIONAL = "*"
"""The box of the national desk, whose address is the instance's fallback."""

_LEVEL = "!"
UNIT_CHIEF, VOIVODESHIP, NATIONAL_DESK = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where a mail goes; `stand_in` names who gets it in the unit's place.

    `unit` is the code of the unit whose settings hold the addresses, `NATIONAL` for the national desk.
    """

    unit: str
    addresses: tuple[str, ...]
    limit: int = MAILS_PER_HOUR
    stand_in: str | None = None
    of_chief: bool = False

    @property
    def owner(self) -> str:
        """Whose hour the mail counts in: a chief's mailbox is another than the unit's."""
        return f"{self.unit}{_LEVEL}" if self.of_chief else self.unit

    @property
    def tags(self) -> dict[str, str]:
        """What a bounce says of the mail."""
        return {"unit": "national" if self.unit == NATIONAL else self.unit}


@dataclass(frozen=True, slots=True)
class Box:
    """A unit's code, or that of the national desk, and the level of overdue cases, 0 for all other lines."""

    unit: str
    level: int = 0

    def __str__(self) -> str:
        return self.unit if self.level == 0 else f"{self.unit}{_LEVEL}{self.level}"

    @classmethod
    def read(cls, name: str) -> Box:
        """Read what `str` wrote."""
        unit, _, level = name.partition(_LEVEL)
        return cls(unit, int(level or 0))


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The instance's mailboxes; `fallback` is the address of the national desk."""

    instance: Instance
    fallback: str

    def of_unit(self, code: str) -> Mailbox:
        """Return the mailbox of a unit, or of the first above it that has an address; `KeyError` for no unit."""
        unit, *above = self.instance.units.chain(code)
        own = alerting.mailbox(unit.code)
        if own.addresses:
            return Mailbox(unit.code, own.addresses, own.mails_per_hour)
        for parent in above:
            found = alerting.mailbox(parent.code)
            if found.addresses:
                return Mailbox(parent.code, found.addresses, found.mails_per_hour, parent.name)
        return Mailbox(NATIONAL, (self.fallback,), stand_in=self.fallback)

    def somebody_above(self, code: str) -> bool:
        """Tell whether a unit above has an address that takes mail, and so gets the unit's where that has none."""
        return any(alerting.mailbox(parent.code).addresses for parent in self.instance.units.chain(code)[1:])

    def box_for(self, kind: str, unit: str) -> Box:
        """Return the box in which an alert of a kind about a unit's case waits."""
        level = OVERDUE.get(kind, 0)
        if level == 0:
            return Box(self.of_unit(unit).unit)
        if level == VOIVODESHIP:
            return Box(self.instance.units.garrison(unit).code, level)
        return Box(unit if level == UNIT_CHIEF else NATIONAL, level)

    def of_box(self, box: Box) -> Mailbox:
        """Return where a box's mail goes now."""
        if box.unit == NATIONAL:
            return Mailbox(NATIONAL, (self.fallback,))
        if box.level:
            known = alerting.mailbox(box.unit)
            if known.chief:
                return Mailbox(box.unit, known.chief, of_chief=True)
        return self.of_unit(box.unit)
