"""Deeds of reporter and police that meet at one moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, Invalid, Unavailable
from chalicelib.store import step
from tests.http.world import World
from tests.receipt.cases import Held, held
from tests.receipt.test_answering import asked, eliminated, refused


def at_once(*deeds: Any) -> list[Any]:
    """Do these things, all released by one barrier; what they raise is an outcome too."""
    barrier = Barrier(len(deeds))

    def wait_and_do(deed: Any) -> Any:
        barrier.wait()
        try:
            return deed()
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(wait_and_do, deeds))


@pytest.mark.parametrize("_round", range(5))
def test_of_a_take_up_and_a_withdrawal_at_once_one_wins_and_the_other_is_told(world: World, _round: int) -> None:
    case = held(world)
    taken, back = at_once(lambda: world.step(case.id, "verifying", "taken_up", version=1), case.withdraw)
    if isinstance(taken, Conflict):
        assert back.body["status"] == taken.current["status"] == "withdrawn"
    else:
        refused(back, "too_late", "verifying", [])
    assert world.current(case.id).version == 2


def test_a_withdrawal_that_is_overtaken_between_look_and_write_is_judged_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, take = held(world), step.take

    def overtaken(*arguments: Any) -> None:
        monkeypatch.setattr(step, "take", take)
        world.step(case.id, "verifying", "taken_up")
        take(*arguments)

    monkeypatch.setattr(step, "take", overtaken)
    refused(case.withdraw(), "too_late", "verifying", [])
    assert world.current(case.id).version == 2


def test_of_two_answers_at_once_one_is_kept_and_the_other_is_told(world: World) -> None:
    case = asked(world)
    answers = at_once(*(lambda text=text: case.say("text", text) for text in ("Po lewej", "Po prawej")))
    assert sorted(answer.status for answer in answers) == [200, 409]
    (kept,) = [answer for answer in answers if answer.status == 200]
    texts = [event["text"] for event in case.look().body["history"] if event["answer"] == "text"]
    assert texts == [kept.body["history"][-1]["text"]]


def test_the_same_deed_eight_times_at_once_is_one_deed(world: World) -> None:
    case = eliminated(world)
    answers = at_once(*[lambda: case.say("still_there")] * 8)
    assert {(answer.status, answer.body["status"]) for answer in answers} == {(200, "verifying")}
    assert world.current(case.id).version == 5


def test_a_case_that_never_rests_is_unavailable(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = held(world)

    def never(*_: Any) -> None:
        raise step.Stale

    monkeypatch.setattr(step, "take", never)
    assert case.withdraw().status == 503
    other = held(world)
    with pytest.raises(Unavailable):
        world.casework.merge(case.id, other.id, 1)


def test_two_cases_merged_into_each_other_at_once_are_merged_one_way(world: World) -> None:
    one, two = held(world), held(world)

    def merge(case: Held, into: Held) -> Any:
        try:
            return world.casework.merge(case.id, into.id, 1)
        except Invalid as invalid:
            return invalid

    at_once(lambda: merge(one, two), lambda: merge(two, one))
    assert sorted(world.current(case.id).status for case in (one, two)) == ["merged", "new"]
