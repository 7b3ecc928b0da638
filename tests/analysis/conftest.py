"""What a night of the project's own code wrote from generated reports, as analysts have it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from chalicelib.container import Container
from chalicelib.events import nightly
from chalicelib.store.secrets import new_document
from infra.build.packages import ROOT
from infra.commands.importing import import_file
from infra.commands.instance import Running
from infra.demo.generate import Town, write
from infra.demo.tables import fetch, opened
from infra.places.areas import Area
from infra.places.compiler import compile_areas
from infra.places.publish import publish
from tests.nightly.world import reach_back
from tests.support.stacks import SITE, DataStack

NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)
BOXES = {"1465": (20.7, 52.1, 21.0, 52.4), "1432": (21.0, 52.1, 21.3, 52.4)}
TOWNS = [Town(52.23, 20.95, 3.0, 2500.0), Town(52.2, 21.1, 1.0, 2000.0)]
REPORTS = 700
INDEX = "data/exports/latest/reports.json"
PLACE = "speeding,52.231000,21.011000"
QUERIES = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "sql").glob("*.sql"))}


@dataclass(frozen=True)
class Tables:
    """The folder with the tables, the database of analysts over it, and where it came from."""

    folder: Path
    database: duckdb.DuckDBPyConnection
    stack: DataStack

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a query, by column."""
        found = self.database.sql(sql)
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="session")
def generated(data_stack: DataStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    """Two nights over generated reports, imported as an operator does; `cells_before` is of the first."""
    data_stack.clear()
    folder = tmp_path_factory.mktemp("analysis")
    settings = data_stack.settings()
    s3, ssm = data_stack.client("s3"), data_stack.client("ssm")
    ssm.put_parameter(Name=settings.secrets_param, Value=new_document(), Type="SecureString", Overwrite=True)
    areas = [
        Area(code, [[(west, south), (east, south), (east, north), (west, north), (west, south)]])
        for code, (west, south, east, north) in BOXES.items()
    ]
    publish(s3, data_stack.names["WORK_BUCKET"], compile_areas(areas).pack, "register", NOON)
    access = data_stack.access
    running = Running("pl", SITE, access.endpoint, access.secret_key, "", 0, data_stack.names, {})
    zone = Container(settings, lambda: NOON).instance.zone
    with pytest.MonkeyPatch.context() as patch:
        reach_back(patch, gap=timedelta(days=3))
        for number, now in enumerate((NOON, NOON + timedelta(days=1))):
            rows = folder / f"demo-{number}.csv"
            write(rows, TOWNS, REPORTS if number == 0 else REPORTS // 4, now.date(), zone)
            with rows.open("a", encoding="utf-8") as file:
                file.writelines(f"{PLACE},2026-10-{day}T18:00:00+02:00,confirmed,,\n" for day in (12, 16, 20))
            import_file(running, rows, now=now)
            nightly.handle({}, Container(settings, lambda now=now: now))  # type: ignore[misc]
            fetch(s3, data_stack.names["SITE_BUCKET"], folder / str(number))
        index = s3.get_object(Bucket=data_stack.names["SITE_BUCKET"], Key=INDEX)["Body"].read()
        (folder / "reports.json").write_bytes(index)
    database = opened(folder / "1")
    database.sql(f"CREATE TABLE cells_before AS FROM '{folder}/0/cells/cells.parquet'")
    yield Tables(folder / "1", database, data_stack)
    database.close()
    data_stack.clear()
