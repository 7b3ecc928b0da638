"""What the tests of the night arrange and look at: events as the store writes them, and the published files."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import h3
import pytest

from chalicelib.container import Container
from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.location import cell_at
from chalicelib.events import nightly, publish
from chalicelib.services import daybook, fold, purge, retention
from chalicelib.store import keys
from chalicelib.store.models import EventItem, ImportItem
from tests.support.published import csv_rows, listed_tiles, whole_tile
from tests.support.stacks import DataStack

NOON = datetime(2026, 11, 22, 11, tzinfo=UTC)
"""A Sunday, noon in Warsaw."""

WARSAW = (52.2297, 21.0122)
ORDINARY, VULNERABLE, HIDDEN, AFTER_CONFIRMATION = "illegal_parking", "begging", "drug_use", "dangerous_venue"


@dataclass(frozen=True)
class Filed:
    """One report as a test files it, and what has become of it."""

    id: str
    category: str
    cell: str
    day: date
    at: datetime
    status: str = "new"
    reason: str | None = None
    tier: int = 1
    source: str | None = None
    seq: int = 1
    area: str = "1465"
    occurred: tuple[date, str] | None = None
    resolved: date | None = None


@dataclass
class Night:
    """The two publishing functions over one data stack, at a moment that the test sets."""

    stack: DataStack
    now: datetime = NOON
    reports: dict[str, Filed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.container = Container(self.stack.settings(), lambda: self.now)
        self.s3 = self.stack.client("s3")
        self.site, self.work = self.stack.names["SITE_BUCKET"], self.stack.names["WORK_BUCKET"]

    @property
    def today(self) -> date:
        """The local day of the moment."""
        return self.now.astimezone(self.container.instance.zone).date()

    def file(
        self, at: datetime | None = None, place: tuple[float, float] = WARSAW, category: str = ORDINARY, tier: int = 1
    ) -> str:
        """Record the acceptance of a report at a moment (default: now); return its id."""
        return self.file_all([(at or self.now, place, category, tier)])[0]

    def file_all(self, rows: Iterable[tuple[datetime, tuple[float, float], str, int]]) -> list[str]:
        """Record many acceptances: moment, place, category, tier."""
        made = []
        with EventItem.batch_write() as batch:
            for at, place, category, tier in rows:
                day = at.astimezone(self.container.instance.zone).date()
                filed = Filed(f"r{len(self.reports):025d}", category, cell_at(*place), day, at, tier=tier)
                self.reports[filed.id] = filed
                batch.save(self._event(filed, day.isoformat()))
                made.append(filed.id)
        return made

    def step(self, report: str, status: str, reason: str | None = None, at: datetime | None = None) -> None:
        """Record a change of status at a moment (default: now)."""
        self.step_all([(report, status, reason)], at)

    def step_all(self, steps: Iterable[tuple[str, str, str | None]], at: datetime | None = None) -> None:
        """Record many changes of status at one moment (default: now): report, status, reason."""
        moment = at or self.now
        day = moment.astimezone(self.container.instance.zone).date().isoformat()
        with EventItem.batch_write() as batch:
            for report, status, reason in steps:
                filed = self.reports[report]
                changed = replace(filed, status=status, reason=reason, seq=filed.seq + 1)
                self.reports[report] = changed
                batch.save(
                    EventItem(
                        keys.report(report),
                        keys.event(changed.seq),
                        g1pk=keys.day_feed(day, keys.shard(report)),
                        g1sk=keys.at_id_sequence(keys.instant(moment), report, changed.seq),
                        id=report,
                        seq=changed.seq,
                        type="status",
                        at=keys.instant(moment),
                        from_status=filed.status,
                        status=status,
                        reason=reason,
                    )
                )

    def load(
        self,
        rows: Iterable[tuple[date, tuple[float, float], str]],
        batch: str = "b1",
        *,
        status: str = "new",
        source: str | None = None,
        announced: int | None = None,
        area: str = "1465",
        part: str | None = None,
        took: timedelta | None = None,
    ) -> list[str]:
        """Record an import batch under the day of now: day for statistics, place, category.

        The ledger says that it has `announced` rows (default: as many as it has). All happened in `area` on their days,
        in a `part` of the day where one is given, and were resolved so long after them or not.
        """
        made = []
        with EventItem.batch_write() as writer:
            for day, place, category in rows:
                report = f"i{len(self.reports):025d}"
                filed = Filed(report, category, cell_at(*place), day, self.now, status=status, source=source)
                when = None if part is None else (day, part)
                resolved = None if took is None else day + took
                self.reports[report] = filed = replace(filed, area=area, occurred=when, resolved=resolved)
                item = self._event(filed, self.today.isoformat())
                item.type, item.origin, item.source = "imported", "import", source
                item.resolved_day = None if resolved is None else resolved.isoformat()
                item.g1pk = keys.import_feed(self.today.isoformat(), batch)
                writer.save(item)
                made.append(report)
        count = len(made) if announced is None else announced
        ImportItem(
            keys.imports(self.today.isoformat()), batch, day=self.today.isoformat(), batch=batch, rows=count
        ).save()
        return made

    def run(self, day: str | None = None, **event: str) -> dict[str, Any]:
        """Invoke the nightly function."""
        return nightly.handle({**event, **({} if day is None else {"day": day})}, self.container)

    def publish(self) -> dict[str, Any]:
        """Invoke the live publishing function."""
        return publish.handle({}, self.container)

    def objects(self, prefix: str = "data/", bucket: str | None = None) -> dict[str, bytes]:
        """The stored bytes of every object under a prefix."""
        bucket = bucket or self.site
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        listed = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        return {key: self.s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in listed}

    def manifest(self) -> dict[str, Any]:
        """The manifest as a reader sees it."""
        return dict(json.loads(self.s3.get_object(Bucket=self.site, Key="data/manifest.json")["Body"].read()))

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of a table as CSV tells them."""
        return csv_rows(self.stored(f"/data/exports/latest/{name}.csv.gz"))

    def document(self, url: str) -> Any:
        """A published JSON file by its address."""
        body = self.stored(url)
        return json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)

    def stored(self, url: str) -> bytes:
        """The stored bytes of a published file by its address."""
        return bytes(self.s3.get_object(Bucket=self.site, Key=url.removeprefix("/"))["Body"].read())

    def points(self) -> dict[str, dict[str, Any]]:
        """Every public point that the manifest leads to, by id."""
        manifest, found = self.manifest(), {}
        for parent in manifest["points_parents"]:
            tile = self.document(manifest["points"].replace("{parent}", parent))
            names = [name for name in tile if name != "parent"]
            for row in zip(*(tile[name] for name in names), strict=True):
                point = dict(zip(names, row, strict=True))
                assert h3.cell_to_parent(h3.latlng_to_cell(point["lat"], point["lon"], 11), 5) == parent
                found[point["id"]] = point
        return found

    def tiles(self, res: int) -> Iterator[dict[str, Any]]:
        """Every tile of a resolution that the manifest leads to."""
        manifest = self.manifest()
        for parent, version in listed_tiles(self.document(manifest["parents"].format(res=res))):
            yield whole_tile(self.document, manifest, res, parent, version)

    def cells(self, res: int) -> dict[str, dict[str, Any]]:
        """Every cell of a resolution that the manifest leads to, decoded: counts, level, top, by category."""
        found = {}
        for tile in self.tiles(res):
            children, rank, cells = sorted(h3.cell_to_children(tile["parent"], res)), 0, []
            for step in tile["ranks"]:
                rank += step
                cells.append(children[rank])
            for position, cell in enumerate(cells):
                found[cell] = {
                    "n365": tile["n365"][position],
                    "n28": tile["n28"][position],
                    "level": tile["level"][position],
                    "top": tile["categories"][tile["top"][position]],
                    "by_category": {
                        tile["categories"][index]: (year, recent)
                        for index, where, year, recent in tile["by_category"]
                        if where == position
                    },
                }
        return found

    def recount(self, res: int, day: date, window: int) -> Counter[tuple[str, str]]:
        """Count anew, report by report with H3's string functions: (cell, category) → reports that count."""
        found: Counter[tuple[str, str]] = Counter()
        for filed in self.reports.values():
            age = (day - filed.day).days
            if 1 <= age <= window and self.counts(filed):
                found[h3.cell_to_parent(filed.cell, res), filed.category] += 1
        return found

    @staticmethod
    def counts(filed: Filed) -> bool:
        """Tell whether a report counts: not what is no threat, nor what nobody may know of before it is confirmed."""
        if filed.status in {"joke", "merged", "withdrawn"} or filed.reason == "not_a_threat":
            return False
        waits = filed.tier == 2 or filed.category == AFTER_CONFIRMATION
        return not waits or filed.status in {"confirmed", "passed_on", "eliminated"}

    def sensitivity(self, category: str) -> Sensitivity:
        """How sensitive a category is."""
        return self.container.instance.catalogue.categories[category].sensitivity

    def _event(self, filed: Filed, record_day: str) -> EventItem:
        at = keys.instant(filed.at)
        return EventItem(
            keys.report(filed.id),
            keys.event(1),
            g1pk=keys.day_feed(record_day, keys.shard(filed.id)),
            g1sk=keys.at_id_sequence(at, filed.id, 1),
            id=filed.id,
            seq=1,
            type="accepted",
            at=at,
            status=filed.status,
            category=filed.category,
            cell=filed.cell,
            area=filed.area,
            unit="KRP-WARSZAWA-1" if filed.area == "1465" else f"KPP-{filed.area}",
            occurred_day=None if filed.occurred is None else filed.occurred[0].isoformat(),
            part=None if filed.occurred is None else filed.occurred[1],
            day=filed.day.isoformat(),
            tier=filed.tier,
            origin="web",
        )


def reach_back(
    patch: pytest.MonkeyPatch, reach: timedelta = timedelta(days=2), gap: timedelta = fold.FIRST_FOLD_GAP
) -> None:
    """Let the first night of all purge and erase so many days only, and take a gap of some days for the beginning.

    Each day costs dozens of queries, and finds nothing.
    """
    for step in (purge, retention):
        patch.setattr(step, "FIRST_REACH", reach)
    patch.setattr(fold, "FIRST_FOLD_GAP", gap)
    patch.setattr(daybook, "FIRST_GAP", gap)


def days_ago(number: int, now: datetime = NOON) -> datetime:
    """The moment a number of days before noon."""
    return now - timedelta(days=number)
