"""The plan against what happened: a year of Vancouver's Mondays, each foretold from the half year before it."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import h3
import numpy as np
import numpy.typing as npt
import pytest

from chalicelib.domain.calendar import PART_HOURS, Part
from chalicelib.hotspots.patrol import LEAST_REPORTS, REACH_DAYS, RESOLUTION, SLOTS, forecast, ranked
from tests.support.vancouver import data_file

pytestmark = pytest.mark.data

FIRST, WEEKS, ROWS = date(2016, 7, 4), 51, 20
_PART = {
    hour % 24: part for part, (first, end) in PART_HOURS.items() for hour in range(first, end + 24 * (end < first))
}


def incidents(path: Path) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Place, ordinal of the day on which its part of the day begins, and slot of each incident that knows its hour."""
    rows = (
        duckdb.connect()
        .execute(
            f"SELECT ts, lat, lon FROM '{path}' WHERE lat IS NOT NULL AND has_time AND ts >= '2015-12-01'"  # noqa: S608
        )
        .fetchall()
    )
    cells = {point: int(h3.latlng_to_cell(point[0], point[1], RESOLUTION), 16) for point in {row[1:] for row in rows}}
    found = []
    for at, lat, lon in rows:
        part = _PART[at.hour]
        day = at.date() - timedelta(days=part is Part.NIGHT and at.hour < PART_HOURS[Part.NIGHT][1])
        found.append((cells[lat, lon], day.toordinal(), SLOTS.index((day.isoweekday(), part))))
    places, days, slots = zip(*found, strict=True)
    return np.array(places, dtype=np.uint64), np.array(days), np.array(slots)


def test_twenty_rows_catch_more_than_counting_does_and_far_more_than_chance() -> None:
    path = data_file()
    if path is None:
        pytest.skip("no outside data")
    cells, days, slots = incidents(path)
    caught = {"plan": 0.0, "counts": 0.0, "chance": 0.0}
    expected = happened = inside = 0.0
    for week in range(WEEKS):
        age = (FIRST + timedelta(weeks=week)).toordinal() - days
        known, coming = (age >= 1) & (age <= REACH_DAYS), (age <= 0) & (age > -7)
        places, place = np.unique(cells[known], return_inverse=True)
        by_age = np.bincount(place * REACH_DAYS + age[known] - 1, minlength=len(places) * REACH_DAYS)
        by_slot = np.bincount(place * 28 + slots[known], minlength=len(places) * 28).reshape(-1, 28)
        told = forecast(by_age.reshape(-1, REACH_DAYS), by_slot)
        allowed = by_age.reshape(-1, REACH_DAYS).sum(axis=1) >= LEAST_REPORTS
        where = np.searchsorted(places, cells[coming]).clip(max=len(places) - 1)
        seen = places[where] == cells[coming]
        true = np.bincount(where[seen] * 28 + slots[coming][seen], minlength=len(places) * 28)
        top = ranked(told.expected, places, allowed, ROWS)
        caught["plan"] += true[top].sum()
        caught["counts"] += true[ranked(by_slot.astype(float), places, allowed, ROWS)].sum()
        caught["chance"] += true.reshape(-1, 28)[allowed].sum() * ROWS / (28 * allowed.sum())
        expected, happened = expected + told.expected.ravel()[top].sum(), happened + true[top].sum()
        bounds = [told.interval(*divmod(index, 28)) for index in top.tolist()]
        inside += sum(low <= number <= high for (low, high), number in zip(bounds, true[top].tolist(), strict=True))
    assert caught["plan"] >= caught["counts"]
    assert caught["plan"] >= 40 * caught["chance"]
    assert happened == pytest.approx(expected, rel=0.15)
    # Whole numbers hold more than the four fifths that the interval promises.
    assert 0.8 <= inside / (WEEKS * ROWS) <= 0.97
