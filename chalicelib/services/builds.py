"""The steps that make one build's files; each is a function of the kept state and the day alone.

A step writes its files, then a record of them. The record is what the next run finds where this one
died, what the verification reads back, and what the next build compares with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.domain.calendar import day_bounds
from chalicelib.domain.instance import Instance
from chalicelib.hotspots.levels import thresholds
from chalicelib.hotspots.periods import closed
from chalicelib.hotspots.scores import Scored, scored
from chalicelib.hotspots.table import Table, table
from chalicelib.hotspots.tile_scores import tile_scores
from chalicelib.hotspots.tiles import Layer
from chalicelib.hotspots.tiles import tiles as tile_documents
from chalicelib.services import cell_geojson, cell_table, tellings
from chalicelib.services.base import Base, BaseTile, base_files, index_file, tile_file
from chalicelib.services.cell_tiles import Tiles, live
from chalicelib.services.cells import Reports, counting, layers, telling
from chalicelib.services.describing import descriptions
from chalicelib.services.exports import ReportRows
from chalicelib.services.files import JSON, File, Written, compact, digest, packed, put, put_all, spread
from chalicelib.services.manifest import build_prefix
from chalicelib.services.points import Point, Stage
from chalicelib.services.regions import region
from chalicelib.services.standing import standing
from chalicelib.services.state import State, Workshop
from chalicelib.services.statistics import statistics
from chalicelib.services.tellings import Tellings
from chalicelib.store.objects import Objects

CSV_GZ = "application/gzip"
PARQUET = "application/vnd.apache.parquet"


@dataclass(frozen=True, slots=True)
class Record:
    """What a step wrote to the site, and what the manifest and later steps need to know of it."""

    written: list[Written]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Build:
    """One build of one day from one state.

    `site_url` is the origin of the site, for addresses; `names` are those of areas by code; `code` names the program:
    another program may make other files of the same state.
    """

    site: Objects
    work: Objects
    instance: Instance
    site_url: str
    state: State
    day: date
    code: str
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The build's name: equal inputs, equal name."""
        inputs = [self.state.version, self.day.isoformat(), self.fingerprint]
        return f"{self.day.isoformat()}-{digest(compact(inputs))[:12]}"

    @property
    def fingerprint(self) -> str:
        """Hash of what besides the reports decides over the files: the catalogue, address and names, the program."""
        rows = [
            (row.code, row.sensitivity.value, row.public_after_confirmation)
            for row in self.instance.catalogue.categories.values()
        ]
        return digest(compact([sorted(rows), self.site_url, self.code, sorted(self.names.items())]))[:16]

    def record(self, step: str) -> Record | None:
        """Return what a step of this build has recorded."""
        return read_record(self.work, self.name, step)

    def cells(self, shop: Workshop, previous: Record | None) -> Record:
        """Write what is new of the cell pyramid, the lists of its tiles, and the table of counts in both formats."""
        reports = counting(shop, self.paths(shop), self.instance.catalogue, self.day)
        found, totals = layers(reports, self._told(shop))
        scores = self._scores(shop, found, reports.codes)
        prefix = build_prefix(self.name)
        tiles = Tiles(self.site, self.name, {} if previous is None else previous.facts.get("tiles", {}))
        written = tiles.write(self._tiles(found, scores, reports.codes))
        export = cell_table.export(shop, reports.codes, (_table(layer, scores, reports) for layer in found))
        hexagons = cell_geojson.collection(found, scores, reports.codes)
        written += put_all(
            self.site,
            [
                *tiles.index(),
                File(f"{prefix}exports/cells.csv.gz", export.csv, CSV_GZ),
                File(f"{prefix}exports/cells.parquet", export.parquet, PARQUET),
                File(f"{prefix}exports/cells.geojson.gz", hexagons, CSV_GZ),
            ],
        )
        return self.recorded(
            "cells",
            written,
            {
                "totals": {"reports_365d": totals.year, "reports_28d": totals.recent},
                "ordinary": totals.ordinary,
                "levels": {str(layer.res): thresholds(layer.year) for layer in found},
                "cells": {str(layer.res): len(layer.cell) for layer in found},
                "tiles": tiles.found,
                "hot": {str(res): int((one.cells.windows["365d"]["hot"] > 0).sum()) for res, one in scores.items()},
            },
        )

    def points(self, shop: Workshop) -> Record:
        """Write the points as they stand at the day's midnight, and the base for live publishing."""
        midnight = day_bounds(self.day, self.instance.zone)[0]
        base = Base(self.name, int(midnight.timestamp()), self.state.folded_at or "", tiles := {})
        made = spread(
            partial(self._write_points, base), standing(shop, self.paths(shop), Stage(self.instance), midnight)
        )
        written: list[Written] = []
        for parent, entry, files in made:
            tiles[parent] = entry
            written.extend(files)
        put_all(self.work, [index_file(base)])
        return self.recorded("points", written, {"tiles": len(base.hashes)})

    def exports(self, shop: Workshop, previous: Record | None) -> Record:
        """Write the rows of reports month by month, and their index; months that are as before are only copied."""
        known = {} if previous is None else dict(previous.facts["months"])
        months, written = {}, []
        for month, path in sorted(shop.fetch(self.work, self.state.months).items()):
            source = digest(compact([self.state.months[month].sha256, self.fingerprint]))
            fact = known.get(month)
            if fact is None or fact["source"] != source or not fact["from"] <= self.day.isoformat() < fact["until"]:
                fact = self._export_month(shop, month, path, source)
            else:
                fact = self._copied_month(month, fact)
            months[month] = fact
            written += [
                Written(fact[kind]["key"], fact[kind]["sha256"], fact[kind]["size"]) for kind in ("csv", "parquet")
            ]
        index = packed(f"{build_prefix(self.name)}exports/reports.json", compact(_index(months)))
        return self.recorded("exports", [*written, *put_all(self.site, [index])], {"months": months})

    def description(self, records: Mapping[str, Record]) -> Record:
        """Write what describes the exports that the other steps have recorded."""
        written = [file for record in records.values() for file in record.written]
        prefix, months = f"{build_prefix(self.name)}exports/", records["exports"].facts["months"]
        found = descriptions(self.instance, self.site_url, self.day, prefix, written, months)
        return self.recorded("description", put_all(self.site, found), {})

    def _export_month(self, shop: Workshop, month: str, path: Path, source: str) -> dict[str, Any]:
        rows = ReportRows(self.instance.catalogue, self.instance.zone, self.day)
        export = rows.month(shop, path)
        folder = self._month_folder(month)
        files = [
            File(f"{folder}reports.csv.gz", export.csv, CSV_GZ),
            File(f"{folder}reports.parquet", export.parquet, PARQUET),
        ]
        csv, parquet = (written._asdict() for written in put_all(self.site, files))
        # A month that is not over changes every day, another one when its first row expires.
        open_month = month >= self.day.isoformat()[:7]
        until = self.day + timedelta(days=1) if open_month else rows.until
        return {
            "source": source,
            "from": self.day.isoformat(),
            "until": (until or date.max).isoformat(),
            "rows": export.rows,
            "csv": csv,
            "parquet": parquet,
        }

    def _copied_month(self, month: str, fact: Mapping[str, Any]) -> dict[str, Any]:
        moved = dict(fact)
        for kind in ("csv", "parquet"):
            name = fact[kind]["key"].rsplit("/", 1)[1]
            moved[kind] = {**fact[kind], "key": f"{self._month_folder(month)}{name}"}
            self.site.copy(fact[kind]["key"], moved[kind]["key"])
        return moved

    def _month_folder(self, month: str) -> str:
        year, number = month.split("-")
        return f"{build_prefix(self.name)}exports/reports/year={year}/month={number}/"

    def _write_points(self, base: Base, made: tuple[str, list[Point]]) -> tuple[str, BaseTile, list[Written]]:
        parent, points = made
        entry, file, body = base_files(base.build, parent, points, base.at)
        put(self.work, file)
        return parent, entry, [] if body is None else [put(self.site, tile_file(base.publication, parent, body))]

    def _scores(self, shop: Workshop, found: Sequence[Layer], codes: Sequence[str]) -> dict[int, Scored]:
        """Return the statistics by resolution; none where nobody has said yet where the country is."""
        country = region(self.work, self.instance.statistics_resolution)
        if country is None:
            return {}
        results = statistics(shop, self.paths(shop), self.instance.catalogue, self.day, country, codes)
        return {
            layer.res: scored(layer, ((one.layer, one.cells, one.analysis) for one in results[layer.res]))
            for layer in found
            if layer.res in results
        }

    def _tiles(
        self, found: Sequence[Layer], scores: Mapping[int, Scored], codes: Sequence[str]
    ) -> Iterator[tuple[int, str, Any]]:
        for layer in found:
            marks = tile_scores(scores[layer.res]) if layer.res in scores else None
            for parent, document in tile_documents(layer, codes, marks):
                yield layer.res, parent, document

    def _told(self, shop: Workshop) -> Tellings:
        """Return what is told of vulnerable categories, and keep what is told for the first time.

        Raises:
            PointerMoved: another run was faster; nothing was published.
        """
        known, etag = tellings.read(self.work)
        told = telling(shop, self.paths(shop), self.instance.catalogue, closed(self.day), known)
        if kept := {period: row for period, row in told.items() if row != known.get(period, {})}:
            tellings.keep(self.work, {**known, **kept}, etag)
        return tellings.guarded(told, self.instance.catalogue)

    def paths(self, shop: Workshop) -> list[Path]:
        """Return the files of the kept state, brought into the workshop."""
        return list(shop.fetch(self.work, self.state.months).values())

    def recorded(self, step: str, written: list[Written], facts: Mapping[str, Any]) -> Record:
        """Keep what a step has written, and return the record."""
        body = compact({"written": written, "facts": facts})
        self.work.put(record_key(self.name, step), body, JSON)
        return Record(written, facts)


def record_key(build: str, step: str) -> str:
    """Return where a step's record lies in the work bucket."""
    return f"state/builds/{build}/{step}.json"


def read_record(work: Objects, build: str, step: str) -> Record | None:
    """Return what a step of a build has recorded, or None."""
    body = work.get(record_key(build, step))
    if body is None:
        return None
    document = json.loads(body)
    return Record([Written(*row) for row in document["written"]], document["facts"])


def facts(work: Objects, builds: Iterable[str], step: str) -> Iterator[Mapping[str, Any]]:
    """Yield what a step has recorded for those of these builds that have come so far."""
    records = (read_record(work, name, step) for name in builds)
    return (one.facts for one in records if one is not None)


def live_tiles(work: Objects, builds: Iterable[str]) -> frozenset[str]:
    """Return the names of the tiles of cells that any of these builds names."""
    return frozenset(tile for one in facts(work, builds, "cells") for tile in live(one.get("tiles", {})))


def _table(layer: Layer, scores: Mapping[int, Scored], reports: Reports) -> tuple[int, Table]:
    known = scores[layer.res] if layer.res in scores else scored(layer, [])
    return layer.res, table(layer, known, reports.cell, reports.category, reports.recent, reports.source)


def _index(months: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the published index of the monthly exports; paths are relative to it."""
    return {
        "months": [
            {
                "year": int(month[:4]),
                "month": int(month[5:]),
                "rows": fact["rows"],
                **{kind: _listed(fact[kind]) for kind in ("csv", "parquet")},
            }
            for month, fact in months.items()
        ]
    }


def _listed(file: Mapping[str, Any]) -> dict[str, Any]:
    path = file["key"].split("/exports/", 1)[1]
    return {"path": path, "bytes": file["size"], "sha256": file["sha256"]}
