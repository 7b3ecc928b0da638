"""The nightly run over days: what is written again, what goes and when, nights told ahead, days of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.container import Container
from chalicelib.events import nightly
from chalicelib.services.nightly import night_of
from tests.nightly.world import NOON, ORDINARY, WARSAW, Night, days_ago


def test_superseded_builds_go_after_two_days_and_not_before(night: Night) -> None:
    night.file(at=days_ago(3))
    builds = [night.run()["build"]]
    gone = []
    for day in (23, 24, 25, 26):
        night.now = NOON.replace(day=day)
        summary = night.run()
        builds.append(summary["build"])
        gone.append(summary["deleted_builds"])
    # The first was superseded on the 23rd, at noon: at noon of the 25th it is just two days old.
    assert gone == [[], [], [], [builds[0], builds[1]][:1]]
    left = {key.split("/")[2] for key in night.objects("data/builds/")}
    assert left == set(builds[1:])
    assert {key.split("/")[2] for key in night.objects("data/points/")} >= {builds[-1]}
    assert not any(builds[0] in key for key in night.objects("state/", night.work))
    assert night.cells(9)
    assert night.points()


def test_only_months_that_changed_are_written_again(night: Night) -> None:
    night.load([(date(2026, 9, 3), WARSAW, ORDINARY), (date(2026, 10, 3), WARSAW, ORDINARY)])
    report = night.file(at=days_ago(2))
    night.run()
    night.now = NOON + timedelta(days=1)
    night.step(next(iter(night.reports)), "verifying", "taken_up")
    put: list[str] = []
    copied: list[str] = []
    events = night.container.s3.meta.events
    events.register(
        "provide-client-params.s3.CopyObject", lambda params, **_: copied.append(params["Key"]), unique_id="copied"
    )
    events.register(
        "provide-client-params.s3.PutObject", lambda params, **_: put.append(params["Key"]), unique_id="put"
    )
    night.run()
    events.unregister("provide-client-params.s3.PutObject", unique_id="put")
    events.unregister("provide-client-params.s3.CopyObject", unique_id="copied")
    months = {key.split("month=")[1].split("/")[0] for key in put if "month=" in key}
    assert months == {"09", "11"}
    index = night.document(night.manifest()["exports"]["reports.json"])
    assert [(month["month"], month["rows"]) for month in index["months"]] == [(9, 1), (10, 1), (11, 1)]
    prefix = night.manifest()["exports"]["reports.json"].removesuffix("reports.json").removeprefix("/")
    latest, built = (
        {key.removeprefix(start): body for key, body in night.objects(start).items()}
        for start in ("data/exports/latest/", prefix)
    )
    tables = {path: latest.pop(path) for path in list(latest) if path.startswith("tables/")}
    assert latest == built
    assert {key.split("/latest/")[1].split("/")[0] for key in copied if "/latest/" in key} >= {"tables", "reports"}
    # November was made anew for its days' sake and came out the same.
    assert {key.split("month=")[1].split("/")[0] for key in copied if "/latest/" in key and "month=" in key} == {"09"}
    # A folder for each table, and in it nothing but its Parquet: readers take all that lies there for rows.
    assert tables == {
        f"tables/{path if '/' in path else path.removesuffix('.parquet') + '/' + path}": body
        for path, body in built.items()
        if path.endswith(".parquet")
    }
    assert {path.split("/")[1] for path in tables} >= {"reports", "cells"}
    assert report in night.reports


def test_rows_leave_the_exports_five_years_after_the_map(night: Night) -> None:
    night.load([(date(2020, 5, 4), WARSAW, ORDINARY)], status="unconfirmed")
    night.load([(date(2020, 5, 4), WARSAW, ORDINARY)], "open")
    # Seven days on the map: its last day there is 11 May 2020, so its last day in the exports 11 May 2025.
    rows = {}
    for day in ("2025-05-11", "2025-05-12"):
        night.run(day=day)
        (month,) = night.document("/data/exports/latest/reports.json")["months"]
        rows[day] = month["rows"]
    assert rows == {"2025-05-11": 2, "2025-05-12": 1}


def test_a_night_to_come_may_be_run_only_where_time_may_be_told(night: Night) -> None:
    today = date(2026, 11, 22)
    assert night_of(None, today, may_be_ahead=False) == today
    assert night_of("2026-11-20", today, may_be_ahead=False) == date(2026, 11, 20)
    assert night_of("2026-11-23", today, may_be_ahead=True) == date(2026, 11, 23)
    with pytest.raises(ValueError, match="still to come"):
        night_of("2026-11-23", today, may_be_ahead=False)
    with pytest.raises(ValueError, match="isoformat"):
        night_of("yesterday", today, may_be_ahead=True)
    strict = Container(night.stack.settings(TIME_MAY_BE_TOLD="false"), lambda: night.now)
    with pytest.raises(ValueError, match="still to come"):
        nightly.handle({"day": "2026-11-23", "now": "2026-11-24T00:10:00+01:00"}, strict)


def test_a_night_run_ahead_counts_today_and_shows_what_will_stand(night: Night) -> None:
    report = night.file()
    night.run()
    assert night.points() == {}
    summary = night.run(day="2026-11-23")
    assert summary["totals"]["reports_365d"] == 1
    assert night.points().keys() == {report}


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 29, 22, 10, tzinfo=UTC), "2026-03-30"),
        (datetime(2026, 10, 25, 23, 10, tzinfo=UTC), "2026-10-26"),
    ],
    ids=["after 23 hours", "after 25 hours"],
)
def test_L07_days_with_another_number_of_hours_are_counted_whole(night: Night, now: datetime, day: str) -> None:
    night.now = now
    midnight = now - timedelta(minutes=10)
    length = 23 if day == "2026-03-30" else 25
    times = [midnight - timedelta(hours=length, seconds=1), midnight - timedelta(hours=length)]
    times += [midnight - timedelta(seconds=1), midnight]
    night.file_all((at, WARSAW, ORDINARY, 1) for at in times)
    night.run()
    rows = {}
    for month in night.document("/data/exports/latest/reports.json")["months"]:
        rows[month["month"]] = month["rows"]
    assert night.manifest()["day"] == day
    # Three reports lie before midnight; two of them on the long or short day itself.
    assert night.manifest()["totals"]["reports_28d"] == 3
    # The one that was filed in the last half hour is not on the map yet, and so has no row.
    assert sum(rows.values()) == 2
    assert [filed.day.isoformat() < day for filed in night.reports.values()] == [True, True, True, False]
