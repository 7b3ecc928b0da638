"""Every error of every route has one form, and says in the caller's language what to do."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.http.call import Call
from chalicelib.http.open311.answer import PREFIX
from chalicelib.http.reply import Reply
from chalicelib.http.routes import METHODS, ROUTES, allowed
from chalicelib.http.telemetry import logger
from chalicelib.languages import texts
from chalicelib.store import models
from tests.http.gateway import Answer, event, send
from tests.http.world import World, draft, errors

KEY = "3f0c8f6e-2f43-4a53-9d0c-0f6f6d6c1a2b"
WRONG_METHODS = [
    (path, method)
    for path, methods in ROUTES.items()
    # The façade has a form of its own: tests/open311.
    if methods and not path.startswith(PREFIX)
    for method in METHODS
    if method not in allowed(path)
]


@pytest.fixture
def no_tables(world: World) -> Iterator[Callable[[], None]]:
    """Calling it takes the tables away."""
    settings = world.box.settings
    yield lambda: models.bind("no-such-table", "nor-such-a-one")
    models.bind(settings.main_table, settings.quota_table)


def assert_problem(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.body["status"] == status
    assert answer.body["type"] == f"http://127.0.0.1:8080/problems#{code}"
    assert answer.body["title"]
    assert answer.body["detail"]


@pytest.mark.parametrize("path", ["/v1/nothing", "/", "/v1", "/v1/reports/a/b", "/v2/health", "/v1/health/"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_H03_an_unknown_path_is_not_found(world: World, method: str, path: str) -> None:
    assert_problem(world.stranger().call(method, path), 404, "not_found")


@pytest.mark.parametrize(("path", "method"), WRONG_METHODS)
def test_R12_a_known_path_names_its_methods(world: World, path: str, method: str) -> None:
    answer = world.stranger().call(method, re.sub(r"{[a-z]+}", "0", path))
    if method != "HEAD":
        assert_problem(answer, 405, "method_not_allowed")
    assert answer.status == 405
    assert answer.headers["allow"] == ", ".join(allowed(path))


def test_head_is_get_without_a_body(world: World) -> None:
    answer = world.stranger().call("HEAD", "/v1/health")
    assert (answer.status, answer.text) == (200, "")


@pytest.mark.parametrize("path", ["/v1/challenge", "/v1/reports"])
@pytest.mark.parametrize(
    "body",
    [
        *("", " ", "{", '{"a":1,}', "[]", '"text"', "null", "7", "NaN", '{"a":"\\ud800"}', "[" * 5000),
        *(b"\xff\xfe", b'{"category": "\xc3"}', b"\x00", b""),
    ],
)
def test_R13_what_is_no_json_object_is_malformed(world: World, path: str, body: str | bytes) -> None:
    assert_problem(world.citizen().call("POST", path, body, Idempotency_Key=KEY), 400, "malformed")


@pytest.mark.usefixtures("world")
def test_a_body_that_is_not_even_base64_is_malformed() -> None:
    request = event("POST", "/v1/challenge", headers={"Content-Type": "application/json"}, body=b"{}")
    assert_problem(send({**request, "body": "ü"}), 400, "malformed")


@pytest.mark.parametrize("path", ["/v1/challenge", "/v1/reports"])
def test_a_body_in_base64_is_read_as_well(world: World, path: str) -> None:
    answer = world.citizen().call("POST", path, b'{"unknown": 1}', Idempotency_Key=KEY)
    assert_problem(answer, 422, "invalid")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
def test_R12_only_json_is_read(world: World, kind: str) -> None:
    answer = world.citizen().call("POST", "/v1/reports", draft(), Content_Type=kind, Idempotency_Key=KEY)
    assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8"])
def test_json_may_name_its_charset(world: World, kind: str) -> None:
    answer = world.citizen().call("POST", "/v1/reports", draft(), Content_Type=kind, Idempotency_Key=KEY)
    assert answer.status == 201


@pytest.mark.parametrize("kind", ["text/plain", "image/png"])
def test_a_content_type_does_not_matter_where_nothing_is_sent(world: World, kind: str) -> None:
    assert world.stranger().call("GET", "/v1/catalogue", Content_Type=kind, Accept=kind).status == 200


def test_a_large_body_is_refused(world: World) -> None:
    answer = world.citizen().call("POST", "/v1/reports", " " * 32 * 1024 + "{}", Idempotency_Key=KEY)
    assert_problem(answer, 413, "too_large")
    assert answer.body["limit"] == 32 * 1024


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        *((None, "pl"), ("en", "en"), ("uk-UA,uk;q=0.9,en;q=0.8", "uk"), ("de, en;q=0.5", "en")),
        *(("de", "pl"), ("*", "pl"), ("en;q=0", "pl"), ("\x00;;;q=,=", "pl")),
    ],
)
def test_words_follow_the_language_and_codes_do_not(world: World, wanted: str | None, language: str) -> None:
    stranger = world.stranger()
    stranger.language = wanted
    answer = stranger.call("GET", "/v1/reports?lat=x&lon=21")
    assert answer.headers["content-language"] == language
    assert answer.headers["vary"] == "Accept-Language"
    assert answer.body["title"] == texts("problems", language)["invalid.title"]
    assert answer.body["errors"][0]["code"] == "wrong_type"


def test_H01_a_store_that_does_not_answer_is_503(world: World, no_tables: Callable[[], None]) -> None:
    no_tables()
    answer = world.stranger().call("GET", "/v1/health")
    assert_problem(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_L11_filing_fails_closed(world: World, no_tables: Callable[[], None]) -> None:
    citizen = world.citizen()
    no_tables()
    answer = citizen.file()
    assert_problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "5"


def test_a_fault_of_ours_tells_nobody_what_was_sent(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("kanarek 52.229999")

    citizen = world.citizen()
    monkeypatch.setattr("chalicelib.services.intake.accept", broken)
    answer = citizen.file()
    assert_problem(answer, 500, "internal")
    logged = written(caplog)
    assert "RuntimeError" in logged
    assert "kanarek" not in answer.text + logged


def test_logs_hold_nothing_of_a_person_or_place(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    citizen = world.citizen()
    filed = citizen.file(description="kanarek", lat=52.123456, lon=21.654321).body
    citizen.file(description="kanarek\x00")
    world.stranger().call("GET", f"/v1/reports/{filed['id']}")
    world.stranger().call("GET", "/v1/receipt", Receipt=filed["receipt"])
    world.stranger().call("GET", "/v1/units/locate?lat=52.123456&lon=21.654321")
    told = written(caplog) + capsys.readouterr().out
    assert "/v1/reports/{id}" in told
    secrets = ["kanarek", "52.123456", "21.654321", filed["id"], filed["receipt"], str(citizen.token), "192.0.2.1"]
    assert [secret for secret in secrets if secret in told] == []


def test_accepted_and_refused_reports_are_counted(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    citizen = world.citizen()
    citizen.file(KEY)
    citizen.file(KEY)
    citizen.file()
    citizen.file(category="aliens")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    named = [{name: value for name, value in line.items() if name != "_aws"} for line in lines]
    assert named == [
        {"stage": "local", "service": "api", "accepted": [1.0]},
        {"stage": "local", "service": "api", "repeated": [1.0]},
        {"stage": "local", "service": "api", "refused": [1.0], "code": "quota_used"},
        {"stage": "local", "service": "api", "refused": [1.0], "code": "invalid"},
    ]


def test_parameters_of_a_path_are_decoded() -> None:
    assert Call.of(event("GET", "/v1/reports/a%2Fb%C4%85")).path == {"id": "a/bą"}


def test_only_times_are_written_besides_json() -> None:
    with pytest.raises(TypeError, match="set has no form in JSON"):
        Reply({"member": {1}}).response()


def written(caplog: pytest.LogCaptureFixture) -> str:
    """Return what the log's own handler makes of the records."""
    handler = logger().handlers[0]
    return "\n".join(handler.format(record) for record in caplog.records)


def test_R01_a_wrong_key_is_named_together_with_what_is_wrong_in_the_body(world: World) -> None:
    answer = world.citizen().file(key="x", category="?", lat=None)
    assert answer.status == 422
    assert errors(answer) == {("Idempotency-Key", "not_a_uuid"), ("category", "unknown_category"), ("lat", "missing")}


def test_a_wrong_key_alone_is_the_only_fault(world: World) -> None:
    assert errors(world.citizen().file(key="x")) == {("Idempotency-Key", "not_a_uuid")}
