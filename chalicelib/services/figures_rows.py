"""A month's reports for commanders, as the database makes them: one row each, and sums of them unit by unit."""

# ruff: noqa: S608 - what is put into the SQL here are names of columns and tables of the program itself.
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from chalicelib.domain.catalogue import Category
from chalicelib.domain.tally import By, Tally, powiat_of
from chalicelib.domain.timing import Event, timing
from chalicelib.services.countable import countable
from chalicelib.services.row_table import table_of
from chalicelib.services.state import Workshop

Sums = dict[str, dict[str, dict[str, Any]]]
"""Unit → kind of table → key → document of a `Tally`."""

KEPT = (By.CATEGORY, By.POWIAT)
"""Tables that are kept unit by unit; the one by unit follows from any of them."""

_TOOK = {
    "id": "VARCHAR",
    "take_up": "INTEGER",
    "verification": "INTEGER",
    "elimination": "INTEGER",
    "late_take_up": "INTEGER",
    "late_verification": "INTEGER",
    "reopened": "INTEGER",
}
_DURATIONS = ("take_up", "verification", "elimination")
_TEXTS = ("id", "day", "category", "powiat", "unit", "status", "source")

_COUNTED = """
CREATE OR REPLACE TEMP TABLE counted AS
SELECT report.id, strftime(report.day, '%Y-%m-%d') AS day, report.category, area.powiat,
    coalesce(report.unit, '') AS unit, report.status, report.source,
    took.take_up, took.verification, took.elimination,
    coalesce(took.late_take_up, 0) AS late_take_up, coalesce(took.late_verification, 0) AS late_verification,
    coalesce(took.reopened, 0) AS reopened
FROM read_parquet($1) AS report
JOIN area ON area.area = coalesce(report.area, '')
LEFT JOIN took ON took.id = report.id
WHERE report.day < $2 AND EXISTS (
    SELECT 1 FROM countable
    WHERE countable.status = report.status AND countable.reason IS NOT DISTINCT FROM report.reason
    AND countable.tier IS NOT DISTINCT FROM report.tier)
"""

_JSON = ", ',', ".join(
    [f"coalesce(to_json({name})::VARCHAR, 'null')" for name in _TEXTS]
    + [f"coalesce({name}::VARCHAR, 'null')" for name in _TOOK if name != "id"]
)
_DOCUMENTS = f"""
SELECT unit, concat('[', string_agg(line, ',' ORDER BY day, id), ']')
FROM (SELECT id, day, unit, concat('[', {_JSON}, ']') AS line FROM counted) GROUP BY unit
"""

_SUMS = """
SELECT unit, {by} AS key, histogram(status), histogram(source) FILTER (source IS NOT NULL), {durations},
    sum(late_take_up)::INTEGER, sum(late_verification)::INTEGER, count(*) FILTER (reopened > 0)
FROM counted GROUP BY unit, key ORDER BY unit, key
""".replace(
    "{durations}", ", ".join(f"list({name} ORDER BY {name}) FILTER ({name} IS NOT NULL)" for name in _DURATIONS)
)


def load(
    shop: Workshop,
    path: Path,
    before: str,
    histories: Iterable[tuple[str, list[Event]]],
    categories: Mapping[str, Category],
) -> int:
    """Make the table `counted` of a month's file: the reports before a day that count; return how many.

    `histories` tell of some reports what has happened to them, from which follows how long that took.
    """
    database = shop.database
    countable(shop, [str(path)])
    areas = database.execute("SELECT DISTINCT coalesce(area, '') FROM read_parquet($1)", [str(path)]).fetchall()
    table_of(database, "area", {"area": "VARCHAR", "powiat": "VARCHAR"}, ((area, powiat_of(area)) for (area,) in areas))
    table_of(database, "took", _TOOK, _timings(shop, path, histories, categories))
    database.execute(_COUNTED, [str(path), before])
    ((rows,),) = database.execute("SELECT count(*) FROM counted").fetchall()
    return int(rows)


def documents(shop: Workshop, scopes_of: Callable[[str], Sequence[str]]) -> Iterator[tuple[Sequence[str], bytes]]:
    """Yield the rows of `counted` unit by unit, by day and id, as JSON, with the scopes that each unit is in.

    `scopes_of` tells those of a unit from the narrowest to the widest. Units of a scope follow each other.
    """
    found = [(scopes_of(unit), text) for unit, text in shop.database.execute(_DOCUMENTS).fetchall()]
    for scopes, text in sorted(found, key=lambda each: tuple(each[0][::-1])):
        yield scopes, text.encode()


def sums(shop: Workshop) -> Sums:
    """Return the sums of `counted`, unit by unit."""
    found: Sums = {}
    for by in KEPT:
        for unit, key, status, named, *parts in shop.database.execute(_SUMS.replace("{by}", by)).fetchall():
            take_up, verification, elimination, *rest = parts
            tally = Tally(status, named or {}, take_up or [], verification or [], elimination or [], *rest)
            found.setdefault(unit, {}).setdefault(by, {})[key] = tally.document()
    return found


def _timings(
    shop: Workshop, path: Path, histories: Iterable[tuple[str, list[Event]]], categories: Mapping[str, Category]
) -> Iterator[tuple[Any, ...]]:
    told = dict(histories)
    if not told:
        return
    for report, code in shop.database.execute("SELECT id, category FROM read_parquet($1)", [str(path)]).fetchall():
        if report in told and (category := categories.get(code)) is not None:
            took = timing(category, told[report])
            durations = (took.take_up, took.verification, took.elimination)
            yield report, *durations, int(took.late_take_up), int(took.late_verification), took.reopened
