"""The night's files behind the figures: of late events, imports and unknown units; and how few are read."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.tally import By
from chalicelib.services import figures
from chalicelib.services.figures import Span
from chalicelib.services.figures_files import NATION, POINTER
from chalicelib.store import keys
from chalicelib.store.models import EventItem
from tests.figures.nights import DAY, UNIT, kept, objects, rows
from tests.nightly.conftest import night, reach
from tests.nightly.world import NOON, ORDINARY, WARSAW, Night, days_ago

__all__ = ["night", "reach"]


def test_late_events_imports_and_unknown_units_find_their_place_and_old_files_go(night: Night) -> None:
    night.load([(date(2026, 9, 3), WARSAW, ORDINARY)] * 2, "old", source="city")
    night.load([(date(2026, 9, 4), WARSAW, ORDINARY)], "more", status="eliminated")
    filed = night.file(at=days_ago(1))
    night.step(filed, "verifying", "taken_up", at=days_ago(1) + timedelta(hours=5))
    # The index has the step already, and not yet what it is a step of.
    first = night._event(night.reports[filed], "2026-11-21")
    first.status = "new"
    first.delete()
    stray = night.file(at=days_ago(1))
    (event,) = EventItem.query(keys.report(stray))
    event.update(actions=[EventItem.unit.set("GONE")])
    night.run()
    found = rows(night)
    assert {row.day for row in found.values()} == {"2026-09-03", "2026-09-04", "2026-11-21"}
    assert filed not in found
    assert [row.source for row in found.values() if row.day == "2026-09-03"] == ["city", "city"]
    assert all((row.take_up, row.elimination) == (None, None) for row in found.values())
    # A unit that nobody knows is the nation's alone.
    assert stray in found
    assert stray not in rows(night, UNIT)
    assert stray not in rows(night, "KSP")
    period = _period(night)
    assert (period.total.reports, period.total.sources) == (4, 3)
    assert period.table["GONE"].reports == 1
    before = kept(night)

    first.save()
    night.now = NOON + timedelta(days=1)
    night.run()
    assert rows(night)[filed].take_up == 300
    after = kept(night)
    # September has not changed, and was not written again.
    september = {key for key in before if "2026-09" in key}
    assert september == {key for key in after if "2026-09" in key}
    assert len({key.split("/")[2] for key in after if key.startswith("figures/months/2026-11")}) == 2

    night.now = NOON + timedelta(days=4)
    night.run()
    current = json.loads(kept(night)[POINTER])
    for folder, versions in (("months", current["months"]), ("years", current["years"])):
        names = {key.split("/")[2] for key in kept(night) if key.startswith(f"figures/{folder}/")}
        assert {f"{name}-{version}" for name, version in versions.items()} <= names
        # What was seen unused for more than two days is gone.
        assert not names & {
            key.split("/")[2] for key in before if key.startswith(f"figures/{folder}/") and "09" not in key
        }


def _period(night: Night) -> figures.Period:
    found = figures.current(objects(night))
    assert found is not None
    (period,) = found.periods(NATION, By.UNIT, [Span(date(2026, 9, 1), DAY)])
    return period


def test_a_year_and_the_year_before_cost_a_handful_of_reads(night: Night) -> None:
    night.file(at=days_ago(1))
    night.load([(date(2024, 11, 30) + timedelta(days=24 * number), WARSAW, ORDINARY) for number in range(30)])
    night.run()
    reads: list[tuple[str, str | None]] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        reads.append((params["Key"], params.get("Range")))

    events = night.container.s3.meta.events
    events.register("provide-client-params.s3.GetObject", note, unique_id="reads")
    found = figures.current(objects(night))
    assert found is not None
    year = Span(DAY - timedelta(days=365), DAY - timedelta(days=1))
    now, before = found.periods(NATION, By.POWIAT, [year, year.before()])
    events.unregister("provide-client-params.s3.GetObject", unique_id="reads")
    assert (now.total.reports, before.total.reports) == (
        *(
            sum(span.first.isoformat() <= day <= span.last.isoformat() for day in _days(night))
            for span in (year, year.before())
        ),
    )
    assert now.total.reports > 10
    # The pointer, and of seven packs at most the directory and one document.
    assert len(reads) == len(set(reads)) <= 15
    assert found.reads == len(reads) - 1


def _days(night: Night) -> Iterator[str]:
    return (filed.day.isoformat() for filed in night.reports.values())
