"""The nightly erasure: what the table of retention promises to forget of closed cases is forgotten.

Each night looks at the cases that were closed on the days of which something goes in it, and in the nights since the
last one that erased everything. It may be cut off anywhere: nothing is recorded before all is done, and what is done
already costs one read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Any

from chalicelib.domain import expiry
from chalicelib.domain.report import Status
from chalicelib.domain.retention import KEEPERS, RETENTION, Kept, Unit
from chalicelib.services.files import spread
from chalicelib.store import retention as store
from chalicelib.store.failures import STORE_FAILURES
from chalicelib.store.retention import Case, Photos, Reopened

FIRST_REACH = timedelta(days=31)
"""How many nights the first erasure of all makes good."""

FIRST_PARTS = (Kept.TEXT, Kept.PLACE)
"""What it looks for: no case is years old before the first night."""

OVERLAP = timedelta(days=2)
"""How many nights before the last finished one every erasure looks at again: the list of a day may lag."""

LIMIT = 20_000
"""Cases of which one night erases something; what is left waits for the next one, and is counted."""

CHUNK = 500

_NAMES = {Kept.TEXT: "texts", Kept.PHOTO: "photos", Kept.PLACE: "places", Kept.ROW: "rows"}


@dataclass(frozen=True, slots=True)
class Erased:
    """How many things of each kind went, and how many cases are left that should have gone: 0 proves it done."""

    things: Mapping[str, int]
    left: int


@dataclass(frozen=True, slots=True)
class Retention:
    """The erasure; `photos` deletes the files of one report."""

    photos: Photos

    def run(self, night: date, real: date) -> Erased:
        """Erase what goes up to the night of a local day.

        Only nights up to the day `real` count as done: those that were run ahead of their time will come again.
        """
        things: Counter[str] = Counter(dict.fromkeys(_NAMES.values(), 0))
        left = cases = 0
        due = self._due(night)
        while chunk := list(islice(due, CHUNK)):
            if cases >= LIMIT:
                left += len(chunk)
                continue
            for erased in spread(self._erase, chunk):
                left += erased is None
                things.update(erased or {})
                cases += bool(erased)
        if not left:
            store.reach(min(night, real))
        return Erased(things, left)

    def preview(self, night: date) -> list[dict[str, Any]]:
        """Return what the erasure of a night would do; change nothing.

        Every row of the table is there, with who keeps it; `count` and `closed` are None where that is not the erasure.
        """
        counts: Counter[tuple[Kept, bool]] = Counter()
        days: dict[tuple[Kept, bool], list[date]] = {}
        for case, parts in self._due(night):
            for part in parts:
                row = (part, _row_of(part, case.status))
                if case.held(part):
                    counts[row] += case.held(part)
                    days.setdefault(row, []).append(case.closed)
        return [
            {
                "what": row.kept.value,
                "statuses": [status.value for status in row.statuses],
                "kept": row.unit.value if row.unit is Unit.EVER else f"{row.length} {row.unit}",
                "since": row.since.value,
                "by": KEEPERS[row.kept].value,
                "count": counts[row.kept, bool(row.statuses)] if row.kept in _NAMES else None,
                "closed": _range(days.get((row.kept, bool(row.statuses)), [])),
            }
            for row in RETENTION
        ]

    def _due(self, night: date) -> Iterator[tuple[Case, frozenset[Kept]]]:
        """Yield the cases of which something goes up to a night, with what goes, by the days of their closing."""
        done = store.reached()
        if done is None:
            days = expiry.closing_days(night - FIRST_REACH, night, FIRST_PARTS)
        else:
            days = expiry.closing_days(min(done, night) - OVERLAP, night)
        for listed, found in spread(_listed, days):
            for case in spread(partial(store.look, listed=listed), found):
                parts = frozenset() if case is None else expiry.due(Status(case.status), case.closed, night)
                if case is not None and any(case.held(part) for part in parts):
                    yield case, parts

    def _erase(self, due: tuple[Case, frozenset[Kept]]) -> Counter[str] | None:
        """Erase and return what went of each kind; None where the store refused, for whatever comes next."""
        case, parts = due
        try:
            store.erase(case, parts, self.photos)
        except Reopened:
            return Counter()
        except STORE_FAILURES:
            return None
        return Counter({_NAMES[part]: case.held(part) for part in parts})


def _listed(day: date) -> tuple[date, list[str]]:
    return day, list(store.closed_on(day))


def _row_of(part: Kept, status: str) -> bool:
    return any(row.kept is part and status in row.statuses for row in RETENTION)


def _range(days: Iterable[date]) -> dict[str, str] | None:
    found = sorted(days)
    return {"from": found[0].isoformat(), "to": found[-1].isoformat()} if found else None
