"""What a change of a case costs in write units, whoever makes it: nothing creeps in unseen."""

import pytest

from chalicelib.store.models import connection
from tests.bench.changes import GOAL, ORDINARY, OTHERS, SAID, Desk, billed
from tests.bench.units import Meter
from tests.http.world import World
from tests.partners.institutions import hired
from tests.police.test_acting import Hire

TOLD = {
    "transferred": 14,
    "moved_to_another_unit": 15,
    "passed_on_to_an_institution": 16,
    "taken_back_from_an_institution": 14,
    "merged": 20,
    "reporter_withdraws": 10,
    "reporter_answers": 10,
    "reporter_sees_it_still": 10,
    "institution_done": 15,
    "institution_not_ours": 16,
}
"""What the changes cost at most that somebody is told of, or that touch two cases."""


@pytest.mark.parametrize(("name", "limit"), [*((name, GOAL) for name in ORDINARY), *TOLD.items()])
def test_a_change_with_words_of_the_usual_length_costs_no_more_than(
    world: World, staff: Hire, name: str, limit: int
) -> None:
    meter = Meter(connection().client, world.stack.client("dynamodb"))
    desk = Desk(world, staff, hired(world), SAID["usual"])
    bill = billed(desk, meter, (ORDINARY | OTHERS)[name])
    assert bill.write + bill.index <= limit
