"""Keeping the events that tell how long units took over their cases: one Parquet file for each month of reports.

It is a fold of its own beside that of `chalicelib.services.fold`: names of builds are hashes of that state and are
public, and these rows hold minutes. They lie in the private work bucket, and nothing published depends on them.
Folding is a union by (id, sequence number): feeds may be read again, late and in any order. Which month a report
belongs to, and how it stands, the other state knows.
"""

# ruff: noqa: S608 - what is put into the SQL here are names of columns and paths of the program itself.
from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from chalicelib.domain.acts import Act
from chalicelib.domain.timing import Event
from chalicelib.services.facts import MOVED_TYPES
from chalicelib.services.files import compact, digest
from chalicelib.services.state import State, StateFile, Workshop
from chalicelib.store import keys
from chalicelib.store.feed import Feed, FeedEvent
from chalicelib.store.objects import Objects

POINTER = "state/figures.json"
FOLDER = "state/figures/"

TIMED_TYPES = MOVED_TYPES | {"accepted", "status", "recheck", Act.PAUSE, Act.RESUME}
"""Events that tell when something was done or became due. An import knows no hour: it is not among them."""

_COLUMNS = {
    "id": "VARCHAR",
    "seq": "INTEGER",
    "type": "VARCHAR",
    "instant": "VARCHAR",
    "source": "VARCHAR",
    "target": "VARCHAR",
    "moved": "BOOLEAN",
    "until": "VARCHAR",
}

_PARQUET = "application/vnd.apache.parquet"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timings:
    """The kept events: a file for each month, those whose report is not known yet, and how far the feeds were read.

    `of` names the state of reports beside which they were folded.
    """

    months: Mapping[str, StateFile] = field(default_factory=dict)
    orphans: StateFile | None = None
    folded_day: str | None = None
    of: str | None = None

    @property
    def files(self) -> list[StateFile]:
        """All files."""
        return [*self.months.values(), *([self.orphans] if self.orphans else [])]

    def dump(self) -> bytes:
        """Return the pointer's bytes."""
        return compact(asdict(self))

    @classmethod
    def load(cls, body: bytes) -> Timings:
        """Read the pointer's bytes."""
        document = json.loads(body)
        months = {month: StateFile(**row) for month, row in document.pop("months").items()}
        orphans = document.pop("orphans")
        return cls(months=months, orphans=StateFile(**orphans) if orphans else None, **document)


def fold(shop: Workshop, work: Objects, feed: Feed, state: State) -> Timings:
    """Fold the events up to the moment of `state`, move the pointer, and return what is kept.

    What was folded beside the very same state is not folded again.

    Raises:
        PointerMoved: another run was faster.
    """
    pointer = work.read_pointer(POINTER)
    kept = Timings() if pointer is None else Timings.load(pointer.body)
    mark = digest(compact([state.version, state.folded_at]))[:16]
    if kept.of == mark:
        return kept
    last, until = date.fromisoformat(state.folded_day or ""), state.folded_at or ""
    spool = shop.folder / "timings.csv"
    with spool.open("w", newline="", encoding="utf-8") as stream:
        _spool(csv.writer(stream), feed, _days(_first_day(shop, work, kept, state, last), last), until)
    _gather(shop, work, kept, state, spool)
    months = dict(kept.months)
    for (month,) in shop.database.execute("SELECT DISTINCT month FROM timed WHERE month IS NOT NULL").fetchall():
        months |= _merged(shop, work, months.get(month), month)
    orphans = _store(shop, work, "orphans", "SELECT * EXCLUDE month FROM timed WHERE month IS NULL").get("orphans")
    shop.database.execute("DROP TABLE timed")
    spool.unlink()
    folded = Timings(dict(sorted(months.items())), orphans, last.isoformat(), mark)
    work.flip_pointer(POINTER, folded.dump(), None if pointer is None else pointer.etag)
    return folded


def histories(shop: Workshop, work: Objects, file: StateFile) -> Iterator[tuple[str, list[Event]]]:
    """Yield the ids of one month's file with their events, oldest first."""
    path = shop.fetch(work, {"timings": file})["timings"]
    rows = shop.database.execute(f"SELECT * FROM read_parquet('{path}') ORDER BY id, seq").fetchall()
    for report, found in groupby(rows, key=lambda row: row[0]):
        yield report, [_event(row) for row in found]


def _event(row: tuple[Any, ...]) -> Event:
    _, _, kind, at, source, target, moved, until = row
    return Event(kind, keys.moment(at), source, target, moved, None if until is None else keys.moment(until))


def _first_day(shop: Workshop, work: Objects, kept: Timings, state: State, last: date) -> date:
    if kept.folded_day is not None:
        # The index lags and clocks differ: the last day is not yet complete, and the one before may not be.
        return min(date.fromisoformat(kept.folded_day), last) - _DAY
    paths = _paths(shop, work, state)
    if not paths:
        return last
    (first,) = shop.database.execute("SELECT min(day) FROM read_parquet($1) WHERE origin = 'web'", [paths]).fetchall()[
        0
    ]
    return last if first is None else min(first, last)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _spool(writer: Any, feed: Feed, days: Iterable[date], until: str) -> None:
    """Write the events of some days, as far as the state of reports knows them; what comes later is read next night."""
    paused: set[str] = set()
    for event in (event for day in days for event in feed.day_events(day)):
        if event.type not in TIMED_TYPES or event.at > until:
            continue
        if event.type == Act.PAUSE:
            paused.add(event.id)
        else:
            writer.writerow(_row(event))
    # The index does not say until when a pause is; the case's own events do.
    for report in sorted(paused):
        for event in feed.history(report):
            if event.type == Act.PAUSE and event.at <= until:
                writer.writerow(_row(event))


def _row(event: FeedEvent) -> tuple[Any, ...]:
    moved = event.type in MOVED_TYPES and event.unit is not None
    return event.id, event.seq, event.type, event.at, event.from_status, event.status, moved, event.until


def _gather(shop: Workshop, work: Objects, kept: Timings, state: State, spool: Path) -> None:
    """Make the table `timed`: what was read and what had no home yet, each with the month of its report."""
    types = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in _COLUMNS.items()) + "}"
    query = f"SELECT * FROM read_csv('{spool}', header = false, auto_detect = false, nullstr = '', columns = {types})"
    if kept.orphans is not None:
        path = shop.fetch(work, {"unhomed": kept.orphans})["unhomed"]
        query += f" UNION ALL SELECT * FROM read_parquet('{path}')"
    shop.database.execute(f"CREATE OR REPLACE TABLE timed AS SELECT *, NULL::VARCHAR AS month FROM ({query})")
    if paths := _paths(shop, work, state):
        shop.database.execute(
            "UPDATE timed SET month = strftime(report.day, '%Y-%m') FROM read_parquet($1) AS report"
            " WHERE timed.id = report.id",
            [paths],
        )


def _paths(shop: Workshop, work: Objects, state: State) -> list[str]:
    return [str(path) for path in shop.fetch(work, state.months).values()]


def _merged(shop: Workshop, work: Objects, old: StateFile | None, month: str) -> dict[str, StateFile]:
    query = f"SELECT * EXCLUDE month FROM timed WHERE month = '{month}'"
    if old is not None:
        query += f" UNION ALL SELECT * FROM read_parquet('{shop.fetch(work, {month: old})[month]}')"
    return _store(shop, work, month, query)


def _store(shop: Workshop, work: Objects, name: str, query: str) -> dict[str, StateFile]:
    """Write events, each once and in order, as a file and return it by its name; nothing where there are none."""
    path = shop.folder / "timings.parquet"
    facts = ", ".join(f"max({column}) AS {column}" for column in _COLUMNS if column not in {"id", "seq"})
    # A table first: how rows were computed shows in the bytes of a file that is written straight from a query.
    shop.database.execute(
        f"CREATE OR REPLACE TABLE result AS SELECT id, seq, {facts} FROM ({query}) GROUP BY id, seq ORDER BY id, seq"
    )
    ((rows,),) = shop.database.execute(f"COPY result TO '{path}' (FORMAT parquet, COMPRESSION zstd)").fetchall()
    body = path.read_bytes()
    path.unlink()
    if not rows:
        return {}
    sha256 = digest(body)
    file = StateFile(f"{FOLDER}{name}-{sha256[:16]}.parquet", sha256, rows)
    work.put(file.key, body, _PARQUET)
    return {name: file}
