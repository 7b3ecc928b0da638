"""The deployed functions under clocks that are put forward and back, in both nights with another number of hours."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import h3
import pytest

from tests.e2e.citizen import file_report
from tests.e2e.test_path import published, reports_in
from tests.support.ahead import ZONE, ahead
from tests.support.published import listed_tiles, whole_tile
from tests.support.whole import Whole, whole

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

KIELCE = {"lat": 50.8661, "lon": 20.6286}
"""Only the test of nights files here."""

SCHEDULED = ("sweeper", "bulletins", "escalation", "plans", "publish", "digest")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A map of its own: other tests must not meet what was published under a time that is still to come."""
    with whole(tmp_path_factory.mktemp("clock")) as running:
        yield running


def last_sunday(year: int, month: int) -> date:
    """The day on which the clocks are put forward (March) or back (October)."""
    end = date(year, month, 31)
    return end - timedelta(days=(end.weekday() + 1) % 7)


def clock_changes() -> list[date]:
    """The next two days with another number of hours."""
    today = ahead(0, time()).date()
    days = [last_sunday(today.year + more, month) for more in (0, 1) for month in (3, 10)]
    return [day for day in days if day > today][:2]


def counted(stack: Whole, night: datetime, cell: str) -> tuple[int, int]:
    """Run the night of a moment; what it tells of a cell, of a year and of 28 days."""
    summary = stack.running.invoke("nightly", {"day": night.date().isoformat(), "now": night.isoformat()})
    assert summary["state"] in {"published", "unchanged"}, summary
    assert summary["day"] == night.date().isoformat()
    manifest = stack.call("GET", "/data/manifest.json").json
    parent = h3.cell_to_parent(cell, 6)
    versions = dict(listed_tiles(published(stack, manifest["parents"].format(res=9))))
    if parent not in versions:
        return 0, 0
    tile: dict[str, Any] = whole_tile(partial(published, stack), manifest, 9, parent, versions[parent])
    fine = h3.cell_to_parent(cell, 9)
    year = reports_in(tile, fine, "illegal_dump")
    rank = sorted(h3.cell_to_children(parent, 9)).index(fine)
    position = [sum(tile["ranks"][: place + 1]) for place in range(len(tile["ranks"]))].index(rank)
    return year, tile["n28"][position]


def test_L07_a_report_is_counted_the_same_number_of_days_however_long_they_are(stack: Whole) -> None:
    filed = file_report(stack, category="illegal_dump", place=KIELCE)
    assert filed.status == 201, filed.body
    look = partial(counted, stack, cell=filed.json["location"]["cell"])
    spring, autumn = sorted(clock_changes(), key=lambda day: day.month)
    midnight = time(0, 10)
    assert look(ahead(28, midnight)) == (1, 1)
    assert look(ahead(29, midnight)) == (1, 0), "28 days are over"
    for change in (spring, autumn):
        for day in (change, change + timedelta(days=1)):
            assert look(datetime.combine(day, midnight, ZONE)) == (1, 0), day
    assert look(ahead(366, midnight)) == (0, 0), "a year is over"
    assert look(ahead(3, midnight)) == (1, 1), "a clock that goes back takes nothing with it"


@pytest.mark.parametrize("function", SCHEDULED)
def test_L07_the_hour_that_comes_twice_and_the_one_that_is_left_out_stop_no_function(
    stack: Whole, function: str
) -> None:
    spring, autumn = sorted(clock_changes(), key=lambda day: day.month)
    moments = [
        datetime.combine(autumn, time(2, 30), ZONE),
        datetime.combine(autumn, time(2, 30, fold=1), ZONE),
        # A server's clock that is put right goes back within the hour, too.
        datetime.combine(autumn, time(2, 29), ZONE),
        datetime.combine(spring, time(1, 59), ZONE),
        datetime.combine(spring, time(3, 1), ZONE),
    ]
    assert moments[1].utcoffset() != moments[0].utcoffset()
    for moment in moments:
        told = stack.running.invoke(function, {"now": moment.isoformat()})
        assert json.dumps(told), (function, moment)
        assert "errorMessage" not in told
