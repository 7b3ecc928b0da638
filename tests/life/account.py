"""What must be so, kept beside the system by hand: no function of the application is asked, no table is read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import h3

ZONE = ZoneInfo("Europe/Warsaw")
GONE = {"joke", "merged", "withdrawn"}
"""A case that ended so was none, or is another's."""


def local(moment: datetime) -> date:
    """The day of the people whom the map is for."""
    return moment.astimezone(ZONE).date()


@dataclass
class Case:
    """One accepted report, and what has become of it."""

    id: str
    receipt: str
    category: str
    place: tuple[float, float]
    day: date
    status: str = "new"
    reason: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it stands in the public numbers: whatever was a threat as far as anybody knows, and may be told."""
        return self.status not in GONE and self.reason != "not_a_threat" and self.category != "drug_use"


@dataclass
class Attempt:
    """A report that somebody sent and has had no answer to: it may have been accepted, or not."""

    key: str
    body: dict[str, object]
    moments: list[datetime]


@dataclass
class Account:
    """The nation's book, as an honest clerk would keep it."""

    cases: list[Case] = field(default_factory=list)
    used: set[tuple[int, date]] = field(default_factory=set)
    """Which device has used its report of which day."""
    last_night: date | None = None

    def may_file(self, device: int, now: datetime) -> bool:
        """Tell whether a device's report must be taken now."""
        return (device, local(now)) not in self.used

    def night(self, day: date) -> None:
        """Forget who filed on days that are over: the night may, even where a clock goes back behind it."""
        self.used = {(device, used) for device, used in self.used if used >= day}
        self.last_night = day

    def cells(self, res: int, night: date, window: int) -> Counter[tuple[str, str]]:
        """Count by cell and category what a night must tell of the days before it."""
        found: Counter[tuple[str, str]] = Counter()
        for case in self.cases:
            if case.counts and timedelta(days=1) <= night - case.day <= timedelta(days=window):
                fine = h3.latlng_to_cell(*case.place, 11)
                found[h3.cell_to_parent(fine, res), case.category] += 1
        return found
