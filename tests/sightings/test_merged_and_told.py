"""What becomes of sightings when cases are merged, what reporters are told of them, and of whom they say nothing."""

from typing import Any

import pytest

from chalicelib.domain.errors import Conflict
from chalicelib.services.corroborate import Corroboration
from tests.http.world import WARSAW, World
from tests.sightings.test_corroborating import WEDNESDAY_NOON, marks, page, see, standing


def test_D06_a_merged_case_leaves_its_sightings_on_the_other(world: World) -> None:
    kept, merged = world.citizen().file().body, world.citizen().file().body
    world.clock.pass_by(hours=2)
    see(world.citizen(), merged["id"], pattern={"days": [1], "parts": ["night"]})
    see(world.citizen(), kept["id"], pattern={"days": [1], "parts": ["night"]})
    world.casework.merge(merged["id"], kept["id"], 1)
    shown = page(world, kept["id"])
    assert shown["sources"] == 4
    assert shown["pattern"] == [{"day": 1, "part": "night", "count": 2}]
    assert see(world.citizen(), merged["id"]).status == 404


def test_D06_a_sighting_between_the_look_and_the_merger_is_not_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.store import step

    kept, merged = world.citizen().file().body, world.citizen().file().body
    world.clock.pass_by(hours=2)
    take, witness = step.take, world.citizen()
    overtaken: list[int] = []

    def overtake(*arguments: Any) -> None:
        if not overtaken:
            overtaken.append(1)
            assert see(witness, merged["id"]).status == 201
        take(*arguments)

    monkeypatch.setattr(step, "take", overtake)
    world.casework.merge(merged["id"], kept["id"], 1)
    assert page(world, kept["id"])["sources"] == 3


def test_the_reporter_sees_how_often_it_was_seen(world: World) -> None:
    filed = world.citizen().file(category="drug_use", occurred_at="2026-06-10T11:00:00+02:00").body
    looked = world.stranger().call("GET", "/v1/receipt", Receipt=filed["receipt"]).body
    assert (looked["sources"], looked["pattern"]) == (1, [{"day": 3, "part": "morning", "count": 1}])
    seen = world.citizen().file(lat=WARSAW[0] + 0.01).body
    see(world.citizen(), seen["id"])
    world.clock.pass_by(hours=2)
    looked = world.stranger().call("GET", "/v1/receipt", Receipt=seen["receipt"]).body
    assert (looked["sources"], looked["pattern"]) == (2, [WEDNESDAY_NOON])


def test_D06_the_receipt_of_a_merged_case_lives_on(world: World) -> None:
    kept, merged = world.citizen().file().body, world.citizen().file().body
    world.casework.merge(merged["id"], kept["id"], 1)
    world.clock.pass_by(hours=2)
    receipts = [world.stranger().call("GET", "/v1/receipt", Receipt=each["receipt"]) for each in (kept, merged)]
    assert [answer.status for answer in receipts] == [200, 200]
    assert receipts[0].body["sources"] == 2
    assert receipts[1].body["merged"]["status"] == "new"


def test_D05_a_network_is_told_of_a_case_three_times_a_day(world: World) -> None:
    case = standing(world, 30)
    neighbours = [world.citizen("192.0.2.77") for _ in range(5)]
    assert [citizen.file().status for citizen in neighbours[:3]] == [409, 409, 409]
    assert world.citizen().file().status == 409, "another network is still told"
    last = neighbours[3].file(acknowledge=[])
    assert last.status == 201, "as if it were not there"
    world.clock.pass_by(days=1)
    told = neighbours[4].file()
    assert told.status == 409
    assert case in [candidate["id"] for candidate in told.body["candidates"]]


def test_acknowledging_what_was_shown_needs_no_further_hint(world: World) -> None:
    case = standing(world, 30)
    for _ in range(3):
        citizen = world.citizen("192.0.2.77")
        assert citizen.file().status == 409
        assert citizen.file(acknowledge=[case]).status == 201


def test_nothing_of_a_sighting_names_its_device(world: World) -> None:
    cases, citizen = [standing(world), standing(world, 300)], world.citizen()
    for case in cases:
        see(citizen, case)
    (first,), (second,) = marks(world, cases[0]), marks(world, cases[1])
    assert first.keys() == {"PK", "SK", "t", "id", "at", "day", "times", "sources"}
    assert first["SK"] != second["SK"]
    device = world.box.secrets.device(citizen.token).name
    held = str(world.items("main")) + str(world.items("quota"))
    assert citizen.token is not None
    assert device not in held
    assert citizen.token not in held


def test_a_case_that_never_rests_takes_no_sighting_now(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = standing(world)
    monkeypatch.setattr(Corroboration, "_write", lambda *_: (_ for _ in ()).throw(Conflict("new", None, 1)))
    answer = see(world.citizen(), case)
    assert (answer.status, answer.body["code"]) == (503, "unavailable")
    assert marks(world, case) == []
