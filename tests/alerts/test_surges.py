"""Many independent sources near one another are told of once; one reporter alone, or one too few, never."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from chalicelib.domain import surge
from chalicelib.domain.calendar import day_of
from chalicelib.domain.location import cell_at
from chalicelib.domain.surge import About, Rule
from chalicelib.domain.window import window_of
from chalicelib.services.surges import Place, Surges
from chalicelib.store import keys, quota_keys, surges
from chalicelib.store.models import OutboxItem
from chalicelib.store.purge import purge_day, purge_window
from chalicelib.store.quota_items import QuotaTableItem
from chalicelib.store.witness import Windows
from tests.alerts.world import LAT, LON, MAILBOX, UNIT, World, hooked
from tests.store.faults import conflict, faults

RULE = Rule(sources=5, radius_m=300, within=timedelta(hours=2), quiet=timedelta(hours=6))
METRE = 1 / 111_195.08


class Town:
    """Devices that report and see things around one place."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.windows = Windows()
        self.deeds = 0

    def does(
        self,
        device: str,
        at: tuple[float, float] = (LAT, LON),
        *,
        category: str = "illegal_parking",
        report: str | None = None,
    ) -> bool:
        """A device reports something; whether that completed a surge."""
        self.deeds += 1
        cell, now = cell_at(*at), self.world.now
        zone = self.world.container.instance.zone
        witness = self.windows.witness(device, cell, day_of(now, zone), zone)
        place = Place(report or f"S{self.deeds:025d}", category, UNIT, cell)
        return Surges(self.world.container.instance, now).watch(place, witness, "R")

    def do(self, devices: int, **more: Any) -> list[bool]:
        """So many different devices do, one after the other."""
        return [self.does(f"device-{number}", **more) for number in range(devices)]


@pytest.fixture
def town(world: World) -> Town:
    """A town without any deed."""
    return Town(world)


def border() -> tuple[tuple[float, float], tuple[float, float]]:
    """Two points about a hundred metres apart, on the two sides of a border between areas."""
    step = 100 * METRE
    here = (LAT, LON)
    while surge.area_of(*here) == surge.area_of(here[0] + step, here[1]):
        here = (here[0] + step, here[1])
    return here, (here[0] + step, here[1])


def test_one_too_few_is_no_surge_and_enough_are_one(town: Town) -> None:
    assert town.do(5) == [False, False, False, False, True]
    (alert,) = town.world.waiting()
    assert (alert.kind, alert.unit, About.read(str(alert.about)).sources) == ("surge", UNIT, 5)


def test_one_reporter_alone_never_causes_a_surge(town: Town) -> None:
    here, there = border()
    assert not any(town.does("always-the-same", at) for _ in range(5) for at in (here, there, (LAT, LON)))
    assert town.world.waiting() == []


def test_a_surge_is_told_once_however_many_follow(town: Town) -> None:
    town.do(12)
    assert len(town.world.waiting()) == 1


def test_on_a_border_between_areas_enough_are_one_surge(town: Town) -> None:
    here, there = border()
    sides = [here, there, here, there, here, there]
    assert sum(town.does(f"device-{n}", side) for n, side in enumerate(sides)) == 1


def test_on_a_border_one_too_few_are_none_though_each_acts_on_both_sides(town: Town) -> None:
    here, there = border()
    assert not any(town.does(f"device-{n}", side) for n in range(4) for side in (here, there))


def test_a_surge_across_the_border_of_two_blocks_is_told_once(town: Town) -> None:
    block = town.world.now.replace(hour=18, minute=0, second=0)
    town.world.now = block - timedelta(minutes=10)
    assert town.do(5)[-1] is True
    town.world.now = block + timedelta(minutes=10)
    assert not any(town.do(8))
    assert len(town.world.waiting()) == 1


def test_enough_around_the_border_of_two_blocks_are_told_once(town: Town) -> None:
    block = town.world.now.replace(hour=18, minute=0, second=0)
    town.world.now = block - timedelta(minutes=10)
    assert not any(town.do(4))
    town.world.now = block + timedelta(minutes=10)
    assert town.does("device-4") is True
    assert not town.does("device-5")


def test_a_surge_that_goes_on_is_told_again_after_the_quiet_time(town: Town) -> None:
    town.do(5)
    town.world.wait(hours=6, seconds=1)
    assert town.do(5) == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("what", "completes"),
    [
        ({"at": (LAT + 250 * METRE, LON)}, True),
        ({"at": (LAT + 360 * METRE, LON)}, False),
        ({"category": "car_racing"}, True),
        ({"category": "illegal_dump"}, False),
    ],
    ids=["within reach", "too far", "of the group", "of another group"],
)
def test_what_counts_together(town: Town, what: dict[str, Any], completes: bool) -> None:  # noqa: FBT001
    town.do(4)
    assert town.does("the-fifth", **what) is completes


@pytest.mark.parametrize(("minutes", "completes"), [(119, True), (121, False)])
def test_what_is_too_long_ago_does_not_count(town: Town, minutes: int, completes: bool) -> None:  # noqa: FBT001
    town.do(4)
    town.world.wait(minutes=minutes)
    assert town.does("the-fifth") is completes


@pytest.mark.parametrize("apart", [False, True], ids=["one area", "two areas"])
def test_of_several_that_complete_a_surge_at_once_one_tells(town: Town, apart: bool) -> None:  # noqa: FBT001
    here, there = border() if apart else ((LAT, LON), (LAT, LON))
    for number in range(4):
        town.does(f"device-{number}", here)
    racers, client = 4, OutboxItem._get_connection().connection.client
    barrier, met = Barrier(racers), list[int]()

    def wait(**_: Any) -> None:
        if len(met) < racers:
            met.append(barrier.wait(30))

    with hooked(client, "before-call.dynamodb.TransactWriteItems", wait), ThreadPoolExecutor(racers) as pool:
        running = [pool.submit(town.does, f"racer-{n}", (here, there)[n % 2]) for n in range(racers)]
        told = [task.result(60) for task in running]
    assert sum(told) == 1
    assert len(town.world.waiting()) == 1


def test_of_several_that_are_noted_at_once_the_last_sees_them_all(town: Town) -> None:
    racers, client = 5, QuotaTableItem._get_connection().connection.client
    barrier, met = Barrier(racers), list[int]()

    def wait(params: dict[str, Any], **_: Any) -> None:
        if "#" in str(params) and len(met) < racers:
            met.append(barrier.wait(30))

    town.windows.witness("warm", cell_at(LAT, LON), town.world.now.date(), town.world.container.instance.zone)
    with hooked(client, "provide-client-params.dynamodb.PutItem", wait), ThreadPoolExecutor(racers) as pool:
        running = [pool.submit(town.does, f"racer-{n}") for n in range(racers)]
        told = [task.result(60) for task in running]
    assert sum(told) == 1


def test_where_a_surge_was_told_no_transaction_is_begun(town: Town) -> None:
    town.do(5)
    begun: list[None] = []
    client = OutboxItem._get_connection().connection.client
    with hooked(client, "before-call.dynamodb.TransactWriteItems", lambda **_: begun.append(None)):
        assert not any(town.do(7))
    assert begun == []


def test_a_place_is_silent_until_the_quiet_time_is_over(town: Town) -> None:
    world, area = town.world, surge.area_of(LAT, LON)
    window = window_of(world.now.date())

    def told() -> bool:
        alert = world.report()
        alert.delete()
        return surges.tell(window, "traffic", area, world.now, RULE, alert, world.now + timedelta(days=1))

    assert told() is True
    world.wait(hours=6)
    assert told() is False
    world.wait(milliseconds=1)
    assert told() is True


@pytest.mark.parametrize(("collisions", "told"), [(surges.TRIES - 1, True), (surges.TRIES, False)])
def test_a_surge_that_collides_with_another_is_told_again(town: Town, collisions: int, told: bool) -> None:  # noqa: FBT001
    town.do(4)
    with faults(*[conflict] * collisions):
        assert town.does("the-fifth") is told
    assert len(town.world.waiting()) == told


def test_a_store_that_fails_costs_nobody_their_report(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    client = QuotaTableItem._get_connection().connection.client

    def fail(params: dict[str, Any], **_: Any) -> None:
        params["TableName"] = "no-such-table"

    town.does("first")
    with hooked(client, "provide-client-params.dynamodb.PutItem", fail):
        assert town.does("second") is False
    assert "surge not looked for" in caplog.text


def test_an_instance_without_a_rule_looks_for_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = replace(town.world.container.instance, surge=None)
    monkeypatch.setitem(town.world.container._resources.__dict__, "instance", instance)
    assert not any(town.do(6))


def test_a_surge_reaches_topic_and_mailbox_at_once(town: Town) -> None:
    world = town.world
    filed = world.report()
    filed.delete()
    town.do(4)
    town.does("the-fifth", report=filed.id)
    (alert,) = world.waiting()
    world.relay(OutboxItem.get(keys.outbox(alert.shard), alert.sort_key))
    (message,), (mail,) = world.messages(), world.mails()
    assert message["kind"] == "surge"
    assert message["surge"] == {"group": "traffic", "sources": 5, "radius_m": 300, "hours": 2}
    assert message["event"] == alert.about
    assert mail["To"] == [MAILBOX]
    assert mail["Subject"].startswith("[KMP Łomża] Nagły wzrost zgłoszeń: ")
    assert "Niezależne źródła: 5, w promieniu 300 m i ciągu 2 godzin." in mail["BodyText"]


def test_a_surge_is_not_told_by_an_instance_that_has_given_its_rule_up(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, filed = town.world, town.world.report()
    filed.delete()
    town.do(4)
    town.does("the-fifth", report=filed.id)
    (alert,) = world.waiting()
    monkeypatch.setitem(world.container._resources.__dict__, "instance", replace(world.container.instance, surge=None))
    world.relay(OutboxItem.get(keys.outbox(alert.shard), alert.sort_key))
    assert [alert.last_error for alert in world.waiting()] == ["ValueError"]


def test_a_surge_across_midnight_is_one(town: Town) -> None:
    town.world.now = town.world.now.replace(hour=22, minute=30)
    town.do(4)
    town.world.wait(hours=1)
    assert town.does("the-fifth") is True


def test_what_devices_did_goes_in_the_second_night_and_that_it_was_told_with_the_window(town: Town) -> None:
    town.do(5)
    today = town.world.now.date()

    def left(partitions: list[str]) -> int:
        return sum(int(QuotaTableItem.count(partition)) for partition in partitions)

    assert purge_day(today) == (0, 0)
    assert left(quota_keys.of_quota_day((today + timedelta(days=1)).isoformat())) == 5
    assert purge_day(today + timedelta(days=1)) == (5, 0)
    window = window_of(today)
    assert left(quota_keys.of_window(window.isoformat())) == 1 + 1
    assert purge_window(window) == (2, 0)
