"""The parameter `unit` over every route that takes it: a foreign unit is as one that does not exist."""

from collections.abc import Callable

import pytest

from chalicelib.http.openapi import OPERATIONS
from chalicelib.http.routes import ROUTES, needs_login
from tests.http.gateway import Answer
from tests.http.world import World, errors
from tests.police.cases import FAR, NEIGHBOUR, UNIT
from tests.police.officers import Staff
from tests.police.unit_settings import OWN, settings

Hire = Callable[..., Staff]

NAMED: dict[tuple[str, str], Callable[[str], object]] = {
    ("GET", "/v1/police/reports"): lambda _: None,
    ("GET", "/v1/police/stats"): lambda _: None,
    ("GET", "/v1/police/stats/reports"): lambda _: None,
    ("GET", "/v1/police/patrol-plan"): lambda _: None,
    ("GET", "/v1/police/unit"): lambda _: None,
    ("PUT", "/v1/police/unit"): lambda _: settings(OWN),
    ("POST", "/v1/police/unit/test-mail"): lambda unit: {"unit": unit},
}
"""The body that each route takes beside its unit; the last one names it there."""


def ask(staff: Staff, route: tuple[str, str], unit: str) -> Answer:
    method, path = route
    body = NAMED[route](unit)
    return staff.call(method, path if method == "POST" else f"{path}?unit={unit}", body)


def test_every_route_with_a_unit_in_its_query_has_its_row() -> None:
    described = {
        (method, path)
        for path, methods in ROUTES.items()
        if needs_login(path)
        for method, view in methods.items()
        if any(parameter.name == "unit" for parameter in OPERATIONS[view].parameters)
    }
    assert described | {("POST", "/v1/police/unit/test-mail")} == set(NAMED)


@pytest.mark.parametrize("route", NAMED)
@pytest.mark.parametrize("foreign", [FAR, NEIGHBOUR, "KSP"])
def test_L13_a_foreign_unit_is_as_one_that_does_not_exist(
    staff: Hire, world: World, route: tuple[str, str], foreign: str
) -> None:
    leader = staff(UNIT, "coordinator")
    before = world.items("main")
    told, unknown = ask(leader, route, foreign), ask(leader, route, "NOWHERE")
    assert (told.status, errors(told)) == (422, {("unit", "unknown_value")})
    assert (told.text, told.headers) == (unknown.text, unknown.headers)
    assert not any(code in told.text for code in (FAR, NEIGHBOUR))
    assert world.items("main") == before


@pytest.mark.parametrize("route", NAMED)
def test_a_unit_in_sight_is_answered_for(staff: Hire, route: tuple[str, str]) -> None:
    assert ask(staff("KSP", "coordinator"), route, UNIT).status in {200, 202, 404}, "no plan has been made"
