"""`make officer` on the pool that the data stack deploys, and what its tokens are worth to the application."""

import json
from argparse import Namespace
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.clock import system_clock
from chalicelib.container import Container
from chalicelib.domain.roles import Role
from infra.commands import instance, officer
from infra.commands.instance import Running
from infra.commands.officer import OfficerRefused, Pool, checked
from tests.http.world import World
from tests.police.officers import Staff
from tests.support.stacks import DataStack

Claims = dict[str, Any]


def claims_of(token: str) -> Claims:
    part = token.split(".")[1]
    found: Claims = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


@pytest.fixture
def running(
    data_stack: DataStack, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Running:
    """The data stack as a running instance that the commands find."""
    monkeypatch.setattr(instance, "LOCAL", tmp_path_factory.mktemp("local"))
    monkeypatch.delenv("OFFICER_POOL")
    found = Running(
        instance="pl",
        base_url="http://127.0.0.1:8080",
        endpoint=data_stack.access.endpoint,
        secret_key=data_stack.access.secret_key,
        api="",
        launcher=1,
        names=data_stack.names,
        functions={},
    )
    found.save()
    return found


@pytest.fixture
def deployed(data_stack: DataStack) -> Pool:
    """The pool of the data stack."""
    return Pool(data_stack.client("cognito-idp"), data_stack.names["OFFICER_POOL"])


@pytest.fixture
def today(plain_world: World, data_stack: DataStack) -> Iterator[World]:
    """The application as it believes the deployed pool, at the real time: that pool knows no other."""
    settings = data_stack.settings(AWS_ENDPOINT_URL=data_stack.access.endpoint)
    resources = vars(plain_world.box._resources)
    resources["logins"] = Container(settings).logins
    plain_world.clock.now = system_clock()
    yield plain_world
    del resources["logins"]


@pytest.mark.usefixtures("running", "today")
@pytest.mark.parametrize(
    ("role", "unit"),
    [("officer", "KMP-WROCLAW"), ("coordinator", "KSP"), ("voivodeship", "KWP-WROCLAW"), ("national", None)],
)
def test_the_last_line_is_a_token_that_the_interface_believes(
    role: str, unit: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert officer.main(["--role", role, *(["--unit", unit] if unit else [])]) == 0
    said = capsys.readouterr()
    token = said.out.splitlines()[-1]
    assert said.err == f"http://127.0.0.1:8080/policja/#/login?token={token}\n"
    answer = Staff(token).call("GET", "/v1/police/me")
    assert answer.status == 200, answer.text
    assert (answer.body["role"], answer.body["unit"] and answer.body["unit"]["code"]) == (role, unit)
    claims = claims_of(token)
    assert claims["exp"] - claims["iat"] == 900
    # No name, no address: whatever reaches the code and its audit is the pool's own number.
    assert not {"email", "name", "given_name", "family_name"} & claims.keys()


@pytest.mark.usefixtures("today")
def test_L13_an_id_token_of_the_very_pool_is_refused(deployed: Pool, data_stack: DataStack) -> None:
    deployed.enter("id-token", Role.OFFICER, "KSP")
    deployed.token("id-token", data_stack.names["OFFICER_CLIENT"])
    deployed.client.admin_set_user_password(
        UserPoolId=deployed.id, Username="id-token", Password="aA0" * 6, Permanent=True
    )
    tokens = deployed.client.initiate_auth(
        ClientId=data_stack.names["OFFICER_CLIENT"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "id-token", "PASSWORD": "aA0" * 6},
    )["AuthenticationResult"]
    assert claims_of(tokens["IdToken"])["cognito:groups"] == claims_of(tokens["AccessToken"])["cognito:groups"]
    assert Staff(tokens["AccessToken"]).call("GET", "/v1/police/me").status == 200
    assert Staff(tokens["IdToken"]).call("GET", "/v1/police/me").status == 401


def test_who_changes_the_unit_leaves_the_groups_of_the_old_one(deployed: Pool) -> None:
    deployed.enter("mover", Role.COORDINATOR, "KSP")
    deployed.enter("mover", Role.OFFICER, "KMP-WROCLAW")
    deployed.enter("mover", Role.OFFICER, "KMP-WROCLAW")
    groups = deployed.client.admin_list_groups_for_user(UserPoolId=deployed.id, Username="mover")["Groups"]
    assert {group["GroupName"] for group in groups} == {"role:officer", "unit:KMP-WROCLAW"}


@pytest.mark.usefixtures("running")
def test_somebody_is_invited_by_mail_and_sets_the_password(deployed: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert officer.main(["--unit", "KSP", "--email", "dyzurny@police.example"]) == 0
        assert capsys.readouterr().out == "dyzurny@police.example is officer of KSP.\n"
    user = deployed.client.admin_get_user(UserPoolId=deployed.id, Username="dyzurny@police.example")
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert {"Name": "email", "Value": "dyzurny@police.example"} in user["UserAttributes"]


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ({"role": "officer", "unit": None}, "Name a unit"),
        ({"role": "officer", "unit": "NOWHERE"}, "no unit NOWHERE"),
        ({"role": "voivodeship", "unit": "KMP-WROCLAW"}, "no garrison"),
    ],
)
def test_a_role_that_no_token_could_have_is_refused(
    arguments: dict[str, str | None], advice: str, world: World
) -> None:
    with pytest.raises(OfficerRefused, match=advice):
        checked(Namespace(**arguments), world.box.units)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--unit", "NOWHERE"], {}),
        (["--unit", "KSP", "--email", "nobody"], {}),
        (["--unit", "KSP"], {"OFFICER_POOL": "eu-central-1_Real"}),
    ],
)
def test_what_cannot_be_done_ends_with_advice(
    arguments: list[str],
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert officer.main(arguments) == 1
    said = capsys.readouterr()
    assert (said.out, bool(said.err)) == ("", True)
