"""The state of an instance survives a stop and a kill, whole."""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.emulator import Emulator

pytestmark = pytest.mark.emulator

TABLE = "numbers"
BUCKET = "pointers"
SAVE_EVERY = 0.5
BODY = bytes(range(256)) * 200


@pytest.fixture
def running() -> Iterator[list[Emulator]]:
    """A list of emulators; whatever is in it at the end is stopped."""
    started: list[Emulator] = []
    yield started
    for emulator in started:
        emulator.stop()


def start(tmp_path: Path, running: list[Emulator], *, keep: bool = True) -> Emulator:
    emulator = Emulator(tmp_path / "work", tmp_path / "state" if keep else None, SAVE_EVERY).start()
    running.append(emulator)
    return emulator


def make_stores(emulator: Emulator) -> None:
    emulator.access.client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "N"},
        ],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    )
    emulator.access.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": emulator.access.region}
    )


def write_pair(client: Any, number: int) -> None:
    """One transaction of two items with the same number."""
    items = [{"PK": {"S": half}, "SK": {"N": str(number)}} for half in ("left", "right")]
    client.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": item}} for item in items])


def numbers(client: Any, half: str) -> list[int]:
    pages = client.get_paginator("query").paginate(
        TableName=TABLE, KeyConditionExpression="PK = :half", ExpressionAttributeValues={":half": {"S": half}}
    )
    return [int(item["SK"]["N"]) for page in pages for item in page["Items"]]


def test_a_kill_under_writes_leaves_one_whole_moment(tmp_path: Path, running: list[Emulator]) -> None:
    emulator = start(tmp_path, running)
    make_stores(emulator)
    written: list[float] = []

    def write_until_killed() -> None:
        dynamodb, s3 = emulator.access.client("dynamodb"), emulator.access.client("s3")
        with contextlib.suppress(BotoCoreError, ClientError):
            while True:
                write_pair(dynamodb, len(written))
                s3.put_object(Bucket=BUCKET, Key="newest", Body=str(len(written)).encode())
                written.append(time.monotonic())

    writer = threading.Thread(target=write_until_killed)
    writer.start()
    while not written or time.monotonic() - written[0] < 8 * SAVE_EVERY:
        time.sleep(0.05)
    killed = time.monotonic()
    emulator.process.kill()
    writer.join()

    again = start(tmp_path, running)
    dynamodb = again.access.client("dynamodb")
    left, right = numbers(dynamodb, "left"), numbers(dynamodb, "right")
    newest = int(again.access.client("s3").get_object(Bucket=BUCKET, Key="newest")["Body"].read())
    assert left == right == list(range(len(left)))
    assert len(left) - 2 <= newest <= len(left) - 1
    assert len(left) >= sum(at < killed - 6 * SAVE_EVERY for at in written) > 0


def test_a_stop_loses_nothing(tmp_path: Path, running: list[Emulator]) -> None:
    emulator = start(tmp_path, running)
    make_stores(emulator)
    ses = emulator.access.client("ses")
    ses.verify_email_identity(EmailAddress="from@police.example")
    emulator.access.client("s3").put_object(Bucket=BUCKET, Key="a/ü", Body=BODY, CacheControl="no-cache")
    message = {"Subject": {"Data": "Zażółć"}, "Body": {"Text": {"Data": "gęślą jaźń"}}}
    ses.send_email(Source="from@police.example", Destination={"ToAddresses": ["to@police.example"]}, Message=message)
    write_pair(emulator.access.client("dynamodb"), 7)
    emulator.stop()

    again = start(tmp_path, running)
    found = again.access.client("s3").get_object(Bucket=BUCKET, Key="a/ü")
    assert (found["Body"].read(), found["CacheControl"]) == (BODY, "no-cache")
    assert numbers(again.access.client("dynamodb"), "right") == [7]
    assert again.access.client("ses").get_send_quota()["SentLast24Hours"] == 1


def test_without_a_state_folder_nothing_is_kept(tmp_path: Path, running: list[Emulator]) -> None:
    emulator = start(tmp_path, running, keep=False)
    make_stores(emulator)
    emulator.stop()
    assert start(tmp_path, running, keep=False).access.client("dynamodb").list_tables()["TableNames"] == []


def test_what_a_kill_left_half_written_is_removed(tmp_path: Path, running: list[Emulator]) -> None:
    emulator = start(tmp_path, running)
    make_stores(emulator)
    emulator.stop()
    (tmp_path / "state" / "99").mkdir()
    (tmp_path / "state" / "99" / "dynamodb.json").write_text('{"payl')
    again = start(tmp_path, running)
    assert again.access.client("dynamodb").list_tables()["TableNames"] == [TABLE]
    assert not (tmp_path / "state" / "99").exists()


def test_the_emulator_ends_with_its_starter_and_leaves_no_temporary_files(
    tmp_path: Path, running: list[Emulator]
) -> None:
    emulator = start(tmp_path, running)
    assert (tmp_path / "work" / "tmp").is_dir()
    assert emulator.process.stdin is not None
    emulator.process.stdin.close()
    assert emulator.process.wait(20) == 0
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["emulator.log"]
