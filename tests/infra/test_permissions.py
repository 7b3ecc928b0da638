"""`make permissions`: what a function asked for, held to what its policy allows."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.commands import permissions
from infra.commands.permissions import POLICIES, Call, Grant, compared, grants, read

TABLE = {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${MainTable}"}
INDEX = {"Fn::Sub": f"{TABLE['Fn::Sub']}/index/*"}
SITE = {"Fn::Sub": "arn:${AWS::Partition}:s3:::${SiteBucket}/data/*"}


def policy(folder: Path, *statements: dict[str, Any]) -> Path:
    path = folder / "night.json"
    path.write_text(json.dumps({"Statement": [{"Sid": "It", **statement} for statement in statements]}), "utf-8")
    return path


def test_every_policy_can_be_read() -> None:
    found = [grant for path in sorted(POLICIES.glob("*.json")) for grant in grants(path)]
    assert {grant.function for grant in found} == {path.stem for path in POLICIES.glob("*.json")}
    assert {grant.resource for grant in found} >= {"MAIN_TABLE", "QUOTA_TABLE", "SITE_BUCKET/data/*"}


def test_a_permission_is_for_an_action_a_resource_and_the_keys_that_begin_so(tmp_path: Path) -> None:
    limited = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["R#*", "KEYS"]}}
    (grant,) = grants(
        policy(tmp_path, {"Action": ["dynamodb:PutItem"], "Resource": TABLE, "Condition": limited}),
    )
    assert grant == Grant("night", "It", "dynamodb:PutItem", "MAIN_TABLE", ("R#*", "KEYS"))
    call = Call("night", "dynamodb:PutItem", "MAIN_TABLE R#")
    assert grant.covers(call)
    assert grant.covers(call._replace(place="MAIN_TABLE KEYS"))
    for other in (
        call._replace(function="day"),
        call._replace(action="dynamodb:DeleteItem"),
        call._replace(place="QUOTA_TABLE R#"),
        call._replace(place="MAIN_TABLE/index/gsi1 R#"),
        call._replace(place="MAIN_TABLE A#"),
    ):
        assert not grant.covers(other)


def test_what_is_not_allowed_and_what_is_never_asked_for_is_named(tmp_path: Path) -> None:
    allowed = [
        *grants(policy(tmp_path, {"Action": ["dynamodb:Query", "dynamodb:PutItem"], "Resource": [TABLE, INDEX]})),
        *grants(policy(tmp_path, {"Action": ["s3:GetObject", "s3:ListBucket", "logs:PutLogEvents"], "Resource": SITE})),
    ]
    asked = [
        Call("night", "dynamodb:Query", "MAIN_TABLE/index/gsi2 U#"),
        Call("night", "dynamodb:Query", "MAIN_TABLE R#"),
        Call("night", "dynamodb:PutItem", "MAIN_TABLE R#"),
        Call("night", "s3:GetObject", "SITE_BUCKET/data/…"),
        Call("night", "s3:GetObject", "SITE_BUCKET/index.html"),
    ]
    assert compared(asked, allowed) == [
        "night asks for s3:GetObject on SITE_BUCKET/index.html: not allowed",
        "night never asks for dynamodb:PutItem on MAIN_TABLE/index/* (It)",
    ]


@pytest.mark.parametrize(("place", "code"), [("MAIN_TABLE R#", 0), ("QUOTA_TABLE Q#", 1)])
def test_what_was_noted_is_compared(
    place: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    policies, noted = tmp_path / "policies", tmp_path / "noted"
    policies.mkdir()
    noted.mkdir()
    policy(policies, {"Action": ["dynamodb:Query"], "Resource": TABLE})
    (noted / "1.json").write_text(json.dumps([["night", "dynamodb:Query", place]]), "utf-8")
    monkeypatch.setattr(permissions, "POLICIES", policies)
    assert permissions.main(["--noted", str(noted)]) == code
    assert read(noted) == {Call("night", "dynamodb:Query", place)}
    assert ("every permission is needed" in capsys.readouterr().out) is (code == 0)
