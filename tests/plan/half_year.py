"""Half a year of reports as the night keeps them, written straight into the state, and their plan."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.domain.calendar import day_of
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import cell_at
from chalicelib.services import plan_night, state
from chalicelib.services.plan_files import Week, made, plan
from chalicelib.services.plan_night import Planned
from chalicelib.services.state import State, StateFile, workshop
from chalicelib.store.objects import Objects

MONDAY = date(2026, 6, 8)
WEEK = Week(MONDAY)
CORNER, PARK, FIELD = (52.2297, 21.0122), (52.2100, 21.0300), (53.1784, 22.0593)
COLUMNS = ", ".join(f"{name} {kind}" for name, kind in state.COLUMNS.items())
PLACES = ", ".join("?" * len(state.COLUMNS))


@dataclass
class HalfYear:
    """Rows of the state by id; a report is filed at the hour at which it happened unless it says otherwise."""

    instance: Instance
    work: Objects
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def file(self, at: datetime, place: tuple[float, float] = CORNER, unit: str = "KSP", **changes: Any) -> str:
        """Keep a report of a moment in UTC; return its id."""
        report, day = f"r{len(self.rows):05d}", day_of(at, self.instance.zone)
        known: dict[str, Any] = {
            "id": report,
            "seq": 1,
            "status": "new",
            "changed": at.replace(tzinfo=None),
            "changed_day": day,
            "created": at.replace(tzinfo=None),
            "day": day,
            "category": "illegal_parking",
            "cell": int(cell_at(*place), 16),
            "area": "1465",
            "unit": unit,
            "tier": 1,
            "origin": "web",
            "placed": 1,
            "routed": 1,
        }
        self.rows[report] = known | changes
        return report

    def live(self, chance: random.Random, number: int) -> None:
        """File reports all over: Saturday nights at the corner, any time in the park."""
        for each in range(number):
            saturday = datetime(2026, 6, 6, 21, 30, tzinfo=UTC) - timedelta(weeks=chance.randrange(26))
            anytime = datetime(2026, 6, 7, 21, tzinfo=UTC) - timedelta(hours=chance.randrange(170 * 24))
            self.file(*((saturday, CORNER) if each % 2 else (anytime, PARK)))

    def night(self, day: date = MONDAY, code: str = "test", rows: Iterable[str] | None = None) -> Planned:
        """Run the plans' step of a night over rows in any order."""
        order = [self.rows[name] for name in (rows or self.rows)]
        with workshop() as shop:
            shop.database.execute(f"CREATE TABLE rows ({COLUMNS})")
            shop.database.executemany(
                f"INSERT INTO rows VALUES ({PLACES})",  # noqa: S608 - question marks
                [[row.get(name) for name in state.COLUMNS] for row in order],
            )
            months = {}
            for month in sorted({row["day"].isoformat()[:7] for row in order}):
                path = shop.folder / "month.parquet"
                query = "COPY (SELECT * FROM rows WHERE strftime(day, '%Y-%m') = '{}') TO '{}' (FORMAT parquet)"
                shop.database.execute(query.format(month, path))
                key = f"{state.FOLDER}{month}-x.parquet"
                self.work.put(key, path.read_bytes(), "application/vnd.apache.parquet")
                months[month] = StateFile(key, month, 1)
            kept = State(months=months, folded_at="2026-06-08T00:10:00.000Z", folded_day="2026-06-08")
            return plan_night.run(shop, self.work, self.instance, kept, day, code)

    def plan(self, unit: str | None = "KSP", week: Week = WEEK) -> dict[str, Any]:
        """The plan of a unit that has rows."""
        standing = made(self.work, week)
        assert standing is not None
        found = plan(self.work, standing, unit)
        assert found is not None
        return found

    def files(self) -> list[str]:
        """Every file of plans."""
        return list(self.work.list_keys("plans/"))
