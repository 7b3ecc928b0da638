"""Histories of reports, and what the night's own code publishes of them on each of several days."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import h3
import numpy as np

from chalicelib.domain.catalogue import Catalogue
from chalicelib.hotspots.counts import pyramid
from chalicelib.hotspots.indexes import RESOLUTIONS
from chalicelib.hotspots.periods import closed, first_day
from chalicelib.hotspots.scores import ALL, scored
from chalicelib.hotspots.table import table
from chalicelib.hotspots.tiles import Layer, layer, tiles
from chalicelib.services.cells import Reports, Totals, counting, layers, telling
from chalicelib.services.state import COLUMNS, Workshop
from chalicelib.services.tellings import Tellings
from tests.disclosure.attacker import Attacker, Days, Seen, decoded

ORDINARY, VULNERABLE, OTHER, HIDDEN = "illegal_parking", "begging", "homeless_person", "drug_use"


@dataclass(frozen=True)
class Told:
    """One report: where, when, and from which day on it is known to be a mistake; `tier` 2 waits for confirmation."""

    category: str
    cell: str
    day: date
    mistake: date | None = None
    tier: int = 1
    source: str | None = None


def windows(day: date) -> tuple[Days, Days]:
    """The days that the counts of vulnerable categories are of, as documented."""
    periods = closed(day)
    return (first_day(periods.start), first_day(periods.stop)), (first_day(periods.stop - 1), first_day(periods.stop))


def rolling(day: date) -> tuple[Days, Days]:
    """The days of counts that move every day."""
    return (day - timedelta(days=365), day), (day - timedelta(days=28), day)


@dataclass
class Publisher:
    """The night's code over a history; what was told before is kept."""

    folder: Path
    catalogue: Catalogue

    def builds(self, history: Sequence[Told], days: Iterable[date]) -> list[Seen]:
        """Publish on each of the days, as a night does."""
        known: Tellings = {}
        found = []
        with duckdb.connect() as database:
            shop = Workshop(database, self.folder)
            for day in days:
                paths = [_state(shop, history, day)]
                told = telling(shop, paths, self.catalogue, closed(day), known)
                known = {**known, **told}
                reports = counting(shop, paths, self.catalogue, day)
                found.append(seen(day, reports, *layers(reports, told)))
        return found


def naive(history: Sequence[Told], days: Iterable[date]) -> list[Seen]:
    """Publish everything of everybody: all counts in full, of windows that move every day."""
    found, codes = [], sorted({told.category for told in history})
    for day in days:
        counted = [
            told for told in history if day - timedelta(days=365) <= told.day < day and not is_mistake(told, day)
        ]
        names = sorted({told.source for told in counted if told.source})
        reports = Reports(
            codes,
            np.array([int(told.cell, 16) for told in counted], dtype=np.uint64),
            np.array([codes.index(told.category) for told in counted], dtype=np.int64),
            np.array([told.day >= day - timedelta(days=28) for told in counted], dtype=np.bool_),
            np.array([names.index(told.source) if told.source else -1 for told in counted], dtype=np.int64),
        )
        levels = pyramid(reports.cell, reports.category, reports.recent, RESOLUTIONS)[::-1]
        made = [layer(level, np.ones(len(level.cell), dtype=np.bool_)) for level in levels]
        found.append(seen(day, reports, made, Totals(len(counted), int(reports.recent.sum()), len(counted))))
    return found


def seen(day: date, reports: Reports, made: Sequence[Layer], totals: Totals) -> Seen:
    """Read a build as its readers do: its tiles, its table and its totals."""
    counts: dict[tuple[str, str], tuple[int, int | None]] = {}
    sums: dict[str, tuple[int, int]] = {}
    rows: list[tuple[str, str, int, int, int]] = []
    for level in made:
        for _, tile in tiles(level, reports.codes):
            for cell, year, recent, by_category in decoded(tile):
                sums[cell] = (year, recent)
                counts.update({(cell, code): told for code, told in by_category.items()})
        columns = table(level, scored(level, []), reports.cell, reports.category, reports.recent, reports.source)
        counted = [columns[name].tolist() for name in ("cell", "category", "window", "reports", "sources")]
        for cell, category, window, number, sources in zip(*counted, strict=True):
            code = "all" if category == ALL else reports.codes[category]
            rows.append((f"{cell:x}", code, window, number, sources))
    return Seen(day, counts, sums, (totals.year, totals.recent), rows)


def is_mistake(told: Told, day: date) -> bool:
    """Tell whether a report is known to be a mistake on a day."""
    return told.mistake is not None and told.mistake <= day


def attacker(catalogue: Catalogue, *, moving: bool = False) -> Attacker:
    """Return one who knows the catalogue and which days are counted."""
    codes = {kind: frozenset(c.code for c in catalogue.categories.values() if c.sensitivity == kind) for kind in KINDS}
    return Attacker(rolling if moving else windows, codes["vulnerable"], codes["hidden"])


KINDS = ("vulnerable", "hidden")


def truth(history: Sequence[Told], category: str, place: str, days: Days, without: frozenset[str]) -> int:
    """Count what a claim is about, report by report."""
    return sum(
        told.category == category
        and days[0] <= told.day < days[1]
        and told.mistake is None
        and h3.cell_to_parent(told.cell, h3.get_resolution(place)) == place
        and not any(h3.cell_to_parent(told.cell, h3.get_resolution(cell)) == cell for cell in without)
        for told in history
    )


def _state(shop: Workshop, history: Sequence[Told], day: date) -> Path:
    """Write the kept state of a day, as the fold leaves it."""
    spool, target = shop.folder / "state.csv", shop.folder / "state.parquet"
    with spool.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(COLUMNS), restval="")
        for number, told in enumerate(history):
            if told.day < day:
                status = {"status": "joke", "reason": "joke"} if is_mistake(told, day) else {"status": "new"}
                fixed = {"id": f"r{number}", "seq": 1, "cell": int(told.cell, 16), "day": told.day.isoformat()}
                named = {"category": told.category, "tier": told.tier, "source": told.source or ""}
                writer.writerow({**fixed, **named, **status})
    types = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items()) + "}"
    shop.database.execute(
        f"COPY (FROM read_csv('{spool}', header = false, auto_detect = false, nullstr = '', columns = {types}))"
        f" TO '{target}' (FORMAT parquet)"
    )
    return target
