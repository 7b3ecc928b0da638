"""Nights that only erase, over cases that were filed and moved through the application."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from chalicelib.domain.calendar import day_of
from chalicelib.services.retention import Erased, Retention
from chalicelib.store import keys, retention
from chalicelib.store.models import MainItem, ReportItem, TextItem
from tests.http.world import World
from tests.receipt.cases import Held

CANARY = "Kanarek siedzi na drzewie"


def night_after(world: World, days: int) -> date:
    """Let so many midnights pass, and ten minutes; return the day that has begun."""
    day = day_of(world.clock.now, world.box.instance.zone) + timedelta(days=days)
    world.clock.now = datetime.combine(day, time(0, 10), world.box.instance.zone).astimezone(UTC)
    return day


def quiet_nights(world: World, days: int) -> None:
    """Let so many midnights pass, whose nights but the last have erased what was due: nothing."""
    retention.reach(night_after(world, days) - timedelta(days=1))


def erase(world: World, photos: Callable[[str], int] = lambda _report: 0) -> Erased:
    """Run the night's erasure at the clock's moment."""
    today = day_of(world.clock.now, world.box.instance.zone)
    return Retention(photos).run(today, today)


def item(case: Held) -> ReportItem:
    """The report as it is kept."""
    return ReportItem.get(keys.report(case.id), keys.REPORT, consistent_read=True)


def texts(case: Held) -> list[str | None]:
    """Every word that is kept of a case: the report's own, then those beside its events."""
    beside = MainItem.query(keys.report(case.id), MainItem.sk.startswith("T#"), consistent_read=True)
    said = [words for each in beside if isinstance(each, TextItem) for words in (each.text, each.note)]
    return [words for words in (item(case).text, *said) if words is not None]


def raw(world: World) -> str:
    """Everything that both tables hold, as text."""
    found: list[dict[str, Any]] = [*world.items("main"), *world.items("quota")]
    return str(found)
