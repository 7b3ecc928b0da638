"""Whoever reports something or saw it too is counted for a surge, unless their network has been too busy."""

from uuid import uuid4

from chalicelib.domain.alerting import SURGE
from chalicelib.domain.surge import About
from chalicelib.store import keys
from tests.http.gateway import Answer
from tests.http.world import World
from tests.sightings.cases import north

BUSY = "2001:db8:1:2::1"
"""Three reports and nine sightings a day are believed from its network."""


def file(world: World, metres: float, address: str | None = None) -> str:
    """Somebody reports something so far north of the usual place."""
    lat, lon = north(metres)
    answer = world.citizen(address).file(lat=lat, lon=lon)
    assert answer.status == 201, answer.text
    found: str = answer.body["id"]
    return found


def see(world: World, report: str, address: str | None = None) -> Answer:
    """Somebody else saw it too."""
    answer = world.citizen(address).call(
        "POST", f"/v1/reports/{report}/corroborations", {}, Idempotency_Key=str(uuid4())
    )
    assert answer.status == 201, answer.text
    return answer


def surges(world: World) -> list[int]:
    """How many sources each surge names that the outbox holds."""
    waiting = [item for item in world.items("main", keys.outbox(0)[:2]) if item["kind"]["S"] == SURGE]
    return [About.read(item["about"]["S"]).sources for item in waiting]


def test_reports_of_five_devices_near_one_another_are_a_surge(world: World) -> None:
    for number in range(4):
        file(world, 70 * number)
    assert surges(world) == []
    file(world, 280)
    assert surges(world) == [5]


def test_whoever_saw_it_too_counts(world: World) -> None:
    report = file(world, 0)
    for _ in range(3):
        see(world, report)
    assert surges(world) == []
    see(world, report)
    assert surges(world) == [5]


def test_reports_of_a_network_over_its_budget_count_for_nothing(world: World) -> None:
    for number in range(3):
        file(world, 70 * number, BUSY)
    file(world, 210)
    file(world, 280, BUSY)
    assert surges(world) == []
    file(world, 245)
    assert surges(world) == [5]


def test_sightings_of_a_network_over_its_budget_count_for_nothing(world: World) -> None:
    for far in range(3):
        elsewhere = file(world, 2_000 + 1_000 * far)
        for _ in range(3):
            see(world, elsewhere, BUSY)
    report = file(world, 0)
    for _ in range(3):
        see(world, report)
    see(world, report, BUSY)
    assert surges(world) == []
    see(world, report)
    assert surges(world) == [5]
