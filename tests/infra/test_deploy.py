"""A deployment to AWS by the AWS CLI, with the emulator in AWS's place: what it refuses, and that it deploys."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from infra.build.packages import ROOT
from infra.cloud import EDGE_REGION, Stage
from infra.local.emulator import Access

pytestmark = pytest.mark.package


@pytest.fixture(scope="module")
def account(emulator: Access) -> Iterator[boto3.Session]:
    """The environment of somebody who is logged in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
        patch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key)
        patch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_key)
        patch.setenv("AWS_DEFAULT_REGION", emulator.region)
        yield boto3.Session()


@pytest.fixture(scope="module")
def register() -> Path:
    """The register's powiats."""
    folder = os.environ.get("CZUJKA_DATA")
    if not folder:
        pytest.skip("CZUJKA_DATA is not set: the register's powiats are needed")
    return Path(folder) / "pl_powiaty.geojson"


def deploy(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "infra.commands.deploy", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))


def stacks(account: boto3.Session, stage: str) -> dict[str, str]:
    found = account.client("cloudformation").describe_stacks()["Stacks"]
    return {
        entry["StackName"]: entry["StackStatus"] for entry in found if entry["StackName"].startswith(f"czujka-{stage}-")
    }


def test_a_stage_without_keys_and_exact_boundaries_is_refused_untouched(account: boto3.Session) -> None:
    done = deploy("--stage", "dev")
    assert done.returncode == 1
    assert "KEYS=create" in done.stderr
    assert "BOUNDARIES=" in done.stderr
    assert stacks(account, "dev") == {}


def test_keys_alone_are_not_enough(account: boto3.Session) -> None:
    done = deploy("--stage", "dev", "--create-keys")
    assert done.returncode == 1
    assert "approximate" in done.stderr
    assert "KEYS=create" not in done.stderr
    assert stacks(account, "dev") == {}


def test_the_local_stage_is_never_deployed(account: boto3.Session) -> None:
    done = deploy("--stage", "local", "--create-keys")
    assert done.returncode == 1
    assert "told the time" in done.stderr
    assert stacks(account, "local") == {}


def test_a_region_must_be_named(account: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert account.region_name
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    done = deploy("--stage", "dev")
    assert done.returncode == 1
    assert "AWS_DEFAULT_REGION" in done.stderr


@pytest.fixture(scope="module")
def deployed(account: boto3.Session, register: Path) -> Stage:
    """The stage after its first deployment."""
    # The emulator does not know all that operators watch by: tests/infra/test_ops_deployed.py.
    done = deploy("--stage", "dev", "--create-keys", "--boundaries", str(register), "--without-ops")
    assert done.returncode == 0, done.stderr
    return Stage("dev", account)


@pytest.mark.data
def test_with_both_it_deploys(deployed: Stage) -> None:
    assert stacks(deployed.session, "dev") == {
        "czujka-dev-data": "CREATE_COMPLETE",
        "czujka-dev-app": "CREATE_COMPLETE",
        "czujka-dev-analysis": "CREATE_COMPLETE",
    }
    there = boto3.Session(region_name=EDGE_REGION)
    assert stacks(there, "dev").get("czujka-dev-edge") == "CREATE_COMPLETE"
    (distribution,) = there.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    assert {each["DomainName"].split(".")[0] for each in distribution["Origins"]["Items"]} >= {
        deployed.parameter("site-bucket")
    }
    assert deployed.has_exact_boundaries()
    assert deployed.parameter("secrets")
    table = deployed.client("dynamodb").describe_table(TableName=deployed.parameter("main-table"))["Table"]
    assert table["DeletionProtectionEnabled"] is True
    listed = deployed.client("s3").list_objects_v2(Bucket=deployed.parameter("site-bucket"), Prefix="index.html")
    assert listed["KeyCount"] == 1


@pytest.mark.data
@pytest.mark.slow
def test_a_second_time_needs_neither(deployed: Stage) -> None:
    keys = deployed.parameter("secrets")
    done = deploy("--stage", "dev", "--without-ops")
    assert done.returncode == 0, done.stderr
    assert deployed.parameter("secrets") == keys
