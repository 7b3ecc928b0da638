"""An institution's answers that meet each other, an officer's step, or a store that lets none through."""

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest

from chalicelib.domain import partners as domain
from chalicelib.domain.steps import Actor
from chalicelib.services import partnering
from chalicelib.store import partner_cases, step
from chalicelib.store.models import MainItem
from tests.http.world import World
from tests.partners.institutions import Institution, history, passed
from tests.police.officers import Staff

Hire = Callable[..., Institution]
Desk = Callable[..., Staff]


def race(*deeds: Callable[[], object]) -> None:
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> None:
        barrier.wait()
        deed()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_S21_of_two_different_answers_at_once_one_counts(world: World, staff: Desk, hire: Hire) -> None:
    partner = hire()
    report = passed(staff(), world)
    statuses = list[int]()
    race(
        lambda: statuses.append(partner.answer(report).status),
        lambda: statuses.append(partner.answer(report, "not_ours", whose="Gmina").status),
        lambda: statuses.append(partner.answer(report, text="drei").status),
    )
    assert sorted(statuses) == [200, 409, 409]
    assert sum(event["by"] == "partner" for event in history(staff(), report)) == 1


def test_the_same_answer_from_four_at_once_is_one_event(world: World, staff: Desk, hire: Hire) -> None:
    partner = hire()
    report = passed(staff(), world)
    statuses = list[int]()
    race(*[lambda: statuses.append(partner.answer(report).status)] * 4)
    assert statuses == [200] * 4
    assert sum(event["by"] == "partner" for event in history(staff(), report)) == 1


def test_an_officer_who_is_faster_takes_the_case_away_from_under_the_answer(
    world: World, staff: Desk, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = hire()
    report = passed(staff(), world)
    world.clock.pass_by(minutes=1)
    plain, calls = step.take, list[int]()

    def late(*given: Any) -> None:
        if not calls:
            calls.append(1)
            world.step(report, "eliminated", "gone")
        plain(*given)

    monkeypatch.setattr(step, "take", late)
    assert partner.answer(report).status == 404
    assert world.current(report).status == "eliminated"
    assert [event["by"] for event in history(staff(), report)][-1] == "police"


def test_an_answer_that_never_gets_through_is_asked_for_again(
    world: World, staff: Desk, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = hire()
    report = passed(staff(), world)
    monkeypatch.setattr(step, "take", lambda *_: (_ for _ in ()).throw(step.Stale))
    answer = partner.answer(report)
    assert (answer.status, answer.body["code"]) == (503, "unavailable")
    assert answer.headers["retry-after"]


def test_a_case_that_is_passed_on_between_the_two_reads_is_looked_at_again(
    world: World, staff: Desk, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = hire()
    report = passed(staff(), world)
    plain, old = step.current, step.current(report)
    assert old is not None
    first = [replace(old, status="confirmed", passed_to=None)]
    monkeypatch.setattr(step, "current", lambda each: first.pop() if first else plain(each))
    assert partner.answer(report).status == 200


def test_an_answer_is_noted_only_beside_what_was_passed_on(world: World, staff: Desk, hire: Hire) -> None:
    """The condition of the list's own item holds where the case's version would not."""
    partner = hire()
    report = passed(staff(), world)
    for gone in MainItem.query(f"R#{report}", MainItem.sk.startswith("TP#")):
        gone.delete()
    assert partner.answer(report).status == 404
    given = partner_cases.Answered(domain.Verdict.DONE, None, None, world.clock())
    cases = world.casework
    before = world.current(report)
    change = step.Change(
        before,
        cases.event(before, partnering.ANSWER, Actor.PARTNER),
        beside=partner_cases.answering(report, "ZDM", before.version + 1, given),
    )
    with pytest.raises(step.AlsoRefused):
        step.take([change])
    assert world.current(report) == before


def test_an_answer_whose_case_is_taken_back_at_once_leads_to_nothing(
    world: World, staff: Desk, hire: Hire, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = hire()
    report = passed(staff(), world)
    plain = partnering.Partnering._write

    def late(service: partnering.Partnering, *given: Any) -> None:
        plain(service, *given)
        for listed in MainItem.query(f"R#{report}", MainItem.sk.startswith("TP#")):
            listed.delete()

    monkeypatch.setattr(partnering.Partnering, "_write", late)
    assert partner.answer(report).status == 404
