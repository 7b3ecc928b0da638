"""Windows: while one is open its devices can be counted, when it has closed only the numbers are left."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import h3
import pytest
from pynamodb.transactions import TransactWrite

from chalicelib.domain.calendar import day_bounds
from chalicelib.domain.window import FIRST, LENGTH, closed_windows, window_of
from chalicelib.services import purge as service
from chalicelib.store import quota_keys, sources
from chalicelib.store.models import connection
from chalicelib.store.purge import purge_window
from chalicelib.store.quota_items import QuotaTableItem
from chalicelib.store.witness import Windows
from tests.nightly.world import Night

HERE, NEXT_DOOR, FAR = (52.2297, 21.0122), (52.2301, 21.0127), (53.1325, 23.1688)
WINDOW = window_of(date(2026, 11, 22))
LAST = WINDOW + LENGTH - timedelta(days=1)


def cell(place: tuple[float, float]) -> str:
    return str(h3.latlng_to_cell(*place, 11))


def cell9(place: tuple[float, float]) -> str:
    return str(h3.cell_to_parent(cell(place), 9))


def report(
    night: Night, device: str, place: tuple[float, float], number: int, day: date = LAST, category: str = "illegal_dump"
) -> None:
    """Let a device report something, as accepting a report does."""
    witness = Windows().witness(device, cell(place), day, night.container.instance.zone)
    with TransactWrite(connection=connection()) as transaction:
        witness.join_report(transaction, f"case{number}", category)


def left(window: date) -> int:
    return sum(int(QuotaTableItem.count(partition)) for partition in quota_keys.of_window(window.isoformat()))


def counts(night: Night, window: date = WINDOW) -> Any:
    """What the private bucket holds of a window; None where nothing is."""
    try:
        body = night.s3.get_object(Bucket=night.work, Key=service.counts_key(window))["Body"].read()
    except night.s3.exceptions.NoSuchKey:
        return None
    return json.loads(body)


def at_night(night: Night, day: date) -> dict[str, Any]:
    """Run the night that begins a day."""
    night.now = day_bounds(day, night.container.instance.zone)[0] + timedelta(minutes=10)
    return night.run()


@pytest.fixture(autouse=True)
def windows_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days are not purged here, where there is nothing of any: each costs a night dozens of queries."""
    monkeypatch.setattr(service, "purge_day", lambda _day: (0, 0))


@pytest.fixture
def filed(night: Night) -> Night:
    """Three devices at one corner, one of them twice and once for another thing; one of them elsewhere too."""
    for number, device in enumerate(["a", "b", "c", "a"]):
        report(night, device, HERE, number)
    report(night, "a", HERE, 9, category="vandalism")
    report(night, "a", FAR, 10)
    return night


def test_an_open_window_is_counted_by_device_and_left_alone(filed: Night) -> None:
    assert sources.counted(WINDOW)[cell9(HERE), "illegal_dump"] == 3
    summary = at_night(filed, LAST)
    assert (summary["purged"], summary["purge_left"]) == (0, 0)
    assert left(WINDOW) == 6 + 1
    assert counts(filed) is None


def test_a_window_that_has_closed_is_reduced_to_numbers_of_devices(filed: Night) -> None:
    summary = at_night(filed, WINDOW + LENGTH)
    assert (summary["purged"], summary["purge_left"]) == (7, 0)
    assert left(WINDOW) == 0
    kept = counts(filed)
    found = {(row["cell"], row["category"]): row["devices"] for row in kept["cells"]}
    assert found == {
        (cell9(HERE), "illegal_dump"): 3,
        (cell9(HERE), "vandalism"): 1,
        (cell9(FAR), "illegal_dump"): 1,
    }
    assert (kept["window"], kept["days"]) == (WINDOW.isoformat(), 28)
    assert all(set(row) == {"cell", "category", "devices"} for row in kept["cells"])


def test_a_device_has_one_pseudonym_in_an_area_and_window_and_no_other_joins_it(night: Night) -> None:
    windows, zone = Windows(), night.container.instance.zone

    def pseudonym(place: tuple[float, float], day: date) -> str:
        return windows.witness("a", cell(place), day, zone).pseudonym

    here = pseudonym(HERE, WINDOW)
    assert pseudonym(NEXT_DOOR, LAST) == here
    assert pseudonym(FAR, WINDOW) != here
    assert pseudonym(HERE, WINDOW + LENGTH) != here
    assert pseudonym(HERE, WINDOW) == here, "and the salt is the same again while the window is there"


def test_a_night_that_dies_while_it_deletes_keeps_what_it_has_counted(
    filed: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(window: date) -> tuple[int, int]:
        held = [part for part in quota_keys.source_partitions(window.isoformat()) if int(QuotaTableItem.count(part))]
        for item in QuotaTableItem.query(held[0]) if held else ():
            item.delete()
        if held:
            raise RuntimeError("out of time")
        return 0, 0

    monkeypatch.setattr(service, "purge_window", dying)
    with pytest.raises(RuntimeError, match="out of time"):
        at_night(filed, WINDOW + LENGTH)
    monkeypatch.setattr(service, "purge_window", purge_window)
    before = counts(filed)
    assert at_night(filed, WINDOW + LENGTH)["purge_left"] == 0
    assert counts(filed) == before
    assert sum(row["devices"] for row in before["cells"]) == 5


def test_a_night_after_weeks_of_none_closes_every_window(night: Night) -> None:
    at_night(night, WINDOW)
    report(night, "a", HERE, 1)
    report(night, "a", HERE, 2, WINDOW + LENGTH)
    assert at_night(night, WINDOW + 2 * LENGTH)["purge_left"] == 0
    assert (left(WINDOW), left(WINDOW + LENGTH)) == (0, 0)
    assert counts(night, WINDOW + LENGTH)["cells"][0]["devices"] == 1


@pytest.mark.parametrize("reach", [service.FIRST_REACH])
def test_the_first_night_of_all_closes_the_window_before(filed: Night) -> None:
    assert at_night(filed, WINDOW + LENGTH + timedelta(days=20))["purge_left"] == 0
    assert left(WINDOW) == 0


def test_a_night_told_ahead_never_closes_the_window_that_is_open(filed: Night) -> None:
    filed.now = datetime.combine(LAST, datetime.min.time(), UTC) + timedelta(hours=12)
    filed.run(day=(WINDOW + LENGTH).isoformat(), now=(filed.now + timedelta(days=2)).isoformat())
    assert left(WINDOW) == 7


def test_the_store_forgets_a_window_two_days_after_its_end(filed: Night) -> None:
    zone = filed.container.instance.zone
    end = day_bounds(WINDOW + LENGTH, zone)[0]
    for partition in quota_keys.of_window(WINDOW.isoformat()):
        for item in QuotaTableItem.query(partition):
            assert item.ttl == end + timedelta(days=2)


@pytest.mark.parametrize(
    ("since", "today", "expected"),
    [
        (FIRST, FIRST + timedelta(days=27), []),
        (FIRST, FIRST + timedelta(days=28), [FIRST]),
        (FIRST + timedelta(days=27), FIRST + timedelta(days=29), [FIRST]),
        (FIRST + timedelta(days=28), FIRST + timedelta(days=30), []),
        (FIRST - timedelta(days=1), FIRST, [FIRST - LENGTH]),
        (FIRST, FIRST + 3 * LENGTH, [FIRST, FIRST + LENGTH, FIRST + 2 * LENGTH]),
    ],
)
def test_windows_are_closed_that_have_ended(since: date, today: date, expected: list[date]) -> None:
    assert closed_windows(since, today) == expected
