"""Who is believed to be an officer, and who is not."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from chalicelib.domain.errors import Unavailable
from chalicelib.store.login_keys import FRESH, KEPT, PAUSE, LoginKeys
from tests.http.gateway import Answer
from tests.http.world import NOON, World
from tests.police.officers import Pool, Staff

ME = "/v1/police/me"
Officers = Callable[..., Staff]


def me(token: str | None) -> Answer:
    return Staff(token).call("GET", ME)


def refused(answer: Answer) -> None:
    assert (answer.status, answer.body["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_an_officer_is_told_unit_role_and_deeds(staff: Officers) -> None:
    answer = staff("KMP-WROCLAW", "coordinator").call("GET", ME)
    assert answer.status == 200
    assert answer.body["unit"]["code"] == "KMP-WROCLAW"
    assert answer.body["role"] == "coordinator"
    assert {"read", "step", "unit_write"} <= set(answer.body["deeds"])
    assert [unit["code"] for unit in answer.body["units"]] == ["KMP-WROCLAW"]
    assert answer.headers["cache-control"] == "no-store"


def test_a_voivodeship_coordinator_sees_the_whole_garrison(staff: Officers, world: World) -> None:
    seen = {unit["code"] for unit in staff("KWP-WROCLAW", "voivodeship").call("GET", ME).body["units"]}
    assert seen == {unit.code for unit in world.box.units if world.box.units.garrison(unit.code).code == "KWP-WROCLAW"}
    assert len(seen) > 20


def test_the_nation_is_seen_without_a_unit(staff: Officers, world: World) -> None:
    answer = staff(None, "national").call("GET", ME)
    assert answer.body["unit"] is None
    assert len(answer.body["units"]) == len(list(world.box.units))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "e30.e30.e30", "é" * 5, "A" * 9_000])
def test_L13_without_a_token_nobody_is_an_officer(token: str | None) -> None:
    refused(me(token))


@pytest.mark.parametrize("scheme", ["Basic", "Device", ""])
def test_L13_the_token_stands_under_its_own_scheme(staff: Officers, scheme: str) -> None:
    token = staff().token
    refused(Staff(None).call("GET", ME, Authorization=f"{scheme} {token}"))


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"exp": int(NOON.timestamp()) - 61}, id="over"),
        pytest.param({"exp": None}, id="endless"),
        pytest.param({"iat": int(NOON.timestamp()) + 120}, id="of tomorrow"),
        pytest.param({"iss": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other"}, id="another pool"),
        pytest.param({"client_id": "another"}, id="another client"),
        pytest.param({"token_use": "id"}, id="an id token"),
        pytest.param({"scope": "reports/read"}, id="a machine's scope"),
        pytest.param({"scope": None}, id="no scope"),
        pytest.param({"sub": None}, id="nobody"),
        pytest.param({"cognito:groups": None}, id="no groups"),
        pytest.param({"cognito:groups": "role:officer"}, id="groups as text"),
        pytest.param({"cognito:groups": ["role:officer"]}, id="no unit"),
        pytest.param({"cognito:groups": ["unit:KSP"]}, id="no role"),
        pytest.param({"cognito:groups": ["role:officer", "role:national", "unit:KSP"]}, id="two roles"),
        pytest.param({"cognito:groups": ["role:officer", "unit:KSP", "unit:KMP-WROCLAW"]}, id="two units"),
        pytest.param({"cognito:groups": ["role:chief", "unit:KSP"]}, id="unknown role"),
        pytest.param({"cognito:groups": ["role:officer", "unit:NOWHERE"]}, id="unknown unit"),
        pytest.param({"cognito:groups": ["role:voivodeship", "unit:KMP-WROCLAW"]}, id="a garrison's role below it"),
    ],
)
def test_L13_a_token_that_makes_no_officer_is_refused(staff: Officers, claims: dict[str, Any]) -> None:
    refused(staff(**claims).call("GET", ME))


def test_L13_a_token_signed_by_another_key_is_refused(pool: Pool, world: World) -> None:
    claims = pool.claims(world.clock, "officer", "KSP")
    other = RSAKey.generate_key(2048, {"kid": "first"})
    refused(me(jwt.encode({"alg": "RS256", "kid": "first"}, claims, other)))


def test_L13_the_public_key_is_no_secret_to_sign_with(pool: Pool, world: World) -> None:
    def part(data: object) -> bytes:
        return urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=")

    signed = part({"alg": "HS256", "kid": "first"}) + b"." + part(pool.claims(world.clock, "officer", "KSP"))
    # By hand: the library refuses to sign like this.
    mac = hmac.new(pool.key.as_pem(private=False), signed, hashlib.sha256).digest()
    refused(me((signed + b"." + urlsafe_b64encode(mac).rstrip(b"=")).decode()))


def test_L13_an_unsigned_token_is_refused(pool: Pool, world: World) -> None:
    _, claims, _ = pool.token(pool.claims(world.clock, "officer", "KSP")).split(".")
    refused(me(f"eyJhbGciOiJub25lIiwia2lkIjoiZmlyc3QifQ.{claims}."))


@pytest.mark.parametrize("key_id", ["second", ""])
def test_L13_a_key_that_the_pool_does_not_have_signs_nothing(pool: Pool, world: World, key_id: str) -> None:
    claims = pool.claims(world.clock, "officer", "KSP")
    refused(me(pool.token(claims, {"kid": key_id})))


def test_keys_are_fetched_once_however_many_ids_are_made_up(pool: Pool) -> None:
    keys, before = LoginKeys(pool.url), pool.asked
    assert keys.find("first", NOON) is not None
    assert [keys.find(f"made up {number}", NOON + timedelta(seconds=number)) for number in range(50)] == [None] * 50
    assert pool.asked == before + 1
    assert keys.find("made up", NOON + PAUSE) is None
    assert pool.asked == before + 2


def test_keys_are_believed_for_a_day_while_the_pool_does_not_answer(pool: Pool) -> None:
    keys = LoginKeys(pool.url)
    assert keys.find("first", NOON) is not None
    pool.status = 500
    try:
        assert keys.find("first", NOON + FRESH * 2) is not None
        assert keys.find("first", NOON + KEPT) is not None
        with pytest.raises(Unavailable):
            keys.find("first", NOON + KEPT + PAUSE)
    finally:
        pool.status = 200
    assert keys.find("first", NOON + KEPT + 3 * PAUSE) is not None


def test_without_any_keys_nobody_is_let_in() -> None:
    with pytest.raises(Unavailable):
        LoginKeys("http://127.0.0.1:9/jwks.json").find("first", NOON)
