"""What is counted of reports for commanders: sums that can be added up in any order and in any groups.

A `Row` is one report that counts, a `Tally` the sum of some; a tally of two groups is the sum of theirs. Both have a
short form in JSON, in which the night keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from chalicelib.domain.report import Status, Tier
from chalicelib.domain.visibility import NOT_COUNTED

GONE = frozenset({Status.JOKE, Status.MERGED, Status.WITHDRAWN})
"""Statuses of reports that do not count."""

_BELIEVED = frozenset({Status.CONFIRMED, Status.PASSED_ON, Status.ELIMINATED})


class By(StrEnum):
    """What the rows of a table are."""

    CATEGORY = "category"
    POWIAT = "powiat"
    UNIT = "unit"


class Row(NamedTuple):
    """One report that counts, as it stands; `day` is the local day of acceptance, durations are whole minutes."""

    id: str
    day: str
    category: str
    powiat: str
    unit: str
    status: str
    source: str | None
    take_up: int | None
    verification: int | None
    elimination: int | None
    late_take_up: int
    late_verification: int
    reopened: int

    def key(self, by: By) -> str:
        """Return which row of a table the report is in."""
        return (self.category, self.powiat, self.unit)[_ORDER[by]]


_ORDER = {by: number for number, by in enumerate(By)}


def counts(status: str, reason: str | None, tier: int) -> bool:
    """Tell whether a report counts.

    All but jokes, mergers, what its reporter took back, what is no threat, and reports over the soft budgets that no
    officer has confirmed. Hidden categories count: these figures are the police's.
    """
    if status in GONE or reason in NOT_COUNTED:
        return False
    return tier != Tier.HELD or status in _BELIEVED


def powiat_of(area: str) -> str:
    """Return the powiat of an area: TERYT codes begin with its four digits; other codes are areas of their own."""
    return area[:4] if area.isdigit() else area


@dataclass(slots=True)
class Tally:
    """The sum over some reports: by status, by named source, all durations, and how many were late or reopened.

    Durations are kept as they are, in no order: lists are joined and sorted faster than anything else is added up, and
    every quantile is exact.
    """

    status: dict[str, int] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)
    take_up: list[int] = field(default_factory=list)
    verification: list[int] = field(default_factory=list)
    elimination: list[int] = field(default_factory=list)
    late_take_up: int = 0
    late_verification: int = 0
    reopened: int = 0

    @property
    def reports(self) -> int:
        """How many reports they are."""
        return sum(self.status.values())

    @property
    def sources(self) -> int:
        """How many independent sources: all of one named source are one, every other report is one of its own."""
        return self.reports - sum(self.named.values()) + len(self.named)

    def count(self, row: Row) -> None:
        """Add one report."""
        self.status[row.status] = self.status.get(row.status, 0) + 1
        if row.source is not None:
            self.named[row.source] = self.named.get(row.source, 0) + 1
        for durations, minutes in (
            (self.take_up, row.take_up),
            (self.verification, row.verification),
            (self.elimination, row.elimination),
        ):
            if minutes is not None:
                durations.append(minutes)
        self.late_take_up += row.late_take_up
        self.late_verification += row.late_verification
        # How many came back, not how often one did: every figure is a number of reports.
        self.reopened += row.reopened > 0

    def add(self, other: Tally) -> None:
        """Add another group's sum; the groups have no report in common."""
        for mine, theirs in ((self.status, other.status), (self.named, other.named)):
            for name, number in theirs.items():
                mine[name] = mine.get(name, 0) + number
        self.take_up += other.take_up
        self.verification += other.verification
        self.elimination += other.elimination
        self.late_take_up += other.late_take_up
        self.late_verification += other.late_verification
        self.reopened += other.reopened

    def document(self) -> dict[str, Any]:
        """Return the sum for JSON: equal sums are equal documents, what is empty is left out."""
        whole: dict[str, Any] = {
            "s": dict(sorted(self.status.items())),
            "n": dict(sorted(self.named.items())),
            "t": sorted(self.take_up),
            "v": sorted(self.verification),
            "e": sorted(self.elimination),
            "lt": self.late_take_up,
            "lv": self.late_verification,
            "r": self.reopened,
        }
        return {name: value for name, value in whole.items() if value}

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Tally:
        """Read what `document` wrote."""
        get = document.get
        return cls(
            status=get("s", {}),
            named=get("n", {}),
            take_up=get("t", []),
            verification=get("v", []),
            elimination=get("e", []),
            late_take_up=get("lt", 0),
            late_verification=get("lv", 0),
            reopened=get("r", 0),
        )


def quantile(durations: Sequence[int], percent: int) -> int:
    """Return the duration that `percent` of all do not exceed; `durations` are sorted, and at least one.

    By the nearest rank: the smallest such that so many are no longer, so that it is a duration that there was.
    """
    return durations[-(-percent * len(durations) // 100) - 1]


Table = dict[str, Tally]
"""Sums by the key of their row."""


def tabulate(rows: Iterable[Row], by: By) -> Table:
    """Return the table of some reports."""
    found: Table = {}
    for row in rows:
        found.setdefault(row.key(by), Tally()).count(row)
    return found


def merge(into: Table, tables: Iterable[Table]) -> Table:
    """Add tables to one, and return it."""
    for table in tables:
        for key, tally in table.items():
            into.setdefault(key, Tally()).add(tally)
    return into


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of sums."""
    found = Tally()
    for tally in tallies:
        found.add(tally)
    return found
