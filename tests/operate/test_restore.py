"""The restore drill: the table comes back under a new name, whole, and everything goes on from it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.events import sweeper
from chalicelib.store import models
from infra.commands import restore as command
from infra.local.emulator import Access
from tests.http.world import World

TWIN = "czujka-test-restored"


@pytest.fixture
def environment(world: World, emulator: Access, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A stage whose table keeps its history, and no twin of it left when the test ends."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_key)
    monkeypatch.setenv("AWS_DEFAULT_REGION", emulator.region)
    monkeypatch.setenv("MAIN_TABLE", world.stack.names["MAIN_TABLE"])
    monkeypatch.setenv("STAGE", "drill")
    dynamodb, ssm = emulator.client("dynamodb"), emulator.client("ssm")
    command.keep_history(dynamodb, world.stack.names["MAIN_TABLE"])
    for name, value in (("main-table", world.stack.names["MAIN_TABLE"]), ("main-stream", "of the old table")):
        ssm.put_parameter(Name=f"/czujka/drill/{name}", Value=value, Type="String", Overwrite=True)
    yield dynamodb
    models.bind(world.box.settings.main_table, world.box.settings.quota_table)
    if TWIN in dynamodb.list_tables()["TableNames"]:
        dynamodb.update_table(TableName=TWIN, DeletionProtectionEnabled=False)
        dynamodb.delete_table(TableName=TWIN)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    code = command.main(list(arguments))
    said = capsys.readouterr()
    assert code == 0, said.err
    told: dict[str, Any] = json.loads(said.out)
    return told


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert command.main(list(arguments)) == 1
    return capsys.readouterr().err


def items(dynamodb: Any, table: str) -> list[str]:
    pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    return sorted(json.dumps(item, sort_keys=True) for page in pages for item in page["Items"])


def value(ssm: Any, name: str) -> str:
    return str(ssm.get_parameter(Name=f"/czujka/drill/{name}")["Parameter"]["Value"])


def test_the_drill(world: World, environment: Any, emulator: Access, capsys: pytest.CaptureFixture[str]) -> None:
    old, citizen = world.stack.names["MAIN_TABLE"], world.citizen()
    filed = citizen.file().body
    world.step(filed["id"], "verifying", "taken_up")
    before = items(environment, old)
    told = run(capsys, "--table", TWIN, "--at", "2026-06-10T11:00+02:00")
    assert told["table"] == TWIN
    assert items(environment, TWIN) == before

    # The disaster: whatever is in the old table from here on is lost.
    world.step(filed["id"], "confirmed", "seen_at_check")
    assert run(capsys, "--table", TWIN, "--repoint") == {"table": TWIN, "stream": told["stream"], "before": old}
    ssm = emulator.client("ssm")
    assert (value(ssm, "main-table"), value(ssm, "main-stream")) == (TWIN, told["stream"])

    # The next deployment gives the functions the new name.
    models.bind(TWIN, world.box.settings.quota_table)
    receipt = world.stranger().call("GET", "/v1/receipt", Receipt=filed["receipt"])
    assert (receipt.status, receipt.body["status"]) == (200, "verifying")
    world.clock.pass_by(minutes=10)
    assert sum('"t": {"S": "outbox"}' in item for item in items(environment, TWIN)) == 1
    sweeper.handle({}, world.box)
    assert not any('"t": {"S": "outbox"}' in item for item in items(environment, TWIN)), "no alert was lost"
    assert world.citizen().file().status == 201
    assert len(items(environment, old)) > len(before), "the old table stays for whoever looks into what happened"


def test_the_new_table_has_all_that_restoring_leaves_out(
    world: World, environment: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "--table", TWIN)
    old, new = (environment.describe_table(TableName=name)["Table"] for name in (world.stack.names["MAIN_TABLE"], TWIN))
    assert (
        new["StreamSpecification"]
        == old["StreamSpecification"]
        == {
            "StreamEnabled": True,
            "StreamViewType": "KEYS_ONLY",
        }
    )
    assert command.differences(old, new) == []
    held = environment.describe_continuous_backups(TableName=TWIN)["ContinuousBackupsDescription"]
    assert held["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert run(capsys, "--table", TWIN)["table"] == TWIN, "a run that broke off goes on"


def test_protection_from_deletion_comes_along(
    world: World, environment: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    old = world.stack.names["MAIN_TABLE"]
    environment.update_table(TableName=old, DeletionProtectionEnabled=True)
    try:
        run(capsys, "--table", TWIN)
        assert environment.describe_table(TableName=TWIN)["Table"]["DeletionProtectionEnabled"] is True
    finally:
        environment.update_table(TableName=old, DeletionProtectionEnabled=False)


@pytest.mark.usefixtures("environment")
def test_a_table_without_history_and_one_that_is_unlike_are_refused(
    world: World,
    emulator: Access,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "Say which table" in refused(capsys, "--repoint")
    quota = world.stack.names["QUOTA_TABLE"]
    assert "not ready" in refused(capsys, "--repoint", "--table", quota)
    assert value(emulator.client("ssm"), "main-table") == world.stack.names["MAIN_TABLE"]
    monkeypatch.setenv("MAIN_TABLE", quota)
    assert "nothing to restore from" in refused(capsys, "--table", TWIN)


def test_a_moment_without_an_offset_is_no_moment() -> None:
    with pytest.raises(SystemExit):
        command.main(["--at", "2026-11-23T09:00"])


def test_a_new_name_says_when_it_was_made(world: World) -> None:
    assert command.twin("czujka-dev-data-Main-X", world.clock()) == "czujka-dev-data-Main-X-20260610100000"
