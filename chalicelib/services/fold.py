"""Folding the event feeds into the kept state.

The fold is a union of sets: of each report it keeps the status that the event with the highest number left, the place
and the unit that such an event told last, and the facts of the first one. So events may come twice, late and in any
order, and reading a feed again does no harm.
"""

# ruff: noqa: S608 - what is put into the SQL here are names of columns and paths of the program itself.
from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.services.facts import (
    FOLDED_TYPES,
    MOVED_TYPES,
    changed_at,
    created_at,
    day_at,
    day_start,
    resolved_day,
    slot_at,
)
from chalicelib.services.files import digest
from chalicelib.services.state import COLUMNS, FOLDER, State, StateFile, Workshop
from chalicelib.store import keys
from chalicelib.store.feed import IMPORT_REACH, Feed, FeedEvent
from chalicelib.store.objects import Objects

FIRST_FOLD_GAP = timedelta(days=31)
"""The first fold of all walks back until it has met this much time without any event."""

_DAY = timedelta(days=1)
_PARQUET = "application/vnd.apache.parquet"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of the feeds found: how many events, and which import batches came whole."""

    events: int
    imports: Mapping[str, list[str]]


def fold(
    shop: Workshop, objects: Objects, feed: Feed, state: State, zone: ZoneInfo, last: date, now: datetime
) -> tuple[State, int]:
    """Return the state with all events up to the Warsaw day `last`, and the number of events read.

    New files are written to the work bucket; the pointer is the caller's to move.
    """
    spool = shop.folder / "events.csv"
    reading = _read(feed, state, zone, last, spool)
    _gather(shop, objects, state, spool)
    _find_homes(shop, objects, state)
    months = dict(state.months)
    # In the order of the months, so that reading one of them need not look at the others.
    shop.database.execute("CREATE TABLE sorted AS FROM news ORDER BY month, day, id")
    for month in _values(shop, "SELECT DISTINCT month FROM news WHERE month IS NOT NULL"):
        months |= _merge(shop, objects, months.get(month), month)
    folded = State(
        months=dict(sorted(months.items())),
        orphans=_store(
            shop, objects, "orphans", "SELECT * EXCLUDE month FROM sorted WHERE month IS NULL ORDER BY id"
        ).get("orphans"),
        folded_at=keys.instant(now),
        folded_day=last.isoformat(),
        imports=reading.imports,
    )
    shop.database.execute("DROP TABLE news; DROP TABLE sorted")
    spool.unlink()
    return folded, reading.events


def _read(feed: Feed, state: State, zone: ZoneInfo, last: date, spool: Path) -> Reading:
    events, imports = 0, {day: list(names) for day, names in state.imports.items()}
    first = _first_day(feed, state, last)
    with spool.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        for day in _days(first, last):
            events += _spool(writer, feed.day_events(day), zone)
        for batch in (batch for day in _days(first - IMPORT_REACH, last) for batch in feed.import_batches(day)):
            done = imports.setdefault(batch.day, [])
            if batch.batch in done:
                continue
            found = _spool(writer, feed.import_events(batch), zone)
            events += found
            # The index may lag behind the ledger; a batch that is not all there is read again.
            if found >= batch.events:
                done.append(batch.batch)
    oldest = (first - 2 * IMPORT_REACH).isoformat()
    return Reading(events, {day: sorted(names) for day, names in sorted(imports.items()) if names and day >= oldest})


def _first_day(feed: Feed, state: State, last: date) -> date:
    if state.folded_day is not None:
        # The index lags and clocks differ: the last day is not yet complete, and the one before may not be.
        return min(date.fromisoformat(state.folded_day), last) - _DAY
    first = day = last
    while first - day < FIRST_FOLD_GAP:
        day -= _DAY
        if feed.recorded(day):
            first = day
    return first


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _spool(writer: Any, events: Iterable[FeedEvent], zone: ZoneInfo) -> int:
    rows = (_row(event, zone) for event in events if event.type in FOLDED_TYPES)
    return sum(1 for row in rows if writer.writerow(row))


def _row(event: FeedEvent, zone: ZoneInfo) -> tuple[Any, ...]:
    """Return an event as a row of `COLUMNS`; what only the first event knows is empty in the others.

    The names of builds are hashes of these rows and are public: no row may hold the minute of anything.
    """
    changed_day = day_at(changed_at(event, zone), zone)
    left = (
        (0, None, None, None, None, None)
        if event.type in MOVED_TYPES
        else (
            event.seq,
            event.status,
            event.reason,
            day_start(changed_day, zone),
            changed_day,
            resolved_day(event, zone),
        )
    )
    return (
        event.id,
        *left,
        slot_at(created_at(event, zone), zone),
        event.day,
        event.category,
        None if event.cell is None else int(event.cell, 16),
        event.area,
        event.unit,
        event.occurred_day,
        event.part,
        event.tier,
        event.origin,
        event.source,
        None if event.cell is None else event.seq,
        None if event.unit is None else event.seq,
    )


def _gather(shop: Workshop, objects: Objects, state: State, spool: Path) -> None:
    """Make the table `news`: one row for each report with events in the spool or among the orphans."""
    types = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items()) + "}"
    sources = [
        f"SELECT * FROM read_csv('{spool}', header = false, auto_detect = false, nullstr = '', columns = {types})"
    ]
    if state.orphans is not None:
        path = shop.fetch(objects, {"orphans": state.orphans})["orphans"]
        sources.append(f"SELECT * FROM read_parquet('{path}')")
    shop.database.execute(f"CREATE TABLE news AS {_union(sources)}")


def _find_homes(shop: Workshop, objects: Objects, state: State) -> None:
    """Give each row of `news` its month: by its day, or, where only later events came, by the kept state."""
    shop.database.execute("ALTER TABLE news ADD COLUMN month VARCHAR")
    shop.database.execute("UPDATE news SET month = strftime(day, '%Y-%m')")
    if not state.months or not _values(shop, "SELECT id FROM news WHERE month IS NULL LIMIT 1"):
        return
    paths = [str(path) for path in shop.fetch(objects, state.months).values()]
    shop.database.execute(
        "UPDATE news SET month = strftime(kept.day, '%Y-%m') FROM read_parquet($1) AS kept"
        " WHERE news.month IS NULL AND news.id = kept.id",
        [paths],
    )


def _merge(shop: Workshop, objects: Objects, old: StateFile | None, month: str) -> dict[str, StateFile]:
    rows = f"SELECT * EXCLUDE month FROM sorted WHERE month = '{month}'"
    if old is not None:
        kept = shop.fetch(objects, {month: old})[month]
        rows = _union([rows, f"SELECT * FROM read_parquet('{kept}')"])
    return _store(shop, objects, month, f"{rows} ORDER BY day, id")


_LATEST = ("seq", "status", "reason", "changed", "changed_day", "resolved_day")

_TOLD = {"cell": "placed", "area": "placed", "unit": "routed"}
"""Facts that a later event can tell anew, by the column that holds that event's number."""


def _values(shop: Workshop, query: str) -> list[Any]:
    """Return the first column of a query's rows."""
    return [row[0] for row in shop.database.execute(query).fetchall()]


def _union(sources: list[str]) -> str:
    """Return the SQL that folds rows of `COLUMNS` to one a report."""
    latest = ", ".join(f"{name} := {name}" for name in _LATEST)
    kept = ", ".join(f"last.{name} AS {name}" if name in _LATEST else name for name in COLUMNS)
    facts = ", ".join(f"{_fact(name)} AS {name}" for name in COLUMNS if name not in {"id", *_LATEST})
    # By name, after an empty table with every column: a file that was kept before a column was there has it empty.
    empty = ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())
    rows = " UNION ALL BY NAME ".join(f"({source})" for source in [f"SELECT {empty} LIMIT 0", *sources])
    return f"SELECT {kept} FROM (SELECT id, max(struct_pack({latest})) AS last, {facts} FROM ({rows}) GROUP BY id)"


def _fact(name: str) -> str:
    # What was kept before these numbers were there is the first event's.
    number = f"coalesce({_TOLD[name]}, 1)" if name in _TOLD else ""
    return f"arg_max({name}, {number}) FILTER ({name} IS NOT NULL)" if number else f"max({name})"


def _store(shop: Workshop, objects: Objects, name: str, query: str) -> dict[str, StateFile]:
    """Write the result of a query as a file of the state and return it by its name; nothing where it is empty."""
    path = shop.folder / "result.parquet"
    # A table first: how rows were computed shows in the bytes of a file that is written straight from a query.
    shop.database.execute(f"CREATE OR REPLACE TABLE result AS {query}")
    (rows,) = _values(shop, f"COPY result TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    body = path.read_bytes()
    path.unlink()
    if not rows:
        return {}
    sha256 = digest(body)
    file = StateFile(f"{FOLDER}{name}-{sha256[:16]}.parquet", sha256, rows)
    objects.put(file.key, body, _PARQUET)
    return {name: file}
