"""What a change of a case costs in write units, whoever makes it: nothing creeps in unseen."""

import pytest

from chalicelib.store.models import connection
from tests.bench.changes import GOAL, MANY, ORDINARY, OTHERS, SAID, Desk, billed
from tests.bench.units import Meter
from tests.http.world import World
from tests.partners.institutions import hired
from tests.police.test_acting import Hire

COSTS = {
    "taken_up": 12,
    "taken_up_by_link": 10,
    "confirmed": 12,
    "nobody_there_once": 10,
    "nobody_there_twice": 12,
    "no_threat": 12,
    "eliminated": 12,
    "passed_on_to_a_body": 11,
    "asked": 10,
    "paused": 11,
    "resumed": 11,
    "moved_within_the_unit": 12,
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
"""Write units at most, with words of the usual length. Many at once cost as much as each alone, and have no notes."""


def test_an_ordinary_change_keeps_to_the_goal() -> None:
    assert {*COSTS, MANY} == ORDINARY.keys() | OTHERS.keys()
    assert max(COSTS[name] for name in ORDINARY) <= GOAL


@pytest.mark.parametrize(("name", "most"), COSTS.items())
def test_a_change_with_words_of_the_usual_length_costs_no_more_than(
    world: World, staff: Hire, name: str, most: int
) -> None:
    meter = Meter(connection().client, world.stack.client("dynamodb"))
    bill = billed(Desk(world, staff, hired(world), SAID["usual"]), meter, (ORDINARY | OTHERS)[name])
    assert bill.write + bill.index <= most
