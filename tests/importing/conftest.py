"""A table on the emulator, Vancouver's own outline and words, and an importer at work on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.faults import FieldFault
from chalicelib.domain.importrow import Reader
from chalicelib.domain.instance import Instance
from chalicelib.domain.place import Places, load_pack
from chalicelib.services.imported import Recorder
from chalicelib.services.importing import Importer, Summary
from chalicelib.store.bulk import BulkStore
from chalicelib.store.models import bind
from infra.commands.importing import instance_of
from tests.support.stacks import DataStack
from tests.support.vancouver import FOLDER, pack

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = b"k" * 32


@dataclass
class Desk:
    """Imports rows into the table at a told moment, and looks at what came of it."""

    stack: DataStack
    instance: Instance
    places: Places
    now: datetime = NOW
    rejects: list[tuple[int, list[str]]] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)

    @property
    def client(self) -> Any:
        return self.stack.client("dynamodb")

    def own_client(self) -> Any:
        """A client that a test may tamper with: nobody else has it."""
        return self.stack.access.client("dynamodb")

    @property
    def table(self) -> str:
        return self.stack.names["MAIN_TABLE"]

    def importer(self, store: BulkStore | None = None) -> Importer:
        return Importer(
            store=store or BulkStore(self.client, self.table),
            reader=Reader(self.instance.catalogue, self.instance.zone, self.now),
            recorder=Recorder(self.places, self.instance.units, self.instance.zone, self.now),
            key=KEY,
            zone=self.instance.zone,
            now=self.now,
            reject=self._reject,
            progress=self.settled.append,
        )

    def load(self, rows: Iterable[Mapping[Any, Any]], store: BulkStore | None = None) -> Summary:
        return self.importer(store).run(enumerate(rows, start=2))

    def items(self, prefix: str) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("scan").paginate(TableName=self.table)
        return [item for page in pages for item in page["Items"] if item["PK"]["S"].startswith(prefix)]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [item for item in self.items("") if item["t"]["S"] == kind]

    def _reject(self, line: int, faults: list[FieldFault]) -> None:
        self.rejects.append((line, [f"{fault.field}:{fault.code.value}" for fault in faults]))


def row(number: int = 0, **changes: str) -> dict[str, str]:
    """One good row of an old, settled incident; `number` makes it another one."""
    return {
        "category": "Mischief",
        "lat": f"{49.25 + number / 10_000:.6f}",
        "lon": "-123.1",
        "created_at": "2026-06-01 10:00",
        "status": "eliminated",
        **changes,
    }


@pytest.fixture(scope="session")
def vancouver() -> Instance:
    return instance_of(FOLDER)


@pytest.fixture(scope="session")
def outline() -> Places:
    return load_pack(pack())


@pytest.fixture
def desk(clean_stack: DataStack, vancouver: Instance, outline: Places) -> Desk:
    bind(clean_stack.names["MAIN_TABLE"], clean_stack.names["QUOTA_TABLE"])
    return Desk(clean_stack, vancouver, outline)
