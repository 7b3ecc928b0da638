"""Device tokens, and whether a device may report."""

import re
from uuid import uuid4

import pytest

from chalicelib import container as composition
from chalicelib.container import Container
from tests.http.gateway import Answer
from tests.http.world import World, draft, errors

KEY = "3f0c8f6e-2f43-4a53-9d0c-0f6f6d6c1a2b"


def test_a_browser_gets_its_token_as_a_cookie_only(world: World) -> None:
    answer = world.stranger().call("POST", "/v1/challenge", {"idempotency_key": KEY})
    assert answer.body == {"challenge": None, "may_report": True}
    assert re.fullmatch(
        r"device=v1\.[\w-]{22}\.[\w-]{22}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Strict",
        answer.headers["set-cookie"],
    )
    assert answer.headers["cache-control"] == "no-store"


def test_over_tls_the_cookie_is_bound_to_the_host(world: World) -> None:
    settings = world.stack.settings(COOKIE_SECURE="true")
    composition.install(Container(settings, world.clock, world.box._resources))
    answer = world.stranger().call("POST", "/v1/challenge", {"idempotency_key": KEY})
    assert answer.headers["set-cookie"].startswith("__Host-device=v1.")
    assert answer.headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Strict; Secure")


def test_the_cookie_lets_a_browser_report(world: World) -> None:
    cookie = cookie_of(world.stranger().call("POST", "/v1/challenge", {"idempotency_key": KEY}))
    headers = {"Cookie": f"theme=dark; {cookie}; device=v1.second", "Idempotency_Key": KEY}
    assert world.stranger().call("POST", "/v1/reports", draft(), **headers).status == 201


def test_a_client_without_cookies_gets_its_token_in_the_answer(world: World) -> None:
    answer = world.stranger().call("POST", "/v1/challenge", {"idempotency_key": KEY, "client": "api"})
    assert "set-cookie" not in answer.headers
    citizen = world.stranger()
    citizen.token = answer.body["device"]
    assert citizen.file().status == 201


def test_a_valid_token_comes_back_unchanged(world: World) -> None:
    citizen = world.citizen()
    answer = citizen.call("POST", "/v1/challenge", {"idempotency_key": KEY, "client": "api"})
    assert answer.body["device"] == citizen.token
    cookie = cookie_of(citizen.call("POST", "/v1/challenge", {"idempotency_key": KEY}))
    assert cookie == f"device={citizen.token}"


def test_the_header_goes_before_the_cookie(world: World) -> None:
    one, other = world.citizen(), world.citizen()
    headers = {"Cookie": f"device={other.token}"}
    answer = one.call("POST", "/v1/challenge", {"idempotency_key": KEY, "client": "api"}, **headers)
    assert answer.body["device"] == one.token


FORGED = ["", "v1", "v1.a.b", "v2.{device}.{mac}", "v1.{device}.AAAAAAAAAAAAAAAAAAAAAA", "v1.{device}.{mac}x", "ü"]


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_token_is_replaced_when_asked_for_and_refused_when_used(world: World, forged: str) -> None:
    citizen = world.citizen()
    _, device, mac = str(citizen.token).split(".")
    citizen.token = forged.format(device=device, mac=mac)
    refused = citizen.file()
    assert (refused.status, refused.body["code"]) == (401, "device_invalid")
    assert refused.headers["www-authenticate"] == 'Device realm="czujka"'
    assert citizen.enrol().file().status == 201


def test_without_a_token_nothing_is_filed(world: World) -> None:
    assert world.stranger().file().body["code"] == "device_invalid"
    assert world.census()["report"] == 0


def test_a_device_that_has_reported_is_told_until_when_it_waits(world: World) -> None:
    citizen = world.citizen()
    citizen.file(KEY)
    answer = citizen.call("POST", "/v1/challenge", {"idempotency_key": str(uuid4())})
    assert answer.body == {"challenge": None, "may_report": False, "resets_at": "2026-06-10T22:00:00.000Z"}
    world.clock.pass_by(hours=12)
    assert citizen.call("POST", "/v1/challenge", {"idempotency_key": str(uuid4())}).body["may_report"]


def test_a_device_may_send_the_same_report_again(world: World) -> None:
    citizen = world.citizen()
    citizen.file(KEY)
    assert citizen.call("POST", "/v1/challenge", {"idempotency_key": KEY}).body["may_report"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {("idempotency_key", "missing")}),
        ({"idempotency_key": "x"}, {("idempotency_key", "not_a_uuid")}),
        ({"idempotency_key": 1}, {("idempotency_key", "wrong_type")}),
        ({"idempotency_key": KEY, "client": "web"}, {("client", "unknown_value")}),
        ({"idempotency_key": KEY, "device": "x"}, {("device", "unknown_field")}),
    ],
)
def test_a_faulty_challenge_is_told_its_faults(
    world: World, body: dict[str, object], expected: set[tuple[str, str]]
) -> None:
    assert errors(world.stranger().call("POST", "/v1/challenge", body)) == expected


def cookie_of(answer: Answer) -> str:
    """Return the pair that a browser would send back."""
    return answer.headers["set-cookie"].partition(";")[0]
