"""What starting the application costs, and what it leaves for later."""

import runpy
import subprocess
import sys
from typing import Any

import pytest

import app
from chalicelib.http.routes import METHODS, ROUTES

HEAVY = ("botocore", "pynamodb", "pydantic", "aws_lambda_powertools", "h3", "numpy", "duckdb", "boto3")
LOADED = "import sys, app; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
BUDGET_MS = 300
CPU = "import time; start = time.process_time(); import app; print(1000 * (time.process_time() - start))"


def run(script: str, **environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_starting_any_function_imports_no_library_but_chalice() -> None:
    assert set(run(LOADED).split()) & set(HEAVY) == set()


def test_starting_the_api_imports_what_its_requests_need() -> None:
    loaded = set(run(LOADED, _HANDLER="app.app").split())
    assert loaded & set(HEAVY) == {"botocore", "pynamodb", "pydantic", "aws_lambda_powertools", "h3"}


@pytest.mark.parametrize("name", ["relay", "sweeper", "bulletins", "publish", "digest", "escalation"])
def test_a_function_without_the_layer_of_analytics_does_not_ask_for_it(name: str) -> None:
    loaded = run(f"import sys, chalicelib.events.{name}; print(*sorted(sys.modules))").split()
    assert set(loaded) & {"numpy", "duckdb"} == set()


def test_the_application_can_be_started_as_lambda_starts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_HANDLER", "app.app")
    started = runpy.run_path(app.__file__)
    assert started["app"].routes.keys() == ROUTES.keys()


def test_starting_costs_less_than_the_budget() -> None:
    # The least of five: other work on the machine makes a start look dearer, never cheaper.
    assert min(float(run(CPU)) for _ in range(5)) < BUDGET_MS


@pytest.mark.parametrize("path", sorted(ROUTES))
def test_every_path_is_registered_with_every_method(path: str) -> None:
    assert set(app.app.routes[path]) == set(METHODS)


@pytest.mark.parametrize(
    "name",
    [
        *("relay", "photos", "bounces", "sweeper", "bulletins", "nightly", "publish", "digest", "escalation"),
        "plans",
    ],
)
def test_every_event_function_hands_on_to_its_handler(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def handle(event: dict[str, Any], box: object) -> dict[str, Any]:
        return {"event": event, "box": box}

    monkeypatch.setattr("chalicelib.events.invoked.container", lambda: "the container")
    monkeypatch.setattr(f"chalicelib.events.{name}.handle", handle)
    told = {"Message": "{}", "Subject": "Bounce", "MessageAttributes": {}}
    events: dict[str, dict[str, Any]] = {
        "relay": {"Records": []},
        "photos": {"Records": []},
        "bounces": {"Records": [{"Sns": told}]},
    }
    event: dict[str, Any] = events.get(name, {"day": "2026-06-10"})
    assert getattr(app, name)(event, None) == {"event": event, "box": "the container"}


def test_nothing_of_chalice_is_shown_to_callers() -> None:
    assert app.app.debug is False
