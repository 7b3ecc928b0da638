"""A step that was thought out before the night erased its case: its condition is what keeps the tombstone one."""

import pytest

from chalicelib.domain.calendar import day_of
from chalicelib.domain.report import Status
from chalicelib.domain.retention import Kept
from chalicelib.domain.steps import Actor, Reason
from chalicelib.services.casework import Casework
from chalicelib.store import retention, step
from chalicelib.store.step import Stale
from tests.http.world import World
from tests.receipt.cases import held


def test_a_case_that_became_a_tombstone_meanwhile_takes_no_step_and_stays_one(world: World) -> None:
    case = held(world)
    case.go("verifying", "unconfirmed")
    before = world.current(case.id)
    cases = Casework(world.box.instance, world.clock())
    late = cases.step(before, Status.VERIFYING, Reason.CHECK_AGAIN, Actor.POLICE)
    listed = retention.look(case.id, day_of(world.clock(), world.box.instance.zone))
    assert listed is not None
    retention.erase(listed, frozenset(Kept), lambda _report: 0)
    kept = world.items("main")
    assert "tombstone" in {item["t"]["S"] for item in kept}
    # The events of the case stay, and there is none of the next number: the event itself would find room.
    with pytest.raises(Stale):
        step.take([late])
    assert world.items("main") == kept
