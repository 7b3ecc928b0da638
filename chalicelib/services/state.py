"""The kept state: one row for each report ever folded, as Parquet files by month of the day for statistics.

The files lie in the private work bucket under names that hold their hash; `state/current.json` is the
pointer that says which of them are the state. A fold writes new files beside the old ones and moves
the pointer last, so that a fold that dies half-way has changed nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from chalicelib.services.files import compact, digest, spread
from chalicelib.store.objects import Objects

POINTER = "state/current.json"
FOLDER = "state/files/"

COLUMNS = {
    "id": "VARCHAR",
    "seq": "INTEGER",
    "status": "VARCHAR",
    "reason": "VARCHAR",
    "changed": "TIMESTAMP",
    "changed_day": "DATE",
    "resolved_day": "DATE",
    "created": "TIMESTAMP",
    "day": "DATE",
    "category": "VARCHAR",
    "cell": "UBIGINT",
    "area": "VARCHAR",
    "unit": "VARCHAR",
    "occurred_day": "DATE",
    "part": "VARCHAR",
    "tier": "INTEGER",
    "origin": "VARCHAR",
    "source": "VARCHAR",
    "placed": "INTEGER",
    "routed": "INTEGER",
}
"""Columns of the state, in their order. Times are UTC. `seq` is the number of the latest event that changed the
status (0 where none is known yet); `status`, `reason`, `changed`, its local day and `resolved_day` are as that event
left them. `placed` is the number of the event that told `cell` and `area` last, `routed` of the one that told `unit`;
the rest is the first event's. Neither time is the true one: `created` is the slot of the filing, `changed` the first
instant of its local day."""

FUNCTION_MEMORY_MB = 3008
"""What the nightly function has, unless the deployment says otherwise."""

_SHARE = 0.2
"""Of it the database may take so much, before it goes to disk; the rest is for columns of numbers and for Python."""


@dataclass(frozen=True, slots=True)
class StateFile:
    """One Parquet file of the state."""

    key: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class State:
    """What has been folded, and how far.

    `months` maps `YYYY-MM` to its file; `orphans` holds later events whose report's first event has
    not been seen yet. The fold began at `folded_at` (UTC, RFC 3339) and read the feeds up to the Warsaw
    day `folded_day`. `imports` maps a day to the import batches folded whole.
    """

    months: Mapping[str, StateFile] = field(default_factory=dict)
    orphans: StateFile | None = None
    folded_at: str | None = None
    folded_day: str | None = None
    imports: Mapping[str, list[str]] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """Name of the content: equal files give an equal version, however they were folded."""
        files = [*self.months.values(), *([self.orphans] if self.orphans else [])]
        return digest(compact([file.sha256 for file in files]))[:16]

    @property
    def rows(self) -> int:
        """Number of reports folded."""
        return sum(file.rows for file in self.months.values())

    def dump(self) -> bytes:
        """Return the pointer's bytes."""
        return compact(asdict(self))

    @classmethod
    def load(cls, body: bytes) -> State:
        """Read the pointer's bytes."""
        document = json.loads(body)
        months = {month: StateFile(**row) for month, row in sorted(document.pop("months").items())}
        orphans = document.pop("orphans")
        return cls(months=months, orphans=StateFile(**orphans) if orphans else None, **document)


@dataclass(frozen=True, slots=True)
class Workshop:
    """A DuckDB connection and a private folder in which files of the state lie while a run needs them."""

    database: duckdb.DuckDBPyConnection
    folder: Path

    def fetch(self, objects: Objects, files: Mapping[str, StateFile]) -> dict[str, Path]:
        """Bring files of the state into the folder; return their paths by the same names.

        Raises:
            FileNotFoundError: the pointer names a file that the bucket has not.
        """

        def bring(item: tuple[str, StateFile]) -> tuple[str, Path]:
            name, file = item
            path = self.folder / Path(file.key).name
            if not path.exists():
                path.write_bytes(objects.require(file.key))
            return name, path

        return dict(spread(bring, files.items()))


@contextmanager
def workshop(memory_mb: int = FUNCTION_MEMORY_MB) -> Iterator[Workshop]:
    """Open a workshop in a function of so much memory; folder and connection are gone afterwards."""
    with TemporaryDirectory(prefix="czujka-") as name, duckdb.connect() as database:
        database.execute(f"SET memory_limit = '{int(memory_mb * _SHARE)}MB'")
        database.execute(f"SET temp_directory = '{name}/spill'")
        database.execute("SET enable_progress_bar = false")
        yield Workshop(database, Path(name))
