"""Reading reports: by id, with their sightings, and by place."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import sighting
from chalicelib.domain.checks import Window, windows
from chalicelib.domain.sighting import Sighting
from chalicelib.store import keys, quota_keys
from chalicelib.store.models import MainItem, ReportItem, SightingItem, connection
from chalicelib.store.quota_items import QuotaItem

SEARCHERS = 8
"""Queries under way at once: fewer than the connections of the pool."""

LAST_SIGHTING = "~"
"""Follows every mark of a sighting."""

CELL_MONTH_LIMIT = 1_000
"""The newest reports of one cell and month that a search looks at: bounds its cost wherever people report much."""

_PUBLIC = [
    *("PK", "SK", "t", "id", "category", "status", "reason", "tier", "unit", "area", "cell", "created", "day"),
    *("occurred", "part", "days", "parts", "resolved", "due_verify", "checked", "recheck"),
    *("passed_name", "passed_answer"),
]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is kept of a report that readers outside the police may need; never its text or exact place.

    `cell` is of H3 resolution 11; `changed` is when the status became final, or the acceptance. `checked` are the
    windows in which the unit has looked, `recheck` is until when it looks once more. `passed_name` is the
    body that was asked to act, `passed_answer` what it has answered.
    """

    id: str
    category: str
    status: str
    reason: str | None
    tier: int
    unit: str
    area: str
    cell: str
    created: datetime
    changed: datetime
    day: str
    occurred: str | None
    part: str | None
    days: tuple[int, ...]
    parts: tuple[str, ...]
    resolved: str | None
    due_verify: datetime | None = None
    checked: tuple[Window, ...] = ()
    recheck: datetime | None = None
    passed_name: str | None = None
    passed_answer: str | None = None


def find(report_id: str, *, consistent: bool = False) -> Stored | None:
    """Return a report, or None: half a read unit for each 4 KB, a whole one if `consistent`."""
    try:
        item = MainItem.get(keys.report(report_id), keys.REPORT, consistent_read=consistent)
    except MainItem.DoesNotExist:
        return None
    return stored_of(item) if isinstance(item, ReportItem) else None


def sighted(report_id: str, *, consistent: bool = False) -> tuple[Stored, tuple[Sighting, ...]] | None:
    """Return a report and its sightings, or None: one query, half a read unit for each 4 KB, one if `consistent`."""
    span = MainItem.sk.between(keys.REPORT, keys.sighting(LAST_SIGHTING))
    items = list(MainItem.query(keys.report(report_id), span, consistent_read=consistent))
    report = next((item for item in items if isinstance(item, ReportItem)), None)
    return None if report is None else (stored_of(report), sightings_of(items))


def many(report_ids: Iterable[str]) -> Iterator[Stored]:
    """Yield the reports of these ids, a hundred a request; text and exact place never leave the table."""
    wanted = [(keys.report(report_id), keys.REPORT) for report_id in report_ids]
    for item in MainItem.batch_get(wanted, attributes_to_get=_PUBLIC):
        # What is left of a deleted report is an item of another kind.
        if isinstance(item, ReportItem):
            yield stored_of(item)


def ask() -> None:
    """Read one item that need not exist of each table; whatever the store raises goes through."""
    for base, key in ((ReportItem, keys.report("")), (QuotaItem, quota_keys.quota("", "0"))):
        with suppress(base.DoesNotExist):
            base.get(key, keys.REPORT)


def near(cells: Iterable[str], months: Iterable[str]) -> list[Stored]:
    """Return the newest reports created in `months` (``yyyy-mm``, UTC) under H3 cells of resolution 7."""
    partitions = [keys.cell_month(cell, month) for cell in cells for month in months]
    # The client is made here, if it is not there yet: else every thread would make one.
    connection().client.meta  # noqa: B018
    with ThreadPoolExecutor(SEARCHERS) as pool:
        return [report for found in pool.map(_of_cell_month, partitions) for report in found]


def _of_cell_month(partition: str) -> list[Stored]:
    found = ReportItem.gsi1.query(
        partition, scan_index_forward=False, limit=CELL_MONTH_LIMIT, page_size=CELL_MONTH_LIMIT
    )
    return [stored_of(item) for item in found if isinstance(item, ReportItem)]


def stored_of(item: ReportItem) -> Stored:
    """Return what readers may need of a report's item."""
    created = keys.moment(item.created)
    return Stored(
        id=item.id,
        category=item.category,
        status=item.status,
        reason=item.reason,
        tier=int(item.tier),
        unit=item.unit,
        area=item.area,
        cell=item.cell,
        created=created,
        changed=_moment(item.resolved) or created,
        day=item.day,
        occurred=item.occurred,
        part=item.part,
        days=tuple(sorted(item.days or ())),
        parts=tuple(sorted(item.parts or ())),
        resolved=item.resolved,
        due_verify=_moment(item.due_verify),
        checked=windows(item.checked or ()),
        recheck=_moment(item.recheck),
        passed_name=item.passed_name,
        passed_answer=item.passed_answer,
    )


def sightings_of(items: Iterable[MainItem]) -> tuple[Sighting, ...]:
    """Return the sightings among the items of a report."""
    return tuple(_sighting(item) for item in items if isinstance(item, SightingItem))


def _sighting(item: SightingItem) -> Sighting:
    times = sighting.from_grid(int(count) for count in item.times)
    return Sighting(item.sk.removeprefix(keys.sighting("")), keys.moment(item.at), times, int(item.sources))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else keys.moment(text)
