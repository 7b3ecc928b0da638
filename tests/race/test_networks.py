"""Many at the same moment in one network: as many as allowed are believed, and every one is taken."""

from collections import Counter
from datetime import timedelta
from ipaddress import IPv6Address
from uuid import uuid4

from chalicelib.domain.network import Kind
from chalicelib.domain.report import NewReport, Tier
from chalicelib.services.intake import Intake, Submission
from chalicelib.services.networks import CallersNetwork
from chalicelib.store.quota import DeviceQuota, Salts
from tests.http.world import WARSAW, World
from tests.race.test_race import at_once

DEVICES = 30
LIMIT = 3


def network(world: World, number: int = 1) -> CallersNetwork:
    """The network of a household as a process of its own sees it: with its own memory of salts."""
    source = IPv6Address(f"2001:db8:1:2::{number:x}")
    return CallersNetwork(world.box.instance, Salts(), source, world.clock())


def test_of_30_devices_of_one_64_at_once_all_are_accepted_and_three_believed(world: World) -> None:
    box = world.box
    assert box.places is not None
    devices = [box.secrets.new_device() for _ in range(DEVICES)]

    def post(number: int) -> int:
        household = network(world, number + 1)
        intake = Intake(
            box.instance, lambda: box.places, DeviceQuota(household.salts), world.clock(), tier=household.tier
        )
        submission = Submission.of(box.secrets.keyring, devices[number], uuid4())
        return intake.file(submission, lambda: NewReport("illegal_dump", *WARSAW)).tier

    assert Counter(at_once(post, DEVICES)) == {Tier.ORDINARY: LIMIT, Tier.HELD: DEVICES - LIMIT}
    assert world.census()["report"] == DEVICES
    assert len(world.items("quota", "S#")) == 1, "one salt, or one network would have two budgets"


def test_hints_of_one_case_at_once_are_as_many_as_allowed(world: World) -> None:
    told = at_once(lambda number: network(world, number + 1).spend(Kind.HINT, "case"), DEVICES)
    assert sum(told) == LIMIT


def test_on_both_sides_of_midnight_at_once_each_day_has_its_own_budget(world: World) -> None:
    evening = world.clock()
    midnight = evening.replace(hour=22, minute=0, second=0, microsecond=0)

    def spend(number: int) -> tuple[str, bool]:
        now = midnight - timedelta(milliseconds=1) if number % 2 else midnight
        household = network(world, number + 1)
        return ("before" if number % 2 else "after"), CallersNetwork(
            household.instance, household.salts, household.source, now
        ).spend(Kind.REPORT)

    believed = Counter(side for side, had_some_left in at_once(spend, 24) if had_some_left)
    assert believed == {"before": LIMIT, "after": LIMIT}
    assert len(world.items("quota", "S#")) == 2
