"""The clock of a case stands for a reason, and goes on by itself or by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.calendar import Part
from chalicelib.domain.errors import Invalid
from chalicelib.domain.report import Status
from chalicelib.services.casebook import is_paused
from chalicelib.services.pausing import Pausing
from chalicelib.store import keys
from chalicelib.store.step import Current
from tests.acts.test_second_look import faults, item, look, newest
from tests.http.world import World
from tests.receipt.cases import Held, held_at

UNTIL = date(2026, 6, 20)
MIDNIGHT = datetime.fromisoformat("2026-06-20T00:00:00+02:00")


def pause(world: World, case: Held, until: date = UNTIL, reason: str = "pause_weather") -> Current:
    """Stop the clock."""
    cases = Pausing(world.box.instance, world.clock())
    return cases.pause(case.id, reason, until, world.current(case.id).version)


def resume(world: World, case: Held) -> Current:
    """Let it go on."""
    return Pausing(world.box.instance, world.clock()).resume(case.id, world.current(case.id).version)


def due(case: Held) -> datetime:
    """By when a case must be judged."""
    return keys.moment(str(case.world.current(case.id).due_verify))


def test_a_pause_shifts_the_verdicts_day_by_its_length(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    before = due(case)
    world.clock.pass_by(days=2)
    after = pause(world, case)
    assert due(case) - before == MIDNIGHT - world.clock.now
    assert (after.paused, after.pause_until) == (keys.instant(world.clock.now), keys.instant(MIDNIGHT))
    assert item(case).g2sk == f"{keys.instant(due(case))}#{case.id}"
    event = newest(case)
    assert (event.type, event.reason, event.until, event.status) == (
        *("pause", "pause_weather", keys.instant(MIDNIGHT), "verifying"),
    )


@pytest.mark.parametrize(("moment", "stands"), [(MIDNIGHT - timedelta(milliseconds=1), True), (MIDNIGHT, False)])
def test_a_pause_ends_by_itself_at_the_local_midnight(world: World, moment: datetime, *, stands: bool) -> None:
    case = held_at(world, Status.VERIFYING)
    assert is_paused(pause(world, case), moment) is stands


def test_whoever_goes_on_earlier_takes_the_rest_of_the_pause_back(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    before = due(case)
    world.clock.pass_by(minutes=1)
    pause(world, case)
    world.clock.pass_by(days=3)
    after = resume(world, case)
    assert due(case) - before == timedelta(days=3)
    assert (after.paused, after.pause_until, after.pauses) == (None, None, 1)
    assert (newest(case).type, newest(case).reason) == ("resume", "resumed")
    assert item(case).g2sk == f"{keys.instant(due(case))}#{case.id}"


def test_a_second_look_waits_as_long(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    recheck = keys.moment(str(look(world, case, (date(2026, 6, 10), Part.AFTERNOON)).recheck))
    world.clock.pass_by(hours=2)
    after = pause(world, case)
    assert keys.moment(str(after.recheck)) - recheck == MIDNIGHT - world.clock.now
    assert item(case).g2sk == f"{after.recheck}#{case.id}"


def test_a_case_is_paused_three_times_at_most(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    for _ in range(3):
        world.clock.pass_by(hours=1)
        pause(world, case)
        resume(world, case)
    with pytest.raises(Invalid) as refusal:
        pause(world, case)
    assert faults(refusal) == [("until", "too_many")]


def test_a_clock_that_stands_is_not_stopped_and_one_that_runs_does_not_go_on(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    with pytest.raises(Invalid) as refusal:
        resume(world, case)
    assert faults(refusal) == [("version", "not_paused")]
    pause(world, case)
    with pytest.raises(Invalid) as refusal:
        pause(world, case)
    assert faults(refusal) == [("until", "paused")]
    world.clock.now = MIDNIGHT
    with pytest.raises(Invalid):
        resume(world, case)


@pytest.mark.parametrize("until", [date(2026, 6, 10), date(2026, 6, 9), date(2026, 8, 10)])
def test_a_pause_is_of_one_to_sixty_days(world: World, until: date) -> None:
    case = held_at(world, Status.VERIFYING)
    before = world.items("main")
    with pytest.raises(Invalid) as refusal:
        pause(world, case, until)
    assert faults(refusal) == [("until", "out_of_range")]
    assert world.items("main") == before
    pause(world, case, date(2026, 8, 9))


def test_days_are_counted_from_the_local_one(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    world.clock.now = datetime.fromisoformat("2026-06-11T00:30:00+02:00").astimezone(UTC)
    with pytest.raises(Invalid):
        pause(world, case, date(2026, 6, 11))
    pause(world, case, date(2026, 8, 10))


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.VERIFYING])
def test_S01_only_what_is_being_checked_is_paused(world: World, status: Status) -> None:
    case = held_at(world, status)
    before = world.items("main")
    for deed in (pause, resume):
        with pytest.raises(Invalid):
            deed(world, case)
    assert world.items("main") == before


def test_a_verdict_ends_the_pause(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    pause(world, case)
    after = world.step(case.id, "confirmed", "seen_at_check")
    assert (after.paused, after.pause_until, after.pause_reason) == (None, None, None)


def test_a_reason_that_is_none_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        pause(world, held_at(world, Status.VERIFYING), reason="taken_up")
    assert faults(refusal) == [("reason", "reason_not_allowed")]
