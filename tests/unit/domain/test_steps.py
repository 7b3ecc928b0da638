from itertools import product

import pytest

from chalicelib.domain.acts import ACTS
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN, STEPS, Actor, Reason, allowed, check

POLICE = {
    ("new", "verifying"): "taken_up",
    ("new", "joke"): "joke mistake",
    ("new", "merged"): "same_case",
    ("verifying", "confirmed"): "seen_at_check known_to_police",
    ("verifying", "unconfirmed"): "not_present not_checkable not_a_threat",
    ("verifying", "joke"): "joke mistake",
    ("confirmed", "eliminated"): "removed_by_police removed_by_other gone",
    ("confirmed", "passed_on"): "other_body",
    ("passed_on", "eliminated"): "removed_by_other gone",
    ("passed_on", "confirmed"): "returned",
    ("unconfirmed", "verifying"): "check_again corroborated still_there",
    ("eliminated", "verifying"): "check_again corroborated still_there",
}
REPORTER = {
    ("new", "withdrawn"): "taken_back",
    ("unconfirmed", "verifying"): "check_again corroborated still_there",
    ("eliminated", "verifying"): "check_again corroborated still_there",
}
SYSTEM = {arrow: REPORTER[arrow] for arrow in REPORTER if arrow[1] == "verifying"}
PARTNER = {("passed_on", "confirmed"): "returned"}
MATRIX = {Actor.POLICE: POLICE, Actor.REPORTER: REPORTER, Actor.SYSTEM: SYSTEM, Actor.PARTNER: PARTNER}


@pytest.mark.parametrize(("source", "target"), list(product(Status, Status)))
@pytest.mark.parametrize("actor", Actor)
def test_S01_exactly_the_steps_of_the_table_are_taken(source: Status, target: Status, actor: Actor) -> None:
    reasons = MATRIX[actor].get((source.value, target.value), "").split()
    for reason in Reason:
        if reason.value in reasons:
            assert check(source, target, reason.value, actor).target is target
        else:
            with pytest.raises(Invalid):
                check(source, target, reason.value, actor)


def test_S02_reporter_can_only_take_back_or_reopen() -> None:
    targets = {step.target for step in STEPS if Actor.REPORTER in step.actors}
    assert targets == {Status.WITHDRAWN, Status.VERIFYING}


def test_refused_step_names_both_ends() -> None:
    with pytest.raises(Invalid) as refusal:
        check(Status.NEW, Status.ELIMINATED, "gone", Actor.POLICE)
    [fault] = refusal.value.faults
    assert (fault.field, fault.code) == ("to", Fault.STEP_NOT_ALLOWED)
    assert fault.params == {"source": "new", "target": "eliminated"}


@pytest.mark.parametrize("reason", [None, "", "gone", "no such reason"])
def test_step_needs_a_reason_of_its_own(reason: str | None) -> None:
    with pytest.raises(Invalid) as refusal:
        check(Status.NEW, Status.JOKE, reason, Actor.POLICE)
    [fault] = refusal.value.faults
    assert (fault.field, fault.code, fault.params) == (
        "reason",
        Fault.REASON_NOT_ALLOWED,
        {"allowed": "joke, mistake"},
    )


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        (Status.NEW, ["verifying", "joke", "merged", "withdrawn"]),
        (Status.CONFIRMED, ["eliminated", "passed_on"]),
        (Status.JOKE, []),
        (Status.WITHDRAWN, []),
        (Status.MERGED, []),
    ],
)
def test_allowed_lists_what_can_follow(source: Status, targets: list[str]) -> None:
    assert [step.target.value for step in allowed(source)] == targets


def test_S03_open_cases_are_those_that_wait_for_somebody() -> None:
    assert {status.value for status in OPEN} == {"new", "verifying", "confirmed", "passed_on"}


def test_no_step_stands_twice_and_every_one_has_a_reason_and_an_actor() -> None:
    assert len({(step.source, step.target) for step in STEPS}) == len(STEPS)
    assert all(step.reasons and step.actors for step in STEPS)


def test_every_reason_is_used() -> None:
    used = [reason for step in STEPS for reason in step.reasons] + [reason for row in ACTS for reason in row.reasons]
    assert len(used) > len(set(used)) == len(Reason)


def test_every_status_can_be_reached() -> None:
    assert {step.target for step in STEPS} | {Status.NEW} == set(Status)
