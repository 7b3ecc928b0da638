"""A unit's settings written by several at once, and over a store that falters."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from chalicelib.store.models import connection
from tests.alerts.world import hooked
from tests.http.gateway import Answer
from tests.http.world import World
from tests.police.officers import Staff
from tests.police.unit_settings import OWN, PATH, noted, settings
from tests.store.faults import Fault, cancelled, faults, lost_after, lost_before, throttled


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    """Call together: all have read the settings before any of them writes."""
    barrier = Barrier(len(calls))
    waited: list[int] = []

    def wait(**_: Any) -> None:
        if len(waited) < len(calls):
            waited.append(barrier.wait(30))

    client = connection().client
    event = "before-call.dynamodb.TransactWriteItems"
    with hooked(client, event, wait), ThreadPoolExecutor(len(calls)) as pool:
        running = [pool.submit(call) for call in calls]
        answers = [each.result(60) for each in running]
    assert len(waited) == len(calls)
    return answers


def test_of_two_that_write_at_once_one_is_told_what_the_other_wrote(world: World, coordinator: Staff) -> None:
    addresses = [f"a{number}@krp1.example" for number in range(4)]
    answers = at_once(*[lambda each=each: coordinator.call("PUT", PATH, settings(each)) for each in addresses])
    (won,) = [answer for answer in answers if answer.status == 200]
    lost = [answer for answer in answers if answer.status == 409]
    assert len(lost) == 3
    assert all(answer.body["current"] == won.body for answer in lost)
    assert coordinator.call("GET", PATH).body == won.body
    assert len(noted(world)) == 1


def test_of_two_that_write_the_same_at_once_both_are_right_and_one_is_noted(world: World, coordinator: Staff) -> None:
    answers = at_once(*[lambda: coordinator.call("PUT", PATH, settings(OWN))] * 2)
    assert [answer.status for answer in answers] == [200, 200]
    assert {answer.body["version"] for answer in answers} == {2}
    assert len(noted(world)) == 1


BUSY = cancelled("TransactionConflict", "None")


@pytest.mark.parametrize("planned", [[BUSY], [lost_before], [lost_after], [throttled]])
def test_a_passing_fault_of_the_store_is_not_noticed(world: World, coordinator: Staff, planned: list[Fault]) -> None:
    with faults(*planned) as left:
        answer = coordinator.call("PUT", PATH, settings(OWN))
    assert (answer.status, answer.body["version"], left) == (200, 2, [])
    assert len(noted(world)) == 1


@pytest.mark.parametrize(
    "planned", [[BUSY] * 5, [throttled] * 3, [cancelled("ItemCollectionSizeLimitExceeded", "None")]]
)
def test_where_the_store_does_not_answer_nothing_is_written(
    world: World, coordinator: Staff, planned: list[Fault]
) -> None:
    before = world.items("main")
    with faults(*planned) as left:
        answer = coordinator.call("PUT", PATH, settings(OWN))
    assert (answer.status, answer.body["code"], left) == (503, "unavailable", [])
    assert world.items("main") == before
