"""What one night costs: CPU seconds and peak memory of the nightly function, from scratch and from kept state.

The events come from recorded answers of the feed's index, so that the measured process does all that the deployed
function does, from the parsing of the answers on; the tables and buckets are the emulator's, which is
another process. `python -m tests.nightly.benchmark FOLDER DAY` is the measured process itself.
"""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import h3

from chalicelib.container import Container
from chalicelib.domain.catalogue import Catalogue
from chalicelib.events import nightly
from chalicelib.settings import Settings
from chalicelib.store import keys
from chalicelib.store.feed import Feed, Wire
from tests.support.stacks import DataStack

RECORDED = date(2026, 11, 22)
"""The day under which the recorded batches stand."""

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BATCH = 1000


def measure(stack: DataStack, incidents: Path, instance: Path, folder: Path, count: int) -> dict[str, Any]:
    """Return what a first night over the newest `count` incidents costs, and the next night with a thousand more.

    The days are the first two after the last incident; `folder` is for the recorded answers.
    """
    catalogue = Catalogue.from_document(json.loads((instance / "catalogue.json").read_text(encoding="utf-8")))
    first, second = folder / "first", folder / "second"
    for place in (first, second):
        place.mkdir()
    for number, page in enumerate(_pages(incidents, catalogue, count + BATCH)):
        name = f"{number:06d}.json"
        ((second if number == 0 else first) / name).write_text(json.dumps(page), encoding="utf-8")
    environment = os.environ | stack.environment() | {"INSTANCE_DIR": str(instance)}
    return {
        "from_scratch": _night(first, "2017-07-01", environment),
        "from_kept_state": _night(second, "2017-07-02", environment),
    }


def _night(pages: Path, day: str, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.nightly.benchmark", str(pages), day]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


def _pages(incidents: Path, catalogue: Catalogue, count: int) -> Iterator[dict[str, Any]]:
    rows = duckdb.execute(
        f"SELECT type, ts::DATE::VARCHAR, lat, lon FROM '{incidents}'"  # noqa: S608 - a path
        f" WHERE lat IS NOT NULL ORDER BY ts DESC LIMIT {count}"
    )
    number = 0
    while batch := rows.fetchmany(BATCH):
        yield {"Items": [_item(number + place, row, catalogue) for place, row in enumerate(batch)]}
        number += len(batch)


def _item(number: int, row: tuple[Any, ...], catalogue: Catalogue) -> Wire:
    name, day, lat, lon = row
    category = catalogue.find(name)
    if category is None:
        raise ValueError(name)
    report, at = f"{number * 0x9E3779B97F4A7C15 % 2**128:032x}"[:26], keys.instant(NOW)
    values = {
        "PK": keys.report(report),
        "SK": keys.event(1),
        "G1PK": keys.import_feed(RECORDED.isoformat(), f"{number // BATCH:06d}"),
        "G1SK": keys.at_id_sequence(at, report, 1),
        "t": "event",
        "id": report,
        "type": "imported",
        "at": at,
        "status": "eliminated",
        "category": category.code,
        "cell": str(h3.latlng_to_cell(lat, lon, 11)),
        "area": "vancouver",
        "unit": "VPD",
        "day": day,
        "occurred_day": day,
        "origin": "import",
        "resolved_day": day,
    }
    return {name: {"S": value} for name, value in values.items()} | {"seq": {"N": "1"}, "tier": {"N": "1"}}


@dataclass(frozen=True)
class RecordedTable:
    """A client that answers the feed's queries from recorded pages, each of which is one import batch."""

    folder: Path

    def query(self, **request: Any) -> dict[str, Any]:
        """Answer a query of the ledger of imports or of a batch; nothing else was recorded."""
        partition = request["ExpressionAttributeValues"][":pk"]["S"]
        prefix, _, rest = partition.partition(f"#{RECORDED.isoformat()}")
        if prefix == "IMPORT":
            pages = sorted(page.stem for page in self.folder.iterdir())
            return {"Items": [{"SK": {"S": page}, "rows": {"N": "1"}} for page in pages]}
        if prefix == "I":
            return {"Items": json.loads((self.folder / f"{rest[1:]}.json").read_bytes())["Items"]}
        return {"Items": []}


def run_night(container: Container, client: Any, day: str) -> dict[str, Any]:
    """Run one night whose feed is read from a client of recorded answers; return its summary."""
    container._resources.__dict__["feed"] = Feed(client, container.settings.main_table)
    # Its metrics are for a log; here the summary alone is wanted.
    with redirect_stdout(io.StringIO()):
        return nightly.handle({"day": day}, container)


def main(folder: Path, day: str) -> None:
    """Run one night over the recorded pages and print its summary."""
    container = Container(Settings.from_environment(os.environ), lambda: NOW)
    json.dump(run_night(container, RecordedTable(folder), day), sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
