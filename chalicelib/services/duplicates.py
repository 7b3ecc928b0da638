"""Before a report is accepted: does it repeat a case that everybody can see?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import duplicates
from chalicelib.domain.catalogue import Category
from chalicelib.domain.duplicates import Candidate
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import cell_at
from chalicelib.domain.report import NewReport
from chalicelib.domain.visibility import Shown, finest
from chalicelib.services import around
from chalicelib.services.followup import Seen, listed_report
from chalicelib.store import keys, nearby


@dataclass(frozen=True, slots=True)
class Similar:
    """A public case that a report may repeat, and how far it is in metres as it may be told."""

    seen: Seen
    distance_m: int


class Repeated(Exception):
    """The report may repeat cases that its reporter has not acknowledged; `similar` names all, nearest first."""

    def __init__(self, similar: Sequence[Similar]) -> None:
        super().__init__(f"{len(similar)} similar cases")
        self.similar = tuple(similar)


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The use case at one moment, for one network.

    `may_hint` counts that the caller's network is told of a case, and says whether it still may be today.
    """

    instance: Instance
    now: datetime
    may_hint: Callable[[str], bool]

    def acknowledged(self, draft: NewReport, category: Category) -> tuple[str, ...]:
        """Return the cases nearby of which the reporter says that theirs is another.

        Raises `Repeated` where there is one that the reporter has not been shown. A case of which the network has
        been told too often today is not told of again, as if it were not there.
        """
        found = similar(draft.lat, draft.lon, category, self.instance, self.now)
        known = tuple(case.id for case in found if case.id in draft.acknowledge)
        if len(known) < len(found):
            shown = [view for case in found if (view := self._shown(case)) is not None]
            if any(each.seen.report.id not in draft.acknowledge for each in shown):
                raise Repeated(shown)
        return known

    def _shown(self, case: Candidate) -> Similar | None:
        # Looked at before it is counted: the index may still name a case that has just left the map.
        seen = listed_report(case.id, self.instance, self.now)
        return None if seen is None or not self.may_hint(case.id) else Similar(seen, case.distance_m)


def similar(lat: float, lon: float, category: Category, instance: Instance, now: datetime) -> list[Candidate]:
    """Return the public cases that a report at a point may repeat, nearest first, from the index by place."""
    if not duplicates.looked_for(category):
        return []
    oldest = now - timedelta(days=duplicates.DAYS)
    filed = nearby.exact(_cells(lat, lon, category), around.months(oldest, now), category.code, oldest)
    return duplicates.candidates(category, lat, lon, filed, now, instance.zone)


def _cells(lat: float, lon: float, category: Category) -> list[str]:
    if finest(category.sensitivity) is Shown.EXACT:
        return around.cells_of_exact(lat, lon, category.duplicate_radius_m)
    # Who shares a coarse public cell shares the ancestor that the index knows as well.
    return [keys.place(cell_at(lat, lon))]
