"""Officers' tokens on the deployed stack: refused at the gateway, or by the code where the gateway cannot know."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.domain.errors import Unauthorized
from chalicelib.domain.roles import Role
from chalicelib.http.routes import METHODS, ROUTES, needs_login
from chalicelib.languages import problem_texts
from infra.commands.officer import Pool, new_password
from tests.support.whole import Answer, Whole

ME = "/v1/police/me"
GATEWAY, CODE = problem_texts(Unauthorized(), "pl")[0], problem_texts(Unauthorized(), "en")[0]
"""Who has refused: the gateway knows the instance's own language alone, the code answers in the caller's."""


@dataclass(frozen=True)
class Tokens:
    """What one login of the deployed pool gives."""

    access: str
    id: str


def log_in(pool: Pool, client: str, name: str) -> Tokens:
    password = new_password()
    pool.client.admin_set_user_password(UserPoolId=pool.id, Username=name, Password=password, Permanent=True)
    result = pool.client.initiate_auth(
        ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": name, "PASSWORD": password}
    )["AuthenticationResult"]
    return Tokens(result["AccessToken"], result["IdToken"])


def another_client(pool: Pool, **validity: Any) -> str:
    made = pool.client.create_user_pool_client(
        UserPoolId=pool.id, ClientName="another", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"], **validity
    )
    return str(made["UserPoolClient"]["ClientId"])


@pytest.fixture(scope="module")
def pool(stack: Whole) -> Pool:
    pool = Pool(stack.running.client("cognito-idp"), stack.running.names["OFFICER_POOL"])
    pool.enter("officer", Role.OFFICER, "KSP")
    return pool


@pytest.fixture(scope="module")
def tokens(stack: Whole, pool: Pool) -> Tokens:
    return log_in(pool, stack.running.names["OFFICER_CLIENT"], "officer")


@pytest.fixture(scope="module")
def refused(pool: Pool, tokens: Tokens) -> Mapping[str, str]:
    """Tokens that the gateway must refuse, by what is wrong with them."""
    header, claims, signature = tokens.access.split(".")
    brief = another_client(pool, AccessTokenValidity=1, TokenValidityUnits={"AccessToken": "seconds"})
    over = log_in(pool, brief, "officer").access
    elsewhere = Pool(pool.client, pool.client.create_user_pool(PoolName="elsewhere")["UserPool"]["Id"])
    elsewhere.enter("officer", Role.NATIONAL, None)
    foreign = log_in(elsewhere, another_client(elsewhere), "officer").access
    read = json.loads(decoded(claims))
    promoted = encoded({**read, "cognito:groups": ["role:national"]})
    end = json.loads(decoded(over.split(".")[1]))["exp"]
    time.sleep(max(0.0, end + 1 - time.time()))
    return {
        "nothing": "",
        "no token": "x",
        "over": over,
        "another pool's": foreign,
        "an id token": tokens.id,
        "unsigned": f"{encoded({'alg': 'none'})}.{claims}.",
        "another's signature": f"{header}.{claims}.{foreign.split('.')[2]}",
        "other claims": f"{header}.{promoted}.{signature}",
        "a key that nobody has": f"{encoded({'alg': 'RS256', 'kid': 'made up'})}.{claims}.{signature}",
    }


def decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(data: object) -> str:
    return urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def ask(stack: Whole, token: str, method: str = "GET", path: str = ME) -> Answer:
    headers = {"Accept-Language": "en"} | ({"Authorization": f"Bearer {token}"} if token else {})
    return stack.call(method, path, headers=headers)


def is_refused_by(answer: Answer, who: str) -> bool:
    assert answer.status == 401, answer.body
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json["code"] == "unauthorized"
    return bool(answer.json["title"] == who)


def test_a_token_of_the_deployed_pool_opens_the_console(stack: Whole, tokens: Tokens) -> None:
    answer = ask(stack, tokens.access)
    assert answer.status == 200, answer.body
    assert (answer.json["role"], answer.json["unit"]["code"]) == ("officer", "KSP")


WRONG = (
    "nothing",
    "no token",
    "over",
    "another pool's",
    "an id token",
    "unsigned",
    "another's signature",
    "other claims",
    "a key that nobody has",
)


@pytest.mark.parametrize("wrong", WRONG)
def test_L13_what_is_no_token_of_the_pool_is_refused_at_the_gateway(
    stack: Whole, refused: Mapping[str, str], wrong: str
) -> None:
    answer = ask(stack, refused[wrong])
    assert is_refused_by(answer, GATEWAY)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_L13_a_token_for_another_client_is_refused_by_the_code(stack: Whole, pool: Pool) -> None:
    token = log_in(pool, another_client(pool), "officer").access
    assert is_refused_by(ask(stack, token), CODE)


@pytest.mark.parametrize("path", [path for path in ROUTES if needs_login(path)])
def test_L13_every_method_of_every_police_path_is_shut(stack: Whole, path: str) -> None:
    concrete = path.replace("{id}", "0" * 26).replace("{slot}", "1")
    for method in (method for method in METHODS if method not in {"OPTIONS", "HEAD"}):
        assert is_refused_by(ask(stack, "", method, concrete), GATEWAY), method
    assert ask(stack, "", "HEAD", concrete).status == 401
