"""The points of a build from the kept state: whatever stands on the map at its midnight or will by time alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from chalicelib.hotspots.grid import name
from chalicelib.hotspots.indexes import ancestor_bits
from chalicelib.services.points import PARENT_RESOLUTION, Point, Stage
from chalicelib.services.state import Workshop

LONGEST = timedelta(days=40)
"""Longer than any closed case stays on the map after its last change."""

_CHUNK = 20_000

_CANDIDATES = """
SELECT (cell & $2) | $3 AS parent, id, day::VARCHAR AS day, cell, category, status, tier, created, changed
FROM read_parquet($1) JOIN candidate USING (category, status, tier)
WHERE candidate.oldest IS NULL OR changed >= candidate.oldest
ORDER BY parent, id
"""


def standing(
    shop: Workshop, paths: Sequence[Path], stage: Stage, midnight: datetime
) -> Iterator[tuple[str, list[Point]]]:
    """Yield each tile's name and its points that have not left the map by `midnight`, in the order of the names."""
    if not paths:
        return
    files = [str(path) for path in paths]
    _candidates(shop, files, stage, midnight)
    kept, added = ancestor_bits(PARENT_RESOLUTION)
    rows = shop.database.cursor().execute(_CANDIDATES, [files, kept, added])
    instant = int(midnight.timestamp())
    for parent, group in groupby(_fetched(rows), key=lambda row: int(row[0])):
        points = [point for row in group if (point := _point(stage, row)) is not None]
        lasting = [point for point in points if point.ends is None or point.ends > instant]
        if lasting:
            yield name(parent), lasting


def _candidates(shop: Workshop, files: list[str], stage: Stage, midnight: datetime) -> None:
    """Make the table `candidate`: which kinds of reports may stand on the map, changed how long ago at most."""
    kinds = shop.database.execute("SELECT DISTINCT category, status, tier FROM read_parquet($1)", [files]).fetchall()
    shop.database.execute(
        "CREATE OR REPLACE TABLE candidate (category VARCHAR, status VARCHAR, tier INTEGER, oldest TIMESTAMP)"
    )
    for category, status, tier in kinds:
        span = stage.span(category, status, tier, midnight, midnight)
        if span is not None:
            oldest = None if span[1] is None else (midnight - LONGEST).astimezone(UTC).replace(tzinfo=None)
            shop.database.execute("INSERT INTO candidate VALUES (?, ?, ?, ?)", [category, status, tier, oldest])


def _fetched(rows: Any) -> Iterator[tuple[Any, ...]]:
    while chunk := rows.fetchmany(_CHUNK):
        yield from chunk


def _point(stage: Stage, row: tuple[Any, ...]) -> Point | None:
    _, report, day, cell, category, status, tier, created, changed = row
    filed, stands_since = created.replace(tzinfo=UTC), changed.replace(tzinfo=UTC)
    return stage.point(report, day, name(cell), category, status, tier, filed, stands_since)
