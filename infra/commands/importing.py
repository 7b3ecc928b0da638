"""`make import FILE=reports.csv [CRS=EPSG:2180]`: loads reports in bulk into the running instance."""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from botocore.config import Config
from tqdm import tqdm

from chalicelib.clock import system_clock
from chalicelib.container import DOCUMENTS, Container
from chalicelib.domain.faults import FieldFault
from chalicelib.domain.importrow import Projection, Reader
from chalicelib.domain.instance import Instance
from chalicelib.languages import fault_message
from chalicelib.services.imported import Recorder
from chalicelib.services.importing import Importer, Line, Summary
from chalicelib.settings import Settings
from chalicelib.store.bulk import THREADS, BulkStore, Unprocessed
from infra.commands.instance import NotRunning, Running, connect
from infra.local.emulator import ROOT

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

REJECTS = ("line", "field", "code", "reason")


class BadFile(Exception):
    """The file cannot be imported at all; the message says why and what to do."""


def main() -> int:
    """Import the file that the arguments name; 1 and a word of advice where that is impossible."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="CSV with a header row, UTF-8")
    parser.add_argument("--crs", help="reference system of the columns x (easting) and y (northing), e.g. EPSG:2180")
    arguments = parser.parse_args()
    try:
        summary = import_file(connect(), arguments.file, arguments.crs)
    except (BadFile, NotRunning) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except Unprocessed:
        print("The table keeps refusing. Run the same command again: it goes on where it stopped.", file=sys.stderr)
        return 1
    print(", ".join(f"{name} {number}" for name, number in asdict(summary).items()))
    return 0


def import_file(running: Running, path: Path, crs: str | None = None, now: datetime | None = None) -> Summary:
    """Import a file; bad rows go to `<file>.rejects.csv`, which is there only if there are any.

    Raises `BadFile` for a file without the columns, `store.bulk.Unprocessed` where the table keeps refusing.
    """
    container = container_of(running)
    instance = container.instance
    now = now or system_clock()
    reader = Reader(instance.catalogue, instance.zone, now, projection(crs) if crs else None)
    rejects = path.with_name(path.name + ".rejects.csv")
    with _open(path) as file, tqdm(total=_rows(path), unit=" rows", mininterval=1) as bar:
        lines = _lines(file, reader, instance.default_language)
        with closing(Rejects(rejects, instance.default_language)) as rejected:
            return Importer(
                store=BulkStore(_client(running), running.names["MAIN_TABLE"]),
                reader=reader,
                recorder=Recorder(container.places, container.units, instance.zone, now),
                key=container.secrets.keyring.imports,
                zone=instance.zone,
                now=now,
                reject=rejected.add,
                progress=bar.update,
            ).run(lines)


class Rejects:
    """The file of bad rows: one line a fault, made at the first and absent where there is none."""

    def __init__(self, path: Path, language: str) -> None:
        self._path, self._language = path, language
        self._file: IO[str] | None = None
        path.unlink(missing_ok=True)

    def add(self, line: int, faults: list[FieldFault]) -> None:
        """Write the faults of a line."""
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(REJECTS)
        rows = [(line, fault.field, fault.code.value, fault_message(fault, self._language)) for fault in faults]
        csv.writer(self._file).writerows(rows)

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()


def projection(crs: str) -> Projection:
    """Return the way from a reference system's easting and northing to degrees; `BadFile` for an unknown one."""
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    try:
        transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    except CRSError as unknown:
        raise BadFile(f"{crs} is no reference system that is known here. Poland's is EPSG:2180.") from unknown

    def to_degrees(x: float, y: float) -> tuple[float, float]:
        lon, lat = transformer.transform(x, y)
        return lat, lon

    return to_degrees


def instance_of(folder: Path) -> Instance:
    """Return the instance of a folder of configuration."""
    documents = (json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in DOCUMENTS)
    return Instance.from_documents(*documents)


def _client(running: Running) -> DynamoDBClient:
    # The items are the models' own: checking each attribute again would cost a third of the import.
    config = Config(parameter_validation=False, max_pool_connections=THREADS)
    client: DynamoDBClient = running.session().client("dynamodb", endpoint_url=running.endpoint, config=config)
    return client


def container_of(running: Running) -> Container:
    """Return the program's own container over a running instance."""
    os.environ.update(running.environment())
    os.environ["INSTANCE_DIR"] = str(ROOT / "instances" / running.instance)
    return Container(Settings.from_environment(os.environ))


def _open(path: Path) -> IO[str]:
    try:
        # Bytes that are no UTF-8 become lone surrogates, which spoil their own row and no other.
        return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as absent:
        raise BadFile(f"{path}: {absent.strerror}. Name the file: make import FILE=reports.csv") from absent


def _rows(path: Path) -> int:
    with path.open("rb") as file:
        return max(0, sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) - 1)


def _lines(file: IO[str], reader: Reader, language: str) -> Iterator[Line]:
    records = csv.DictReader(file, strict=True)
    faults = reader.header_faults(list(records.fieldnames or ()))
    if faults:
        told = "; ".join(f"{fault.field}: {fault_message(fault, language)}" for fault in faults)
        raise BadFile(f"The header row does not fit. {told}")
    return _records(records)


def _records(records: csv.DictReader[str]) -> Iterator[Line]:
    while True:
        line = records.line_num + 1
        try:
            yield line, next(records)
        except StopIteration:
            return
        except csv.Error:
            yield line, {None: []}


if __name__ == "__main__":
    sys.exit(main())
