"""Saying "I see it too": what counts, what does not, and what it changes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.domain.report import Status
from chalicelib.store import keys
from chalicelib.store.models import ReportItem
from tests.http.gateway import Answer
from tests.http.world import WARSAW, Citizen, World, errors
from tests.sightings.cases import north, put

WEDNESDAY_NOON = {"day": 3, "part": "afternoon", "count": 1}


def standing(world: World, metres: float = 0, **changes: Any) -> str:
    """A case so many metres north that has been public since yesterday."""
    return put(world, world.clock() - timedelta(days=1), north(metres), **changes)


def see(citizen: Citizen, case: str, key: str | None = None, **body: Any) -> Answer:
    """Say "I see it too"."""
    return citizen.call("POST", f"/v1/reports/{case}/corroborations", body, Idempotency_Key=key or str(uuid4()))


def page(world: World, case: str) -> Any:
    """The public view, two hours later."""
    world.clock.pass_by(hours=2)
    shown = world.stranger().call("GET", f"/v1/reports/{case}").body
    world.clock.pass_by(hours=-2)
    return shown


def marks(world: World, case: str) -> list[dict[str, Any]]:
    """The sightings that the store holds."""
    return [item for item in world.items("main", keys.report(case)) if item["t"]["S"] == "sighting"]


def test_a_sighting_adds_a_source_and_its_moment(world: World) -> None:
    case = standing(world)
    answer = see(world.citizen(), case)
    assert answer.status == 201
    assert answer.body == {"id": case, "counted": True, "sources": 2, "pattern": [WEDNESDAY_NOON]}
    shown = page(world, case)
    assert (shown["sources"], shown["pattern"]) == (2, [WEDNESDAY_NOON])


def test_a_pattern_counts_instead_of_the_moment(world: World) -> None:
    case = standing(world, days={5}, parts={"night"})
    answer = see(world.citizen(), case, pattern={"days": [6, 5], "parts": ["night"]})
    assert answer.body["pattern"] == [
        {"day": 5, "part": "night", "count": 2},
        {"day": 6, "part": "night", "count": 1},
    ]


def test_a_night_belongs_to_the_day_on_which_it_begins(world: World) -> None:
    case = standing(world)
    world.clock.now = datetime.fromisoformat("2026-06-13T03:00:00+02:00")
    assert see(world.citizen(), case).body["pattern"] == [{"day": 5, "part": "night", "count": 1}]


def test_everybody_adds_to_one_fold(world: World) -> None:
    case = standing(world)
    told = [see(world.citizen(), case).body["sources"] for _ in range(3)]
    assert told == [2, 3, 4]
    assert page(world, case)["pattern"] == [{**WEDNESDAY_NOON, "count": 3}]


def test_a_sighting_waits_for_the_full_hour_in_public(world: World) -> None:
    case = standing(world)
    see(world.citizen(), case)
    assert world.stranger().call("GET", f"/v1/reports/{case}").body["sources"] == 1
    world.clock.now = world.clock().replace(minute=59)
    assert world.stranger().call("GET", f"/v1/reports/{case}").body["sources"] == 1
    world.clock.now = world.clock().replace(hour=11, minute=0)
    assert world.stranger().call("GET", f"/v1/reports/{case}").body["sources"] == 2


def test_who_has_seen_it_is_told_no_more_than_the_public(world: World) -> None:
    """Else whoever has sighted once could ask every minute whether somebody stands there."""
    case, first = standing(world), world.citizen()
    see(first, case)
    see(world.citizen(), case)
    again = see(first, case)
    assert (again.status, again.body["counted"], again.body["sources"]) == (200, True, 2)


def test_D08_a_device_counts_once_a_case(world: World) -> None:
    case, citizen = standing(world), world.citizen()
    key = str(uuid4())
    first = see(citizen, case, key)
    repeats = [
        see(citizen, case, key),
        see(citizen, case),
        see(citizen, case, pattern={"days": [1], "parts": ["night"]}),
    ]
    assert [repeat.status for repeat in repeats] == [200, 200, 200]
    assert {repeat.text for repeat in repeats} == {first.text}
    assert len(marks(world, case)) == 1
    assert page(world, case)["sources"] == 2


def test_a_device_may_see_three_cases_a_day(world: World) -> None:
    cases = [standing(world, 200 * number) for number in range(4)]
    citizen = world.citizen()
    assert [see(citizen, case).status for case in cases] == [201, 201, 201, 429]
    refused = see(citizen, cases[3])
    assert refused.body["code"] == "quota_used"
    assert refused.body["resets_at"] == "2026-06-10T22:00:00.000Z"
    assert refused.headers["retry-after"] == str(12 * 3600)
    assert marks(world, cases[3]) == []
    assert see(citizen, cases[0]).status == 200, "what was said before is still answered"
    world.clock.pass_by(days=1)
    assert see(citizen, cases[3]).status == 201


def test_sightings_and_the_report_of_the_day_do_not_use_up_each_other(world: World) -> None:
    case, citizen = standing(world), world.citizen()
    assert see(citizen, case).status == 201
    assert citizen.file(lat=WARSAW[0] + 0.01).status == 201
    assert see(citizen, standing(world, 300)).status == 201


def test_an_own_report_counts_nothing(world: World) -> None:
    citizen = world.citizen()
    filed = citizen.file().body
    world.clock.pass_by(hours=2)
    answer = see(citizen, filed["id"])
    assert (answer.status, answer.body["counted"], answer.body["sources"]) == (200, False, 1)
    assert marks(world, filed["id"]) == []
    assert see(world.citizen(), filed["id"]).body["sources"] == 2


@pytest.mark.parametrize("changes", [{"status": "joke"}, {"status": "merged"}, {"tier": 2}, {"category": "drug_use"}])
def test_what_is_not_public_is_not_there(world: World, changes: dict[str, Any]) -> None:
    case = standing(world, **changes)
    answer = see(world.citizen(), case)
    nothing = see(world.citizen(), "0" * 21)
    assert (answer.status, answer.text) == (404, nothing.text)
    assert marks(world, case) == []


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"pattern": {"days": [8], "parts": []}}, {("pattern.days.0", "out_of_range"), ("pattern.parts", "empty")}),
        ({"pattern": {"days": [1, 1], "parts": ["night"]}}, {("pattern.days", "repeated")}),
        ({"occurred_at": "2026-06-10T12:00:00Z"}, {("occurred_at", "unknown_field")}),
    ],
)
def test_a_wrong_body_is_told_what_is_wrong(world: World, body: dict[str, Any], faults: set[tuple[str, str]]) -> None:
    answer = see(world.citizen(), standing(world), **body)
    assert (answer.status, errors(answer)) == (422, faults)


def test_without_a_device_or_a_key_nothing_is_counted(world: World) -> None:
    case = standing(world)
    assert see(world.stranger(), case).status == 401
    assert see(world.citizen(), case, key="no key").status == 422
    assert marks(world, case) == []


def test_over_its_networks_budget_a_sighting_is_kept_and_does_not_count(world: World) -> None:
    case = standing(world)
    neighbours = [world.citizen("2001:db8::1") for _ in range(10)]
    answers = [see(citizen, case) for citizen in neighbours]
    assert [answer.status for answer in answers] == [201] * 10
    assert [answer.body["counted"] for answer in answers] == [True] * 9 + [False]
    assert page(world, case)["sources"] == 10
    assert page(world, case)["pattern"] == [{**WEDNESDAY_NOON, "count": 9}]
    assert len(marks(world, case)) == 10
    again = see(neighbours[-1], case)
    assert (again.status, again.body["counted"]) == (200, False)


@pytest.mark.parametrize("status", ["unconfirmed", "eliminated"])
def test_a_sighting_opens_a_closed_case_again(world: World, status: str) -> None:
    filed = world.citizen().file().body
    world.step(filed["id"], "verifying", "taken_up")
    if status == "eliminated":
        world.step(filed["id"], "confirmed", "seen_at_check")
        world.step(filed["id"], "eliminated", "removed_by_police")
    else:
        world.step(filed["id"], "unconfirmed", "not_present")
    world.clock.pass_by(days=2)
    assert see(world.citizen(), filed["id"]).status == 201
    shown = page(world, filed["id"])
    assert (shown["status"], shown["reason"], shown["sources"]) == ("verifying", "corroborated", 2)
    history = world.stranger().call("GET", "/v1/receipt", Receipt=filed["receipt"]).body["history"]
    assert (history[-1]["from"], history[-1]["to"]) == (status, "verifying")
    assert [item["kind"]["S"] for item in world.items("main", "O#")].count("reopened") == 1


def test_a_sighting_that_does_not_count_opens_nothing(world: World) -> None:
    changed = world.clock() - timedelta(days=1)
    case = standing(world, status="unconfirmed", resolved=changed)
    for _ in range(9):
        see(world.citizen("2001:db8::1"), standing(world, 300))
    answer = see(world.citizen("2001:db8::1"), case)
    assert (answer.status, answer.body["counted"]) == (201, False)
    assert page(world, case)["status"] == "unconfirmed"


def test_a_case_that_is_reopened_at_the_same_moment_is_seen_once_more_and_reopened_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.services.corroborate import Corroboration

    case = standing(world, status="unconfirmed", resolved=world.clock() - timedelta(hours=1))
    write, other = Corroboration._write, world.citizen()
    overtaken: list[int] = []

    def overtake(self: Corroboration, *arguments: Any) -> None:
        if not overtaken:
            overtaken.append(1)
            assert see(other, case).status == 201
        write(self, *arguments)

    monkeypatch.setattr(Corroboration, "_write", overtake)
    assert see(world.citizen(), case).status == 201
    report = ReportItem.get(keys.report(case), keys.REPORT)
    assert (report.status, int(report.v)) == ("verifying", 2)
    assert page(world, case)["sources"] == 3


@pytest.mark.parametrize("final", [Status.JOKE, Status.MERGED])
def test_a_case_that_leaves_the_map_meanwhile_takes_no_sighting(
    world: World, monkeypatch: pytest.MonkeyPatch, final: Status
) -> None:
    from chalicelib.services.corroborate import Corroboration

    case, write = standing(world), Corroboration._write

    def overtake(self: Corroboration, *arguments: Any) -> None:
        ReportItem(keys.report(case), keys.REPORT).update([ReportItem.status.set(final.value)])
        write(self, *arguments)

    monkeypatch.setattr(Corroboration, "_write", overtake)
    citizen = world.citizen()
    assert see(citizen, case).status == 404
    assert marks(world, case) == []
    monkeypatch.undo()
    spare = [standing(world, 200 * number) for number in range(1, 4)]
    assert [see(citizen, other).status for other in spare] == [201] * 3, "nor has it used up the allowance"
