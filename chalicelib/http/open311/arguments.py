"""Arguments of a request as the standard has them: an empty one counts as absent, one that nobody knows is let be.

Clients of the standard send fields of their own and of other servers' extensions; a server that refused those would be
of use to none of them. What is known and wrong is named, all of it at once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.http.body import time_of
from chalicelib.http.call import decimal

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](?:\[\])?")
_LONGEST_NAME = 64

MAX_CHOSEN = 100
"""Values of one argument that are separated by commas."""


class Arguments:
    """Reads arguments one by one and remembers what is wrong with each."""

    def __init__(self, given: Mapping[str, Sequence[str]]) -> None:
        present = {name: [value for value in values if value.strip()] for name, values in given.items()}
        self._given = {name: values for name, values in present.items() if values}
        self.faults: list[FieldFault] = []

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[str, str]]) -> "Arguments":
        """Read the fields of a form."""
        given: dict[str, list[str]] = {}
        for name, value in pairs:
            given.setdefault(name, []).append(value)
        return cls(given)

    def given(self, name: str) -> bool:
        """Tell whether an argument holds anything."""
        return name in self._given

    def text(self, name: str) -> str | None:
        """Return a value that may be given once."""
        values = self._given.get(name, [])
        if len(values) > 1:
            self.fault(name, Fault.REPEATED)
        return values[0] if values else None

    def listed(self, name: str, most: int) -> list[str]:
        """Return values that are separated by commas, or given one by one."""
        values = [part.strip() for value in self._given.get(name, []) for part in value.split(",")]
        values = [value for value in values if value]
        if len(values) > most:
            self.fault(name, Fault.TOO_MANY, limit=most)
        return values[:most]

    def chosen(self, name: str, allowed: Sequence[str]) -> frozenset[str]:
        """Return those values that are allowed, all others being faults; empty where none is given."""
        values = set(self.listed(name, MAX_CHOSEN))
        if not values <= set(allowed):
            self.fault(name, Fault.UNKNOWN_VALUE, allowed=", ".join(allowed))
        return frozenset(values) & frozenset(allowed)

    def number(self, name: str, minimum: float, maximum: float) -> float | None:
        """Return a decimal number, None where it is absent or wrong."""
        value = self.text(name)
        if value is None:
            return None
        number = decimal(value.strip())
        if number is None:
            self.fault(name, Fault.WRONG_TYPE, expected="number")
        elif not minimum <= number <= maximum:
            self.fault(name, Fault.OUT_OF_RANGE, minimum=minimum, maximum=maximum)
        else:
            return number
        return None

    def whole(self, name: str, minimum: int, maximum: int, default: int) -> int:
        """Return a whole number."""
        number = self.number(name, minimum, maximum)
        if number is None:
            return default
        if number != int(number):
            self.fault(name, Fault.WRONG_TYPE, expected="integer")
        return int(number)

    def moment(self, name: str) -> datetime | None:
        """Return an instant; a day alone stands for its noon in UTC, which no zone's offset makes another day."""
        value = self.text(name)
        if value is None:
            return None
        # In a query a plus sign that was not escaped arrives as a blank.
        spelled = value.strip().replace(" ", "+")
        moment = time_of(f"{spelled}T12:00:00Z" if _DAY.fullmatch(spelled) else spelled)
        if moment is None:
            self.fault(name, Fault.NOT_A_TIME)
        return moment

    def jurisdiction(self, own: str) -> None:
        """Notice a jurisdiction that is not this instance's."""
        if self.text("jurisdiction_id") not in (None, own):
            self.fault("jurisdiction_id", Fault.UNKNOWN_JURISDICTION)

    def attributes(self, known: Sequence[str]) -> dict[str, list[str]]:
        """Return the answers to a service's own questions; one to a question that is not asked is a fault."""
        found: dict[str, list[str]] = {}
        for name, values in self._given.items():
            match = _ATTRIBUTE.fullmatch(name)
            if match is not None and match[1] in known:
                found.setdefault(match[1], []).extend(values)
            elif match is not None:
                self.fault(name[:_LONGEST_NAME], Fault.UNKNOWN_FIELD)
        return found

    def fault(self, name: str, code: Fault, **params: Any) -> None:
        """Remember what is wrong with an argument."""
        self.faults.append(FieldFault(name, code, params))

    def done(self, *others: FieldFault) -> None:
        """Raise `Invalid` with every fault and those of others, if there is any fault here."""
        if self.faults:
            raise Invalid([*self.faults, *others])
