"""Role × route × foreign unit, for every police route that there is: what is not in the table below fails."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import pytest

from chalicelib.domain.roles import MAY, Deed, Role
from chalicelib.http.routes import ROUTES, needs_login
from tests.http.gateway import Answer
from tests.http.world import World
from tests.police.cases import FAR, NEIGHBOUR, UNIT, report
from tests.police.officers import Staff

Hire = Callable[..., Staff]


@dataclass(frozen=True)
class Entry:
    """What a route asks of a role (None: a login is enough), and whether it is about one case."""

    deed: Deed | None
    about_a_case: bool = False
    body: object = None


CASE = "/v1/police/reports/{id}"
ENTRIES = {
    ("GET", "/v1/police/me"): Entry(None),
    ("GET", "/v1/police/reports"): Entry(Deed.READ),
    ("GET", "/v1/police/unit"): Entry(Deed.UNIT_READ),
    ("PUT", "/v1/police/unit"): Entry(Deed.UNIT_WRITE, body={}),
    ("POST", "/v1/police/unit/test-mail"): Entry(Deed.TEST_MAIL, body={}),
    ("GET", "/v1/police/reports/{id}"): Entry(Deed.READ, about_a_case=True),
    ("GET", "/v1/police/reports/{id}/card"): Entry(Deed.READ, about_a_case=True),
    ("GET", "/v1/police/reports/{id}/photos/{slot}"): Entry(Deed.READ, about_a_case=True),
    ("GET", "/v1/police/stats"): Entry(Deed.FIGURES),
    ("GET", "/v1/police/stats/reports"): Entry(Deed.FIGURES),
    ("GET", "/v1/police/patrol-plan"): Entry(Deed.FIGURES),
    ("POST", "/v1/police/reports/take-up"): Entry(Deed.TAKE_UP, body={"ids": ["0" * 21], "versions": [1]}),
    ("POST", f"{CASE}/status"): Entry(Deed.STEP, True, {"to": "verifying", "reason": "taken_up", "version": 9}),
    ("POST", f"{CASE}/transfer"): Entry(Deed.TRANSFER, True, {"unit": NEIGHBOUR, "version": 9}),
    ("POST", f"{CASE}/location"): Entry(Deed.CORRECT, True, {"lat": 52.23, "lon": 21.01, "version": 9}),
    ("POST", f"{CASE}/merge"): Entry(Deed.MERGE, True, {"into": "0" * 21, "version": 9}),
    ("POST", f"{CASE}/question"): Entry(Deed.ASK, True, {"text": "Gdzie?", "version": 9}),
    ("POST", f"{CASE}/pause"): Entry(Deed.PAUSE, True, {"reason": "weather", "until": "2026-06-20", "version": 9}),
    ("POST", f"{CASE}/resume"): Entry(Deed.PAUSE, True, {"version": 9}),
}
ABOUT_A_CASE = [route for route, entry in ENTRIES.items() if entry.about_a_case]
HOME = {Role.OFFICER: UNIT, Role.COORDINATOR: UNIT, Role.VOIVODESHIP: "KSP", Role.NATIONAL: None}
"""Where an officer of each role sees the case of `UNIT`."""
ELSEWHERE = {Role.OFFICER: FAR, Role.COORDINATOR: FAR, Role.VOIVODESHIP: "KWP-BIALYSTOK"}
"""Where one does not; nothing is foreign to the nation."""


def ask(staff: Staff, route: tuple[str, str], case: str) -> Answer:
    method, path = route
    target = path.replace("{id}", case).replace("{slot}", "1")
    return staff.call(method, target, ENTRIES[route].body)


@pytest.fixture
def case(world: World) -> str:
    """A new case of `UNIT`."""
    item = report(world, 1)
    item.save()
    return str(item.id)


def test_every_police_route_has_its_entry() -> None:
    routes = {(method, path) for path, methods in ROUTES.items() if needs_login(path) for method in methods}
    assert routes == set(ENTRIES)


@pytest.mark.parametrize("route", ENTRIES)
def test_L13_without_a_login_no_route_answers(world: World, case: str, route: tuple[str, str]) -> None:
    before = world.census()
    answer = ask(Staff(None), route, case)
    assert (answer.status, answer.body["code"]) == (401, "unauthorized")
    assert world.census() == before


@pytest.mark.parametrize(("role", "route"), list(product(Role, ENTRIES)))
def test_L13_a_role_is_let_in_for_its_deeds_alone(staff: Hire, case: str, role: Role, route: tuple[str, str]) -> None:
    answer = ask(staff(HOME[role], role.value), route, case)
    deed = ENTRIES[route].deed
    if deed is None or deed in MAY[role]:
        assert answer.status not in {401, 403}, answer.text
    else:
        assert (answer.status, answer.body["code"]) == (403, "forbidden")


@pytest.mark.parametrize(("role", "route"), list(product(ELSEWHERE, ABOUT_A_CASE)))
def test_L13_a_foreign_case_is_as_one_that_does_not_exist(
    staff: Hire, world: World, case: str, role: Role, route: tuple[str, str]
) -> None:
    stranger = staff(ELSEWHERE[role], role.value)
    before = world.items("main")
    foreign, unknown = ask(stranger, route, case), ask(stranger, route, "case9999")
    assert foreign.status == unknown.status == 404
    assert (foreign.text, foreign.headers) == (unknown.text, unknown.headers)
    # Nothing is changed, nor noted: the audit tells who has seen something.
    assert world.items("main") == before


@pytest.mark.parametrize("role", ELSEWHERE)
def test_L13_a_foreign_case_stands_in_no_queue(staff: Hire, case: str, role: Role) -> None:
    def listed(unit: str | None) -> list[str]:
        answer = staff(unit, role.value).call("GET", "/v1/police/reports")
        assert answer.status == 200, answer.text
        return [row["id"] for row in answer.body["reports"]]

    assert listed(HOME[role]) == [case]
    assert listed(ELSEWHERE[role]) == []
