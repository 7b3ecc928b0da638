"""That nothing was there closes a case only when it has been looked for twice; who is asked to act is named."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.addressee import Addressee
from chalicelib.domain.calendar import Part
from chalicelib.domain.checks import Window
from chalicelib.domain.errors import Invalid
from chalicelib.domain.report import Status
from chalicelib.domain.steps import NEEDS, STEPS, Actor, Need, Reason
from chalicelib.services.casebook import Words
from chalicelib.store import keys
from chalicelib.store.models import EventItem, ReportItem
from chalicelib.store.step import Current
from tests.http.world import World
from tests.receipt.cases import Held, held, held_at

WEDNESDAY, THURSDAY = date(2026, 6, 10), date(2026, 6, 11)
NOON_LOOK, EVENING = (WEDNESDAY, Part.AFTERNOON), (WEDNESDAY, Part.EVENING)


def look(world: World, case: Held, *windows: Window, reason: str = "not_present", **words: str) -> Current:
    """Say that a case was looked for, and not confirmed."""
    version = world.current(case.id).version
    to, words_ = Status.UNCONFIRMED, Words(**words)
    return world.casework.take_step(case.id, to, reason, Actor.POLICE, version, words_, looked=windows)


def newest(case: Held) -> EventItem:
    """The newest event of a case."""
    return EventItem.get(keys.report(case.id), keys.event(case.world.current(case.id).version), consistent_read=True)


def item(case: Held) -> ReportItem:
    """The report itself."""
    return ReportItem.get(keys.report(case.id), keys.REPORT, consistent_read=True)


def faults(refusal: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    """What a refusal names."""
    return [(fault.field, fault.code.value) for fault in refusal.value.faults]


def test_a_first_look_that_met_nothing_leaves_the_case_open_until_a_second(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    world.clock.pass_by(hours=1)
    after = look(world, case, NOON_LOOK, public="Nic tam nie było.")
    event, due = newest(case), after.due_verify
    assert (after.status, after.reason, after.checked, after.recheck) == (
        "verifying",
        "taken_up",
        ("2026-06-10:afternoon",),
        due,
    )
    assert (event.type, event.from_status, event.status, event.reason, event.by) == (
        *("recheck", None, "verifying", "not_present", "police"),
    )
    assert (event.checked, event.until) == (["2026-06-10:afternoon"], due)
    assert (item(case).g2pk, item(case).g2sk) == ("U#KSP#O", f"{due}#{case.id}")
    assert [each["text"]["S"] for each in case.items() if each["t"]["S"] == "text"] == ["Nic tam nie było."]


def test_a_second_look_in_another_part_of_the_day_closes_it(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    look(world, case, NOON_LOOK)
    world.clock.pass_by(hours=7)
    after = look(world, case, EVENING)
    assert (after.status, after.reason, after.recheck) == ("unconfirmed", "not_present", None)
    assert after.checked == ("2026-06-10:afternoon", "2026-06-10:evening")
    assert (newest(case).type, newest(case).checked) == ("status", ["2026-06-10:evening"])


@pytest.mark.parametrize(
    ("second", "enough"),
    [
        ((date(2026, 6, 12), Part.AFTERNOON), False),
        ((date(2026, 6, 12), Part.NIGHT), True),
        ((date(2026, 6, 13), Part.AFTERNOON), True),
        ((date(2026, 6, 10), Part.AFTERNOON), False),
    ],
)
def test_two_looks_count_where_the_part_of_the_day_or_the_weekend_differs(
    world: World, *, second: Window, enough: bool
) -> None:
    case = held_at(world, Status.VERIFYING)
    look(world, case, NOON_LOOK)
    world.clock.pass_by(days=4)
    assert (look(world, case, second).status == "unconfirmed") is enough


def test_two_looks_may_be_told_at_once(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    world.clock.pass_by(hours=8)
    assert look(world, case, EVENING, NOON_LOOK, NOON_LOOK).status == "unconfirmed"
    assert newest(case).checked == ["2026-06-10:afternoon", "2026-06-10:evening"]


def test_the_second_look_has_three_days_at_least_and_its_day_does_not_move(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    world.clock.pass_by(days=6)
    first = look(world, case, (date(2026, 6, 16), Part.MORNING))
    assert first.recheck == keys.instant(world.clock.now + timedelta(days=3))
    world.clock.pass_by(days=2)
    again = look(world, case, (date(2026, 6, 17), Part.MORNING))
    assert (again.status, again.recheck) == ("verifying", first.recheck)


@pytest.mark.parametrize("reason", ["not_checkable", "not_a_threat"])
def test_other_reasons_close_at_once(world: World, reason: str) -> None:
    case = held_at(world, Status.VERIFYING)
    assert look(world, case, reason=reason).status == "unconfirmed"


def test_a_case_that_is_opened_again_is_looked_for_anew(world: World) -> None:
    case = held_at(world, Status.UNCONFIRMED)
    assert len(world.current(case.id).checked) == 2
    world.step(case.id, "verifying", "still_there", "reporter")
    assert (world.current(case.id).checked, world.current(case.id).recheck) == ((), None)
    assert look(world, case, NOON_LOOK).status == "verifying"


@pytest.mark.parametrize(
    ("windows", "code"),
    [
        ([], "missing"),
        ([(THURSDAY, Part.MORNING)], "in_the_future"),
        ([(date(2026, 6, 9), Part.NIGHT)], "earlier"),
        ([(WEDNESDAY, part) for part in Part] * 3, "too_many"),
    ],
)
def test_windows_that_cannot_be_are_refused_and_change_nothing(world: World, windows: list[Window], code: str) -> None:
    case = held_at(world, Status.VERIFYING)
    before = world.items("main")
    with pytest.raises(Invalid) as refusal:
        look(world, case, *windows)
    assert ("checked", code) in faults(refusal)
    assert world.items("main") == before


def test_nobody_looks_before_a_case_is_taken_up(world: World) -> None:
    case = held(world)
    with pytest.raises(Invalid) as refusal:
        world.casework.take_step(case.id, Status.JOKE, "joke", Actor.POLICE, 1, looked=[NOON_LOOK])
    assert faults(refusal) == [("checked", "not_wanted")]


def test_a_body_that_is_asked_to_act_is_named_in_public_and_reached_by_the_police(world: World) -> None:
    case = held_at(world, Status.CONFIRMED)
    to = Addressee("Zarząd Dróg", contact="tel. 19115")
    done = world.casework.take_step(case.id, Status.PASSED_ON, "other_body", Actor.POLICE, 3, addressee=to)
    assert (done.passed_name, done.passed_to, newest(case).addressee) == ("Zarząd Dróg", None, "Zarząd Dróg")
    others = [each for each in case.items() if each["t"]["S"] != "text"]
    assert "19115" not in str(others)
    assert [each["contact"]["S"] for each in case.items() if each["t"]["S"] == "text"] == ["tel. 19115"]


@pytest.mark.parametrize(
    ("to", "reason", "named"), [("confirmed", "returned", None), ("eliminated", "removed_by_other", "Zarząd Dróg")]
)
def test_a_body_stays_named_unless_it_gives_the_case_back(
    world: World, to: str, reason: str, named: str | None
) -> None:
    case = held_at(world, Status.PASSED_ON)
    assert world.step(case.id, to, reason).passed_name == named


STEPS_OF_POLICE = [row for row in STEPS if Actor.POLICE in row.actors and row.target is not Status.MERGED]


@pytest.mark.parametrize("row", STEPS_OF_POLICE, ids=lambda row: f"{row.source}-{row.target}")
def test_S01_a_step_takes_what_its_reason_needs_and_nothing_else(world: World, row: Any) -> None:
    case = held_at(world, row.source)
    version, before, tried = world.current(case.id).version, world.items("main"), 0
    for reason in row.reasons:
        need = NEEDS.get(Reason(reason))
        given: dict[str, Any] = {} if need is Need.ADDRESSEE else {"addressee": Addressee("Gmina")}
        with pytest.raises(Invalid) as refusal:
            world.casework.take_step(case.id, row.target, reason, Actor.POLICE, version, **given)
        assert "addressee" in [fault.field for fault in refusal.value.faults]
        tried += 1
    assert tried == len(row.reasons)
    assert world.items("main") == before
