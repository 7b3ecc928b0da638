"""Exact places of reports around a point, to measure a new report against; nothing here leaves the service."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from chalicelib.domain.duplicates import Filed
from chalicelib.domain.location import degrees
from chalicelib.domain.report import Status, Tier
from chalicelib.store import keys
from chalicelib.store.models import Gsi1, MainItem, ReportItem, connection
from chalicelib.store.reports import CELL_MONTH_LIMIT, SEARCHERS

_READ = ["id", "lat6", "lon6", "cell", "status", "tier", "created", "resolved"]


def exact(cells: Iterable[str], months: Iterable[str], category: str, oldest: datetime) -> list[Filed]:
    """Return the reports of a category created since `oldest` under H3 cells of resolution 7, by month of creation.

    Of each cell and month the newest `CELL_MONTH_LIMIT` reports of any category are looked at, in one request: half
    a read unit for each 4 KB of them. `months` are ``yyyy-mm`` in UTC.
    """
    partitions = [keys.cell_month(cell, month) for cell in cells for month in months]
    # The client is made here, if it is not there yet: else every thread would make one.
    connection().client.meta  # noqa: B018
    with ThreadPoolExecutor(SEARCHERS) as pool:
        found = pool.map(lambda partition: _page(partition, category, keys.instant(oldest)), partitions)
        return [_filed(row, category) for page in found for row in page]


def _page(partition: str, category: str, oldest: str) -> list[dict[str, Any]]:
    # Rows as they come: making thousands of models of them would cost the most of all.
    answer = connection().query(
        str(MainItem.Meta.table_name),
        partition,
        range_key_condition=Gsi1.sk >= oldest,
        filter_condition=ReportItem.category == category,
        attributes_to_get=_READ,
        index_name=Gsi1.Meta.index_name,
        limit=CELL_MONTH_LIMIT,
        scan_index_forward=False,
    )
    rows: list[dict[str, Any]] = answer["Items"]
    return rows


def _filed(row: dict[str, Any], category: str) -> Filed:
    created = keys.moment(row["created"]["S"])
    resolved = row.get("resolved")
    return Filed(
        id=row["id"]["S"],
        category=category,
        lat=degrees(int(row["lat6"]["N"])),
        lon=degrees(int(row["lon6"]["N"])),
        cell=row["cell"]["S"],
        status=Status(row["status"]["S"]),
        tier=Tier(int(row["tier"]["N"])),
        created=created,
        changed=created if resolved is None else keys.moment(resolved["S"]),
    )
