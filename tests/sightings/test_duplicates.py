"""What whoever files is told of cases that theirs may repeat."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import h3
import pytest

from chalicelib.store import keys
from chalicelib.store.models import ReportItem
from tests.http.gateway import Answer
from tests.http.world import WARSAW, World
from tests.sightings.cases import item, north, put

ASKED_BACK = (409, "possible_duplicate")


def standing(world: World, metres: float = 0, **changes: Any) -> str:
    """A case so many metres north that has been public since yesterday."""
    return put(world, world.clock() - timedelta(days=1), north(metres), **changes)


def outcome(answer: Answer) -> tuple[int, str | None]:
    """Status and code."""
    return answer.status, answer.body.get("code")


def listed(answer: Answer) -> list[str]:
    """Ids of the candidates."""
    return [candidate["id"] for candidate in answer.body["candidates"]]


def test_D05_a_repeated_report_is_asked_back_with_what_it_takes_to_judge(world: World) -> None:
    case = standing(world, 44, days={5, 6}, parts={"night"})
    answer = world.citizen().file()
    assert outcome(answer) == ASKED_BACK
    (candidate,) = answer.body["candidates"]
    public = world.stranger().call("GET", f"/v1/reports/{case}").body
    assert candidate == {**public, "distance_m": 40}
    assert candidate["status"] == "new"
    assert candidate["created_day"] == "2026-06-09"
    assert candidate["sources"] == 1
    assert candidate["pattern"] == [{"day": day, "part": "night", "count": 1} for day in (5, 6)]


@pytest.mark.parametrize(("metres", "status"), [(49, 409), (51, 201)])
def test_two_reports_of_one_kind_49_and_51_metres_apart(world: World, metres: int, status: int) -> None:
    standing(world, metres, category="vandalism")
    assert world.citizen().file(category="vandalism").status == status


def test_D05_the_acknowledged_report_is_accepted_and_remembers_them(world: World) -> None:
    near, nearer = standing(world, 60), standing(world, 20)
    citizen, key = world.citizen(), str(uuid4())
    assert listed(citizen.file(key)) == [nearer, near]
    answer = citizen.file(key, acknowledge=[near, nearer])
    assert answer.status == 201
    report = ReportItem.get(keys.report(answer.body["id"]), keys.REPORT)
    assert report.near == {near, nearer}


def test_acknowledging_one_of_two_is_not_enough(world: World) -> None:
    near, nearer = standing(world, 60), standing(world, 20)
    answer = world.citizen().file(acknowledge=[nearer])
    assert outcome(answer) == ASKED_BACK
    assert listed(answer) == [nearer, near]


def test_what_is_acknowledged_without_being_near_is_not_kept(world: World) -> None:
    standing(world, 500)
    answer = world.citizen().file(acknowledge=["0" * 21])
    assert answer.status == 201
    assert ReportItem.get(keys.report(answer.body["id"]), keys.REPORT).near is None


def test_asking_back_uses_up_nothing(world: World) -> None:
    standing(world)
    citizen, before = world.citizen(), world.census()
    assert outcome(citizen.file()) == ASKED_BACK
    assert world.census() == before
    assert citizen.file(lat=north(300)[0]).status == 201


def test_an_accepted_report_is_answered_alike_though_it_has_a_double_now(world: World) -> None:
    citizen, key = world.citizen(), str(uuid4())
    first = citizen.file(key)
    standing(world)
    again = citizen.file(key)
    assert (again.status, again.text) == (200, first.text)


def test_a_used_device_is_refused_before_anything_is_searched(world: World) -> None:
    citizen = world.citizen()
    citizen.file()
    standing(world)
    assert outcome(citizen.file()) == (429, "quota_used")


def test_faults_of_the_body_come_first(world: World) -> None:
    standing(world)
    assert outcome(world.citizen().file(occurred_at="yesterday")) == (422, "invalid")


def test_a_report_of_the_last_minutes_is_not_told_of(world: World) -> None:
    world.citizen().file()
    assert world.citizen().file().status == 201
    world.clock.pass_by(hours=1)
    assert outcome(world.citizen().file()) == ASKED_BACK


@pytest.mark.parametrize("category", ["drug_use", "animal_cruelty"])
def test_a_hidden_report_is_never_told_of(world: World, category: str) -> None:
    standing(world, category=category)
    assert world.citizen().file(category=category, description="x").status == 201


def test_a_report_that_waits_for_confirmation_is_not_told_of(world: World) -> None:
    standing(world, category="dangerous_venue")
    standing(world, tier=2)
    assert world.citizen().file(category="dangerous_venue", description="x").status == 201
    assert world.citizen().file().status == 201


def test_a_coarse_case_is_told_of_with_its_coarse_place(world: World) -> None:
    centre = h3.cell_to_latlng(h3.latlng_to_cell(*WARSAW, 8))
    case = put(world, world.clock() - timedelta(days=1), centre, category="begging")
    answer = world.citizen().file(category="begging")
    (candidate,) = answer.body["candidates"]
    assert candidate["id"] == case
    assert candidate["location"]["precision_m"] > 500


def test_a_case_that_has_just_left_the_map_is_not_told_of(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index may lag behind the table."""
    case = item(world, world.clock() - timedelta(days=1))
    case.save()
    stale = ReportItem.get(keys.report(case.id), keys.REPORT)
    from chalicelib.store import nearby

    rows = nearby.exact(
        [keys.place(stale.cell)], [stale.created[:7]], stale.category, world.clock() - timedelta(days=90)
    )
    assert [row.id for row in rows] == [case.id]
    stale.update([ReportItem.status.set("joke")])
    monkeypatch.setattr(nearby, "exact", lambda *_: rows)
    assert world.citizen().file().status == 201


def test_five_are_named_and_acknowledging_them_is_enough(world: World) -> None:
    cases = [standing(world, 5 * number) for number in range(8)]
    citizen = world.citizen()
    answer = citizen.file()
    assert listed(answer) == cases[:5]
    assert citizen.file(acknowledge=cases[:5]).status == 201


def test_distances_are_told_in_steps(world: World) -> None:
    standing(world, 44.9)
    answers = [world.citizen().file(lat=north(metres)[0]) for metres in (0, 1.5, 3)]
    assert {answer.body["candidates"][0]["distance_m"] for answer in answers} == {40}
