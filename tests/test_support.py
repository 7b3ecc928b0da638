"""The test harness itself holds: the network is closed and the tables are there."""

import socket

import pytest

from tests.support.network import BeyondLoopback
from tests.support.stacks import DataStack


def test_a_connection_beyond_loopback_is_refused() -> None:
    with pytest.raises(BeyondLoopback), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


def test_a_name_beyond_loopback_is_not_looked_up() -> None:
    with pytest.raises(BeyondLoopback):
        socket.getaddrinfo("example.org", 80)


def test_clear_empties_tables_and_buckets(clean_stack: DataStack) -> None:
    dynamodb, s3 = clean_stack.client("dynamodb"), clean_stack.client("s3")
    table, bucket = clean_stack.names["MAIN_TABLE"], clean_stack.names["SITE_BUCKET"]
    for number in range(30):
        dynamodb.put_item(TableName=table, Item={"PK": {"S": "A"}, "SK": {"S": str(number)}})
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    clean_stack.clear()
    assert dynamodb.scan(TableName=table)["Count"] == 0
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
