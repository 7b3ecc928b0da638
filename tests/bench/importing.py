"""Rows a second of the import, against a bare BatchWriteItem of the same items on the same emulator.

All 429,435 located incidents of Vancouver; `BENCH_ROWS` takes the newest of them only.
"""

import csv
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from botocore.config import Config

from chalicelib.domain.importrow import Reader
from chalicelib.domain.place import load_pack
from chalicelib.services.imported import Recorder
from chalicelib.services.importing import Importer
from chalicelib.store.bulk import THREADS, WRITE_LIMIT, BulkStore
from infra.commands.importing import instance_of
from tests.bench.stage import data_stack
from tests.support.stacks import DataStack
from tests.support.vancouver import ALL, FOLDER, data_file, pack, write_csv

SAMPLE = 10_000
"""Reports whose items the bare write repeats."""


def run() -> dict[str, Any]:
    """Rate of the import, of the bare write, and their ratio; CPU of this process for a row."""
    incidents = data_file()
    if incidents is None:
        return {"skipped": "needs the outside data of CZUJKA_DATA"}
    rows = int(os.environ.get("BENCH_ROWS", ALL))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "newest.csv"
        write_csv(incidents, file, rows)
        with data_stack() as stack:
            wall, cpu = _timed_import(stack, file, rows)
            bare = _bare_write(stack, min(SAMPLE, rows))
    return {
        "rows": rows,
        "seconds": round(wall),
        "rows_per_s": round(rows / wall),
        "cpu_ms_per_row": round(1000 * cpu / rows, 3),
        "bare_write_rows_per_s": round(bare),
        "share_of_bare_rate": round(rows / wall / bare, 2),
    }


def importer(stack: DataStack, now: datetime) -> Importer:
    """Return an importer of Vancouver's incidents into a stack, exact by its outline."""
    instance, places = instance_of(FOLDER), load_pack(pack())
    return Importer(
        store=BulkStore(_client(stack), stack.names["MAIN_TABLE"]),
        reader=Reader(instance.catalogue, instance.zone, now),
        recorder=Recorder(places, instance.units, instance.zone, now),
        key=b"k" * 32,
        zone=instance.zone,
        now=now,
        reject=_refuse,
        progress=lambda _: None,
    )


def lines(file: Path) -> Iterator[tuple[int, dict[str | None, Any]]]:
    """Yield the records of a file with their line numbers."""
    with file.open(newline="", encoding="utf-8") as stream:
        yield from enumerate(csv.DictReader(stream), start=2)


def _client(stack: DataStack) -> Any:
    config = Config(parameter_validation=False, max_pool_connections=THREADS)
    return stack.access.session().client("dynamodb", endpoint_url=stack.access.endpoint, config=config)


def _refuse(line: int, faults: object) -> None:
    raise AssertionError(f"line {line}: {faults}")


def _timed_import(stack: DataStack, file: Path, rows: int) -> tuple[float, float]:
    work = importer(stack, datetime(2026, 11, 22, 12, tzinfo=UTC))
    wall, cpu = time.perf_counter(), time.process_time()
    summary = work.run(lines(file))
    if summary.written != rows:
        raise AssertionError(summary)
    return time.perf_counter() - wall, time.process_time() - cpu


def _bare_write(stack: DataStack, reports: int) -> float:
    """Write the items of some reports once more, ready made; return reports a second."""
    client, table = _client(stack), stack.names["MAIN_TABLE"]
    pages = client.get_paginator("scan").paginate(TableName=table)
    found = (item for page in pages for item in page["Items"] if item["t"]["S"] in {"report", "event"})
    items = list(islice(found, 2 * reports))
    chunks = [items[start : start + WRITE_LIMIT] for start in range(0, len(items), WRITE_LIMIT)]
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda chunk: _put(client, table, chunk), chunks))
    return reports / (time.perf_counter() - start)


def _put(client: Any, table: str, chunk: list[Any]) -> None:
    client.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in chunk]})
