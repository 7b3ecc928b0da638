"""The files behind the figures for commanders, as the night writes and the interface reads them.

    figures/current.json                   which versions are in force, and how far they reach
    figures/months/<month>-<version>/rows  the reports of a month, one row each
    figures/years/<year>-<version>/<by>    the sums of a year's months, by category, powiat or unit

All but the first are packs (`chalicelib.services.packs`). Documents are found by scope: a unit with all those below it,
or the whole nation; rows lie there once, unit by unit, and sums for each scope. A scope without reports has none. Sums
of a month add up to those of any time; where a time begins or ends within a month, that month's rows are counted.
Whatever is named by the pointer is never written over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from chalicelib.domain.tally import By
from chalicelib.services.files import compact

POINTER = "figures/current.json"
MONTHS = "figures/months/"
YEARS = "figures/years/"

NATION = "all"
"""The scope of the whole nation; codes of units are in capitals."""


@dataclass(frozen=True, slots=True)
class Index:
    """Which files are in force. They count the reports of the local days from `first` to `last`.

    `updated` is the instant up to whose events they tell; `months` and `years` name versions.
    """

    updated: str
    first: str
    last: str
    months: Mapping[str, str] = field(default_factory=dict)
    years: Mapping[str, str] = field(default_factory=dict)

    def dump(self) -> bytes:
        """Return the pointer's bytes."""
        return compact(asdict(self))

    @classmethod
    def load(cls, body: bytes) -> Index:
        """Read the pointer's bytes."""
        return cls(**json.loads(body))

    def month_pack(self, month: str) -> str:
        """Return where the rows of a month are."""
        return f"{MONTHS}{month}-{self.months[month]}/rows"

    def year_pack(self, year: str, by: By) -> str:
        """Return where the sums of a year's months are."""
        return f"{YEARS}{year}-{self.years[year]}/{by}"
