"""Taking up many cases at once, and deeds at the same moment: all or nothing, one after the other."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, Invalid, Stale, TooLate
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Actor
from chalicelib.services.bulk import MOST, TakeUp
from chalicelib.services.casework import Casework
from chalicelib.services.routing import Routing
from chalicelib.store import keys
from chalicelib.store.models import ReportItem
from tests.acts.test_second_look import item
from tests.http.world import NOON, World
from tests.receipt.cases import Held, held, held_at

REFUSALS = (Conflict, Stale, Invalid, TooLate)


def cases(world: World, count: int) -> list[Held]:
    """Some cases that have just been filed."""
    return [held(world) for _ in range(count)]


def take_up(world: World, versions: dict[str, int], sees: Callable[[str], bool] = lambda _: True) -> Any:
    """Take cases up together."""
    return TakeUp(world.box.instance, world.clock(), sees=sees).take_up(versions)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do several things, released by one barrier; a refusal is an outcome too."""
    barrier = Barrier(len(deeds))

    def wait_and_do(deed: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return deed()
        except REFUSALS as refusal:
            return refusal

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(wait_and_do, deeds))


def test_S07_many_cases_are_taken_up_together(world: World) -> None:
    held_ones = cases(world, MOST)
    world.clock.pass_by(hours=1)
    taken = take_up(world, {case.id: 1 for case in held_ones})
    assert [case.id for case in taken] == [case.id for case in held_ones]
    assert {(case.status, case.reason, case.version) for case in taken} == {("verifying", "taken_up", 2)}
    assert {str(item(case).g2sk).partition("#")[0] for case in held_ones} == {taken[0].due_verify}


def test_S07_one_that_cannot_be_taken_up_keeps_all_where_they_are(world: World) -> None:
    one, taken, changed, foreign = cases(world, 4)
    world.step(taken.id, "verifying", "taken_up")
    changed.ask()
    ReportItem(keys.report(foreign.id), keys.REPORT).update([ReportItem.unit.set("KWP-LODZ")])
    before = world.items("main")
    versions = {one.id: 1, taken.id: 2, changed.id: 1, foreign.id: 1, "0" * 21: 1}
    with pytest.raises(Invalid) as refusal:
        take_up(world, versions, lambda unit: unit == "KSP")
    assert [(fault.field, fault.code.value) for fault in refusal.value.faults] == [
        (f"ids.{taken.id}", "step_not_allowed"),
        (f"ids.{changed.id}", "changed"),
        (f"ids.{foreign.id}", "not_found"),
        (f"ids.{'0' * 21}", "not_found"),
    ]
    assert world.items("main") == before


def test_S07_what_has_only_changed_is_a_conflict_that_names_each(world: World) -> None:
    one, other = cases(world, 2)
    one.ask()
    before = world.items("main")
    with pytest.raises(Stale) as refusal:
        take_up(world, {one.id: 1, other.id: 1})
    assert [(fault.field, fault.code.value) for fault in refusal.value.faults] == [(f"ids.{one.id}", "changed")]
    assert world.items("main") == before


def test_S07_of_two_lists_that_overlap_one_is_taken_up(world: World) -> None:
    held_ones = cases(world, 7)
    first, second = held_ones[:4], held_ones[3:]
    outcomes = at_once(
        lambda: take_up(world, {case.id: 1 for case in first}),
        lambda: take_up(world, {case.id: 1 for case in second}),
    )
    won = [type(outcome) is list for outcome in outcomes]
    assert sorted(won) == [False, True]
    assert [type(outcome) for outcome in outcomes if type(outcome) is not list] == [Stale]
    standing = [[world.current(case.id).status for case in each] for each in (first, second)]
    winner = won.index(True)
    assert standing[winner] == ["verifying"] * 4
    assert Counter(standing[1 - winner]) == {"new": 3, "verifying": 1}


def test_S06_of_two_officers_at_one_case_one_decides(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    verdicts = (Status.CONFIRMED, "seen_at_check"), (Status.JOKE, "joke"), (Status.UNCONFIRMED, "not_checkable")
    cases_ = Casework(world.box.instance, world.clock())

    def deciding(to: Status, reason: str) -> Callable[[], Any]:
        return lambda: cases_.take_step(case.id, to, reason, Actor.POLICE, 2)

    outcomes = at_once(*(deciding(*verdict) for verdict in verdicts))
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Current": 1, "Conflict": 2}
    now = world.current(case.id)
    assert (now.version, len([each for each in case.items() if each["t"]["S"] == "event"])) == (3, 3)
    assert {outcome.current["status"] for outcome in outcomes if isinstance(outcome, Conflict)} == {now.status}


def test_an_officer_and_a_reporter_who_takes_it_back_do_not_both_win(world: World) -> None:
    case = held(world)
    officer = Casework(world.box.instance, world.clock())
    taken, withdrawn = at_once(
        lambda: officer.take_step(case.id, Status.VERIFYING, "taken_up", Actor.POLICE, 1),
        lambda: world.stranger().call("POST", "/v1/receipt/withdraw", Receipt=case.receipt),
    )
    now = world.current(case.id)
    assert now.version == 2
    assert (now.status, isinstance(taken, Conflict), withdrawn.status) in {
        ("verifying", False, 409),
        ("withdrawn", True, 200),
    }


def test_a_transfer_and_a_verdict_do_not_both_rest_on_one_version(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    unit = world.box.units.unit_for("1434", NOON.date()).code
    box, now = world.box.instance, world.clock()
    outcomes = at_once(
        lambda: Routing(box, now).transfer(case.id, unit, 2),
        lambda: Casework(box, now).take_step(case.id, Status.CONFIRMED, "seen_at_check", Actor.POLICE, 2),
    )
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Current": 1, "Conflict": 1}
    after = world.current(case.id)
    assert (after.unit, after.status) in {(unit, "verifying"), ("KSP", "confirmed")}
    assert item(case).g2pk == keys.open_queue(after.unit)
