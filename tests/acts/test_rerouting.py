"""Boundaries have changed: open cases go to the units that answer now, once, and officers' own decisions stand."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.place import Places, load_pack
from chalicelib.domain.report import Status
from chalicelib.services.rerouting import Outcome, Rerouting
from chalicelib.services.routing import Routing
from chalicelib.store import keys
from infra.commands import reroute as command
from infra.local.emulator import Access
from infra.places.areas import Area
from infra.places.compiler import compile_areas
from infra.places.publish import publish
from tests.acts.test_routing import EAST, alerts, hand_over
from tests.acts.test_second_look import item, newest
from tests.http.world import NOON, WARSAW, World
from tests.receipt.cases import Held, held, held_at

MOVED_BORDER = 20.9
"""West of Warsaw's point: by these boundaries it lies in the eastern area."""


def pack(border: float, west: float = 20.5) -> bytes:
    """The two areas of the country, side by side, with their border where it is wanted."""
    squares = {"1465": (west, border), "1434": (border, 22.5)}
    rings = {code: [(w, 51.8), (e, 51.8), (e, 52.8), (w, 52.8), (w, 51.8)] for code, (w, e) in squares.items()}
    return compile_areas([Area(code, [ring]) for code, ring in rings.items()]).pack


@pytest.fixture(scope="module")
def after() -> Places:
    """The boundaries after the change."""
    return load_pack(pack(MOVED_BORDER))


@pytest.fixture
def east(world: World) -> str:
    """The unit that answers for the eastern area."""
    return world.box.units.unit_for("1434", NOON.date()).code


def few(world: World, **changed: Any) -> Routing:
    """The use case with the units of the two areas alone; `changed` is replaced in the eastern one."""
    units = world.box.units
    own = {code: units[code] for code in ("KSP", units.unit_for("1434", NOON.date()).code)}
    (west, _), (code, east) = own.items()
    kept = {west: own[west], code: replace(east, **changed)}
    garrisons = {units.garrison(each).code: units.garrison(each) for each in own}
    return Routing(replace(world.box.instance, units=replace(units, _units={**garrisons, **kept})), world.clock())


def run(world: World, places: Places, *, apply: bool = True, deed: Routing | None = None) -> dict[str, Outcome]:
    """Reroute and return what became of each case."""
    return {each.id: each.outcome for each in Rerouting(deed or few(world), places).run(apply=apply)}


@pytest.mark.parametrize("status", [Status.NEW, Status.VERIFYING])
def test_an_open_case_goes_to_the_unit_of_its_place_once(
    world: World, after: Places, east: str, status: Status
) -> None:
    case = held_at(world, status)
    assert run(world, after) == {case.id: Outcome.MOVES}
    event, report = newest(case), item(case)
    assert (report.unit, report.area, report.status, report.g2pk) == (east, "1434", status, keys.open_queue(east))
    assert (event.type, event.reason, event.by) == ("transfer", "other_area", "system")
    assert (event.unit, event.other_unit, event.cell, event.area) == (east, "KSP", report.cell, "1434")
    assert alerts(case)[-1][:2] == ("transferred", east)
    before = world.items("main")
    assert run(world, after) == {case.id: Outcome.STAYS}
    assert world.items("main") == before


def test_counting_alone_changes_nothing(world: World, after: Places) -> None:
    case, elsewhere = held(world), held_at_place(world, EAST)
    before = world.items("main")
    assert run(world, after, apply=False) == {case.id: Outcome.MOVES, elsewhere.id: Outcome.STAYS}
    assert world.items("main") == before


def test_a_closed_case_is_left_alone(world: World, after: Places) -> None:
    case = held_at(world, Status.ELIMINATED)
    assert run(world, after) == {}
    assert item(case).unit == "KSP"


def test_what_an_officer_has_handed_over_stays_there(world: World, after: Places, east: str) -> None:
    case = held(world)
    hand_over(world, case, east)
    assert run(world, world.box.places) == {case.id: Outcome.BY_HAND}
    assert item(case).unit == east
    assert run(world, after) == {case.id: Outcome.STAYS}, "by the new boundaries it is where it belongs"


def test_what_the_map_has_handed_over_goes_back_with_the_border(world: World, after: Places, east: str) -> None:
    case = held(world)
    run(world, after)
    assert item(case).unit == east
    assert run(world, world.box.places) == {case.id: Outcome.MOVES}
    assert item(case).unit == "KSP"


def test_a_unit_that_is_no_more_keeps_nothing(world: World, east: str) -> None:
    case = held(world)
    hand_over(world, case, east)
    world.clock.pass_by(days=1)
    assert run(world, world.box.places, deed=few(world, valid_to=NOON.date())) == {case.id: Outcome.MOVES}
    assert item(case).unit == "KSP"


def test_a_place_that_lies_in_no_area_any_more_is_told_and_left(world: World) -> None:
    case = held(world)
    assert run(world, load_pack(pack(22.0, west=WARSAW[1] + 0.5))) == {case.id: Outcome.OUTSIDE}
    assert item(case).unit == "KSP"


def test_a_case_that_changes_meanwhile_is_left_for_the_next_run(
    world: World, after: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = held(world)
    look = Rerouting._look

    def late(self: Rerouting, before: Any, point: Any, *, apply: bool) -> Any:
        world.step(case.id, "verifying", "taken_up")
        return look(self, before, point, apply=apply)

    monkeypatch.setattr(Rerouting, "_look", late)
    assert run(world, after) == {case.id: Outcome.CHANGED}
    monkeypatch.undo()
    assert run(world, after) == {case.id: Outcome.MOVES}


def test_a_case_that_was_closed_after_the_queue_was_read_is_passed_over(
    world: World, after: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = held(world)
    monkeypatch.setattr(Rerouting, "_open", lambda _: [case.id, "A" * 26])
    world.step(case.id, "joke", "joke")
    assert run(world, after) == {}


def test_the_command_counts_first_and_moves_when_it_is_told_to(
    world: World, east: str, emulator: Access, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = held(world)
    publish(emulator.client("s3"), world.stack.names["WORK_BUCKET"], pack(MOVED_BORDER), "register", NOON)
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_key)
    monkeypatch.setenv("AWS_DEFAULT_REGION", emulator.region)
    for name in ("MAIN_TABLE", "QUOTA_TABLE", "WORK_BUCKET"):
        monkeypatch.setenv(name, world.stack.names[name])
    monkeypatch.setattr(command, "system_clock", world.clock)

    def told(*arguments: str) -> dict[str, Any]:
        assert command.main(list(arguments)) == 0
        counts: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        return counts

    wanted = {"moves": 1, "stays": 0, "by_units": {f"KSP > {east}": 1}}
    assert told().items() >= {"applied": False, **wanted}.items()
    assert item(case).unit == "KSP"
    assert told("--apply").items() >= {"applied": True, **wanted}.items()
    assert item(case).unit == east


def held_at_place(world: World, place: tuple[float, float]) -> Held:
    """A case somewhere else than the others."""
    answer = world.citizen().file(lat=place[0], lon=place[1])
    assert answer.status == 201, answer.text
    return Held(world, answer.body["id"], answer.body["receipt"])
