"""Sightings at the same moment: exact counts, one a device, three a day."""

from collections import Counter
from datetime import timedelta
from typing import Any

from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import QuotaUsed
from chalicelib.domain.quota import device_hash
from chalicelib.domain.report import Tier
from chalicelib.domain.sighting import SIGHTINGS_PER_DAY
from chalicelib.services.corroborate import Corroborated, Corroboration
from chalicelib.store import keys, reports
from chalicelib.store.models import EventItem
from chalicelib.store.secrets import Device
from chalicelib.store.sightings import Allowance
from tests.http.world import World
from tests.race.test_race import at_once
from tests.sightings.cases import north, put

DEVICES = 24


def standing(world: World, metres: float = 0, **changes: Any) -> str:
    """A case so many metres north that has been public since yesterday."""
    return put(world, world.clock() - timedelta(days=1), north(metres), **changes)


def see(world: World, device: Device, case: str) -> Corroborated | QuotaUsed:
    """Say "I see it too" as a request of its own would."""
    box, now = world.box, world.clock()
    day = day_of(now, box.instance.zone)
    salt, expires = box.salts.of_day(day, box.instance.zone)
    corroboration = Corroboration(
        box.instance,
        now,
        Allowance(day, device_hash(salt, device.name), expires),
        lambda report: box.windows.witness(device.name, report.cell, day, box.instance.zone),
        lambda: Tier.ORDINARY,
    )
    try:
        return corroboration.add(case, None)
    except QuotaUsed as used:
        return used


def fresh(world: World, count: int) -> list[Device]:
    """Devices, with salts read, so that the threads race for the table and not for a cache."""
    devices = [world.box.secrets.new_device() for _ in range(count)]
    see(world, world.box.secrets.new_device(), standing(world, 9_000))
    return devices


def sources(case: str) -> int:
    """Sightings that the store holds of a case, each from another device."""
    found = reports.sighted(case, consistent=True)
    assert found is not None
    return sum(sighting.sources for sighting in found[1])


def test_24_devices_at_once_are_24_sources(world: World) -> None:
    case, devices = standing(world), fresh(world, DEVICES)
    outcomes = at_once(lambda number: see(world, devices[number], case), DEVICES)
    assert all(isinstance(outcome, Corroborated) and outcome.new for outcome in outcomes)
    assert sources(case) == DEVICES
    assert sum(item["PK"]["S"].startswith("P#") for item in world.items("quota")) == DEVICES + 1


def test_a_device_that_races_itself_counts_once(world: World) -> None:
    case, (device,) = standing(world), fresh(world, 1)
    outcomes = at_once(lambda _: see(world, device, case), DEVICES)
    assert Counter(outcome.new for outcome in outcomes) == {True: 1, False: DEVICES - 1}
    assert all(outcome.counted for outcome in outcomes)
    assert sources(case) == 1
    assert [item["n"]["N"] for item in world.items("quota", "K#")] == ["1", "1"], "one more for the one that warmed up"


def test_a_device_at_many_cases_at_once_has_exactly_three(world: World) -> None:
    cases, (device,) = [standing(world, 200 * number) for number in range(12)], fresh(world, 1)
    outcomes = at_once(lambda number: see(world, device, cases[number]), len(cases))
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {
        "Corroborated": SIGHTINGS_PER_DAY,
        "QuotaUsed": len(cases) - SIGHTINGS_PER_DAY,
    }
    assert sum(sources(case) for case in cases) == SIGHTINGS_PER_DAY


def test_a_closed_case_that_many_see_at_once_is_opened_once(world: World) -> None:
    case = standing(world, status="unconfirmed", resolved=world.clock() - timedelta(hours=1))
    devices = fresh(world, 6)
    outcomes = at_once(lambda number: see(world, devices[number], case), 6)
    assert all(outcome.new for outcome in outcomes)
    assert sources(case) == 6
    events = list(EventItem.query(keys.report(case), EventItem.sk.startswith("E#")))
    assert [event.status for event in events] == ["verifying"]
