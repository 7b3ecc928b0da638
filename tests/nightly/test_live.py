"""Live publishing: who appears when, and that nothing but the events and the clock decides it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.services.files import CorruptedError
from chalicelib.services.live import overlay
from chalicelib.services.manifest import KEY
from chalicelib.services.points import Point, Stage, pack, tile, unpack
from chalicelib.store.feed import FeedEvent
from chalicelib.store.objects import PointerMoved
from tests.alerts.world import hooked
from tests.nightly.test_fold import FIRST_EVENT
from tests.nightly.world import AFTER_CONFIRMATION, HIDDEN, NOON, ORDINARY, VULNERABLE, WARSAW, Night


def test_an_ordinary_report_appears_at_the_full_hour_half_an_hour_after_filing(night: Night) -> None:
    filed = {clock: night.file(at=_at(clock)) for clock in ("10:00", "10:29", "10:30", "10:31", "10:59")}
    night.now = _at("11:00") - timedelta(seconds=1)
    night.publish()
    assert night.points() == {}
    night.now = _at("11:00")
    assert night.publish()["state"] == "published"
    assert night.points().keys() == {filed["10:00"], filed["10:29"], filed["10:30"]}
    night.now = _at("12:00") - timedelta(seconds=1)
    assert night.publish()["state"] == "unchanged"
    night.now = _at("12:00")
    night.publish()
    assert night.points().keys() == set(filed.values())


def test_a_vulnerable_report_appears_the_next_day_and_roughly(night: Night) -> None:
    report = night.file(category=VULNERABLE)
    night.now = datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC)
    night.publish()
    assert night.points() == {}
    night.now = datetime(2026, 11, 22, 23, tzinfo=UTC)
    night.publish()
    (point,) = night.points().values()
    assert point["id"] == report
    assert (point["lat"], point["lon"]) != WARSAW
    assert abs(point["lat"] - WARSAW[0]) < 0.006


LIVES = [
    (ORDINARY, 1, [], True),
    (ORDINARY, 2, [], False),
    (ORDINARY, 2, ["verifying", "confirmed"], True),
    (ORDINARY, 1, ["joke"], False),
    (ORDINARY, 1, ["withdrawn"], False),
    (ORDINARY, 1, ["merged"], False),
    (ORDINARY, 1, ["verifying", "unconfirmed"], True),
    (AFTER_CONFIRMATION, 1, ["verifying"], False),
    (AFTER_CONFIRMATION, 1, ["verifying", "confirmed", "eliminated"], True),
    (HIDDEN, 1, ["verifying", "confirmed"], False),
]
"""Category, tier, steps, and whether there is a point in the end."""


@pytest.mark.parametrize("fold", ["before", "between", "after"])
def test_a_status_decides_whoever_saw_it_first(night: Night, fold: str) -> None:
    """The night may fold before the reports, between reports and steps, or after all: the map is the same."""
    if fold == "before":
        night.now = NOON - timedelta(hours=4)
        night.run()
    filed = night.file_all((NOON - timedelta(hours=3), WARSAW, category, tier) for category, tier, *_ in LIVES)
    if fold == "between":
        night.now = NOON
        night.run()
    night.now = NOON + timedelta(minutes=5)
    for report, (_, _, steps, _) in zip(filed, LIVES, strict=True):
        for number, status in enumerate(steps):
            night.step(report, status, "reason", at=NOON + timedelta(minutes=number))
    if fold == "after":
        night.run()
    night.publish()
    expected = {
        report: steps[-1] if steps else "new"
        for report, (_, _, steps, public) in zip(filed, LIVES, strict=True)
        if public
    }
    assert {report: point["status"] for report, point in night.points().items()} == expected


def test_points_leave_the_map_by_time_alone(night: Night) -> None:
    report = night.file(at=NOON - timedelta(days=1))
    night.step(report, "verifying", "taken_up", at=NOON - timedelta(hours=2))
    night.step(report, "unconfirmed", "not_present", at=NOON - timedelta(hours=1))
    night.run()
    # Seven days after the 22nd, to midnight.
    night.now = datetime(2026, 11, 29, 22, 59, 59, tzinfo=UTC)
    assert night.publish()["state"] == "unchanged"
    assert night.points().keys() == {report}
    night.now = datetime(2026, 11, 29, 23, tzinfo=UTC)
    assert night.publish()["state"] == "published"
    assert night.points() == {}


def test_nothing_new_moves_nothing(night: Night) -> None:
    night.file(at=NOON - timedelta(hours=3))
    night.run()
    before = night.objects()
    assert night.publish()["state"] == "unchanged"
    assert night.objects() == before


def test_the_map_lives_before_the_first_night(night: Night) -> None:
    report = night.file(at=NOON - timedelta(hours=3))
    summary = night.publish()
    assert (summary["state"], summary["build"]) == ("published", "empty")
    assert night.points().keys() == {report}
    assert all(night.cells(res) == {} for res in (5, 6, 7, 8, 9))
    assert night.manifest()["totals"] == {"reports_365d": 0, "reports_28d": 0}
    night.run()
    assert night.points().keys() == {report}


def test_only_tiles_that_changed_are_made_anew(night: Night) -> None:
    for number in range(6):
        night.file(at=NOON - timedelta(days=1), place=(50.0 + number, 20.0))
    night.run()
    night.file(place=(50.0, 20.0))
    night.now = NOON + timedelta(hours=1)
    assert {key: value for key, value in night.publish().items() if key in {"tiles", "fresh"}} == {
        "tiles": 6,
        "fresh": 1,
    }
    assert len(night.points()) == 7


def test_a_writer_that_was_faster_three_times_leaves_it_to_the_next_run(night: Night) -> None:
    night.file(at=NOON - timedelta(hours=3))
    night.run()
    night.file()
    night.now = NOON + timedelta(hours=1)
    before = night.manifest()
    rounds = 0

    def meanwhile(params: dict[str, Any], **_: Any) -> None:
        nonlocal rounds
        if params["Key"] == KEY and "IfMatch" in params:
            rounds += 1
            if rounds <= limit:
                params["IfMatch"] = '"somebody-elses"'

    night.container.s3.meta.events.register("provide-client-params.s3.PutObject", meanwhile, unique_id="faster")
    limit = 3
    with pytest.raises(PointerMoved):
        night.publish()
    assert night.manifest() == before
    rounds, limit = 0, 2
    assert night.publish()["state"] == "published"
    assert len(night.points()) == 2


def test_a_tile_that_did_not_arrive_stops_the_publication(night: Night) -> None:
    for number in range(2):
        night.file(at=NOON - timedelta(days=1), place=(50.0 + number, 20.0))
    night.run()
    night.file(place=(50.0, 20.0))
    night.now = NOON + timedelta(hours=1)
    before = night.manifest()

    def elsewhere(params: dict[str, Any], **_: Any) -> None:
        params["Key"] += ".lost"

    with hooked(night.container.s3, "provide-client-params.s3.CopyObject", elsewhere), pytest.raises(CorruptedError):
        night.publish()
    assert night.manifest() == before


@pytest.mark.parametrize(
    "harmed",
    [
        FIRST_EVENT._replace(category=None),
        FIRST_EVENT._replace(cell=None),
        FIRST_EVENT._replace(day=None),
        FIRST_EVENT._replace(tier=None),
    ],
    ids=["category", "cell", "day", "tier"],
)
def test_a_history_whose_first_event_is_not_whole_says_nothing(night: Night, harmed: FeedEvent) -> None:
    histories = [[FIRST_EVENT._replace(id="whole")], [harmed._replace(id="harmed")]]
    assert overlay(histories, Stage(night.container.instance)).keys() == {"whole"}


def test_points_survive_their_file() -> None:
    points = [
        Point("b", "c", "new", "2026-11-22", 1.5, -2.5, 10, None),
        Point("a", "c", "new", "2026-11-22", 1.0, 2.0, 5, 9),
    ]
    assert unpack(json.loads(pack(points))) == sorted(points)


@pytest.mark.parametrize(("now", "ids"), [(4, None), (5, ["a"]), (8, ["a"]), (9, None), (10, ["b"]), (999, ["b"])])
def test_a_point_stands_from_its_first_instant_to_before_its_last(now: int, ids: list[str] | None) -> None:
    points = [
        Point("b", "c", "new", "2026-11-22", 1.5, -2.5, 10, None),
        Point("a", "c", "new", "2026-11-22", 1.0, 2.0, 5, 9),
    ]
    body = tile("p", points, now)
    assert (None if body is None else json.loads(body)["id"]) == ids


def _at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, 11, 22, int(hour), int(minute), tzinfo=UTC)


def test_a_night_writes_no_tile_of_which_every_point_has_left_the_map(night: Night) -> None:
    day = night.today - timedelta(days=20)
    night.load([(day, (53.1325, 23.1688), ORDINARY)], status="unconfirmed")
    night.load([(day, WARSAW, ORDINARY)], "open")
    night.run()
    assert [point["status"] for point in night.points().values()] == ["new"]
    assert len([key for key in night.objects() if "/points/" in key]) == 1
