"""What the network of a caller has left today. The address is hashed with the day's salt and kept nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.calendar import day_of
from chalicelib.domain.instance import Instance
from chalicelib.domain.network import Address, Kind, budgets
from chalicelib.domain.report import Tier
from chalicelib.store.budgets import Tally
from chalicelib.store.quota import Salts


@dataclass(frozen=True, slots=True)
class CallersNetwork:
    """The budgets that one caller draws on; `source` is None where its address cannot be read."""

    instance: Instance
    salts: Salts
    source: Address | None
    now: datetime

    def tier(self) -> Tier:
        """Count one report, and say how far it is believed: over a budget it is held, never refused."""
        return Tier.ORDINARY if self.spend(Kind.REPORT) else Tier.HELD

    def spend(self, kind: Kind, subject: str = "") -> bool:
        """Count one deed in every budget, and say whether all had some left; a full one ends the counting."""
        return all(tally.spend() for tally in self._tallies(kind, subject))

    def is_full(self, kind: Kind, subject: str = "") -> bool:
        """Look whether a budget is used up, without counting."""
        return any(tally.is_full() for tally in self._tallies(kind, subject))

    def _tallies(self, kind: Kind, subject: str) -> Iterator[Tally]:
        day = day_of(self.now, self.instance.zone)
        salted = self.salts.of_day(day, self.instance.zone)
        for budget in budgets(self.source, kind, self.instance.networks):
            yield Tally.of(salted, day, (kind.value, budget.prefix, subject), budget.limit)
