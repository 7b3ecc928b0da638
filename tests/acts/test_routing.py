"""Handing cases over and putting them where they are: unit, queue, clock, alert, and what is left as it was."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.acts import ACTS
from chalicelib.domain.errors import Conflict, Invalid, OutsideCountry
from chalicelib.domain.location import cell_at
from chalicelib.domain.report import Status
from chalicelib.services.casebook import Words
from chalicelib.services.routing import Routing
from chalicelib.store import keys
from chalicelib.store.step import Current
from tests.acts.test_second_look import faults, item, newest
from tests.http.world import NOON, SEA, WARSAW, World
from tests.receipt.cases import Held, held, held_at

EAST = (52.23, 21.6)
"""A point in the area 1434."""


def routing(world: World) -> Routing:
    """The use case at the clock's moment."""
    return Routing(world.box.instance, world.clock())


def hand_over(world: World, case: Held, unit: str, reason: str | None = None, version: int | None = None) -> Current:
    """Hand a case over to another unit."""
    seen = version or world.current(case.id).version
    return routing(world).transfer(case.id, unit, seen, reason, Words(note="Teren lasów"))


def put(world: World, case: Held, lat: float, lon: float) -> Current:
    """Correct a case's place."""
    places = world.box.places
    return routing(world).correct(case.id, lat, lon, world.current(case.id).version, lambda: places)


def alerts(case: Held) -> list[tuple[str, str, str]]:
    """Kind, unit and garrison of what waits to be told of a case."""
    waiting = sorted((each for each in case.items() if each["t"]["S"] == "outbox"), key=lambda each: each["SK"]["S"])
    return [(each["kind"]["S"], each["unit"]["S"], each["garrison"]["S"]) for each in waiting]


@pytest.fixture
def east(world: World) -> str:
    """The unit that answers for the east, which is not the one that answers for Warsaw."""
    unit = world.box.units.unit_for("1434", NOON.date()).code
    assert unit != "KSP"
    return unit


def test_a_case_handed_over_waits_in_the_other_units_queue_alone(world: World, east: str) -> None:
    case = held(world)
    after = hand_over(world, case, east, "other_area")
    event = newest(case)
    assert (after.status, after.unit, after.area, after.reason) == ("new", east, "1465", None)
    assert (event.type, event.unit, event.other_unit, event.reason) == ("transfer", east, "KSP", "other_area")
    assert (event.from_status, event.status) == (None, "new")
    assert item(case).g2pk == keys.open_queue(east)
    assert alerts(case) == [("accepted", "KSP", "KSP"), ("transferred", east, world.box.units.garrison(east).code)]


def test_without_a_reason_the_place_is_the_other_units(world: World, east: str) -> None:
    case = held(world)
    hand_over(world, case, east)
    assert newest(case).reason == "other_area"


@pytest.mark.parametrize(("days", "left"), [(0, timedelta(days=3)), (2.5, timedelta(days=3.5)), (5, timedelta(days=6))])
def test_a_unit_has_a_day_at_least_to_take_up_what_it_is_handed(
    world: World, east: str, days: float, left: timedelta
) -> None:
    case = held(world)
    world.clock.pass_by(days=days)
    due = keys.instant(NOON + left)
    assert hand_over(world, case, east).due_take_up == due
    assert item(case).g2sk == f"{due}#{case.id}"


@pytest.mark.parametrize("status", [Status.VERIFYING, Status.CONFIRMED, Status.PASSED_ON])
def test_a_case_that_was_taken_up_keeps_its_clock(world: World, east: str, status: Status) -> None:
    case = held_at(world, status)
    before, queue = world.current(case.id), item(case).g2sk
    after = hand_over(world, case, east)
    assert (after.due_take_up, after.due_verify, item(case).g2sk) == (before.due_take_up, before.due_verify, queue)


@pytest.mark.parametrize(("unit", "code"), [("KSP", "same_unit"), ("NOWHERE", "unknown_unit"), ("", "unknown_unit")])
def test_a_unit_that_cannot_take_a_case_is_named_as_the_fault(world: World, unit: str, code: str) -> None:
    case = held(world)
    before = world.items("main")
    with pytest.raises(Invalid) as refusal:
        hand_over(world, case, unit)
    assert faults(refusal) == [("unit", code)]
    assert world.items("main") == before


@pytest.mark.parametrize(
    ("moment", "answers"), [("2026-06-10T23:59:59+02:00", True), ("2026-06-11T00:00:00+02:00", False)]
)
def test_a_unit_takes_cases_to_the_end_of_its_last_local_day(
    world: World, east: str, moment: str, *, answers: bool
) -> None:
    case, units = held(world), world.box.units
    last = replace(units[east], valid_to=NOON.date())
    instance = replace(world.box.instance, units=replace(units, _units={**units._units, east: last}))
    deed = Routing(instance, datetime.fromisoformat(moment).astimezone(NOON.tzinfo))
    if answers:
        assert deed.transfer(case.id, east, 1).unit == east
        return
    with pytest.raises(Invalid) as refusal:
        deed.transfer(case.id, east, 1)
    assert faults(refusal) == [("unit", "unknown_unit")]


@pytest.mark.parametrize("status", [status for status in Status if status not in ACTS[1].statuses])
def test_S01_a_closed_case_is_neither_handed_over_nor_moved(world: World, east: str, status: Status) -> None:
    case = held_at(world, status)
    before = world.items("main")
    with pytest.raises(Invalid) as transfer:
        hand_over(world, case, east)
    with pytest.raises(Invalid) as correction:
        put(world, case, *EAST)
    assert (faults(transfer), faults(correction)) == ([("unit", "closed")], [("lat", "closed")])
    assert world.items("main") == before


def test_S06_a_stale_version_hands_nothing_over(world: World, east: str) -> None:
    case = held_at(world, Status.VERIFYING)
    before = world.items("main")
    with pytest.raises(Conflict) as refusal:
        hand_over(world, case, east, version=1)
    assert refusal.value.extras == {"current": {"status": "verifying", "reason": "taken_up", "version": 2}}
    assert world.items("main") == before


def test_a_corrected_place_is_routed_anew(world: World, east: str) -> None:
    case = held(world)
    after = put(world, case, *EAST)
    event, report = newest(case), item(case)
    cell = cell_at(*EAST)
    assert (after.unit, after.area, report.cell, report.g2pk) == (east, "1434", cell, keys.open_queue(east))
    assert (event.type, event.reason, event.cell, event.area) == ("location", "place_corrected", cell, "1434")
    assert (event.unit, event.other_unit) == (east, "KSP")
    assert report.g1pk == keys.cell_month(keys.place(cell), "2026-06")
    assert alerts(case)[-1][:2] == ("transferred", east)
    first = next(each for each in case.items() if each["SK"]["S"] == "E#000001")
    assert first["cell"]["S"] == cell_at(*WARSAW), "what was reported stays as it was"


def test_the_history_holds_no_exact_place(world: World) -> None:
    case = held(world)
    put(world, case, 52.234567, 21.012345)
    told = [each for each in case.items() if each["SK"]["S"].startswith("E#")]
    assert not any(text in str(told) for text in ("52.234", "52234567", "21012345"))
    assert (item(case).lat6, item(case).lon6) == (52234567, 21012345)


def test_a_place_within_the_unit_moves_no_queue_and_tells_nobody(world: World) -> None:
    case = held(world)
    queue = item(case).g2sk
    put(world, case, WARSAW[0] + 0.01, WARSAW[1])
    assert (newest(case).unit, item(case).g2sk, [kind for kind, *_ in alerts(case)]) == (None, queue, ["accepted"])


def test_a_case_handed_over_by_hand_stays_while_its_place_leads_where_it_led(world: World, east: str) -> None:
    case = held(world)
    hand_over(world, case, east)
    assert put(world, case, WARSAW[0] + 0.01, WARSAW[1]).unit == east
    assert put(world, case, *EAST).unit == east


def test_a_place_in_no_area_is_refused(world: World) -> None:
    case = held(world)
    before = world.items("main")
    with pytest.raises(OutsideCountry):
        put(world, case, *SEA)
    assert world.items("main") == before


def test_a_reason_of_another_act_is_refused(world: World, east: str) -> None:
    with pytest.raises(Invalid) as refusal:
        hand_over(world, held(world), east, "pause_weather")
    assert faults(refusal) == [("reason", "reason_not_allowed")]
