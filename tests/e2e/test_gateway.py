"""The gateway hands everything under its origin to the application, which answers in one form."""

import pytest

from tests.support.whole import Whole

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/reports/a/b", "/v1/health/more"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_H03_a_path_that_is_not_there_is_a_problem(stack: Whole, method: str, path: str) -> None:
    answer = stack.call(method, path)
    assert (answer.status, answer.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/v1/health"), ("PUT", "/v1/reports"), ("POST", "/v1/receipt")]
)
def test_R12_a_path_names_its_methods(stack: Whole, method: str, path: str) -> None:
    answer = stack.call(method, path)
    assert (answer.status, answer.json["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_an_id_reaches_the_application_as_it_was_meant(stack: Whole) -> None:
    answer = stack.call("GET", "/v1/reports/a%2Fb%00")
    assert (answer.status, answer.json["code"]) == (404, "not_found")


def test_a_repeated_parameter_is_noticed(stack: Whole) -> None:
    answer = stack.call("GET", "/v1/units/locate?lat=52&lat=53&lon=21")
    assert (answer.status, answer.json["errors"][0]["code"]) == (422, "repeated")
