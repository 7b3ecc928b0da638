"""What we rely on in the emulator, and what it does otherwise than AWS: looked at again whenever its pin is raised.

Each test says one behaviour, in the words of the service and without a line of ours between. What fails in the first
half must be worked round before the new version is taken; what fails in the second half has come nearer to AWS, and its
stand-in (docs/engine.md) may go.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from infra.local.emulator import Access

pytestmark = pytest.mark.emulator

KEY = {"PK": {"S": "a"}, "SK": {"S": "1"}}
BIG = {"S": "x" * 300_000}
MANY = 8


@pytest.fixture(scope="module")
def dynamodb(emulator: Access) -> Any:
    """A client of its own: nothing of the project is registered with it."""
    return emulator.client("dynamodb")


@pytest.fixture
def table(dynamodb: Any) -> Iterator[str]:
    """A table with an index that projects one attribute."""
    name = f"relied-{uuid4().hex[:8]}"
    keys = [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}]
    index = {
        "IndexName": "beside",
        "KeySchema": [{"AttributeName": "G", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["shown"]},
    }
    dynamodb.create_table(
        TableName=name,
        KeySchema=keys,
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("PK", "SK", "G")],
        BillingMode="PAY_PER_REQUEST",
        GlobalSecondaryIndexes=[index],
    )
    yield name
    dynamodb.delete_table(TableName=name)


@pytest.fixture
def bucket(emulator: Access) -> tuple[Any, str]:
    """A bucket and a client of it."""
    s3, name = emulator.client("s3"), f"relied-{uuid4().hex[:8]}"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": emulator.region})
    return s3, name


def code(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refused.value.response["Error"]["Code"])


def put(table: str, sort: str, **more: Any) -> dict[str, Any]:
    """A write of an item that must be new."""
    item = {"PK": {"S": "a"}, "SK": {"S": sort}, **more}
    return {"Put": {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(PK)"}}


def at_once(deed: Callable[[int], object]) -> list[object]:
    """Let so many do it at the same moment; return what came of each: its result, or the code of its refusal."""
    barrier = Barrier(MANY)

    def one(number: int) -> object:
        barrier.wait()
        try:
            return deed(number)
        except ClientError as error:
            return error.response["Error"]["Code"]

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def test_a_transaction_says_which_condition_failed_and_writes_nothing(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=KEY)
    with pytest.raises(ClientError) as refused:
        dynamodb.transact_write_items(TransactItems=[put(table, "2"), put(table, "1"), put(table, "3")])
    reasons = [reason["Code"] for reason in refused.value.response["CancellationReasons"]]
    assert (code(refused), reasons) == ("TransactionCanceledException", ["None", "ConditionalCheckFailed", "None"])
    assert dynamodb.scan(TableName=table)["Count"] == 1


def test_a_transaction_under_one_token_is_done_once_and_another_under_it_is_refused(dynamodb: Any, table: str) -> None:
    again = {"ClientRequestToken": "t", "TransactItems": [put(table, "1")]}
    dynamodb.transact_write_items(**again)
    dynamodb.transact_write_items(**again)
    with pytest.raises(ClientError) as refused:
        dynamodb.transact_write_items(ClientRequestToken="t", TransactItems=[put(table, "2")])
    assert code(refused) == "IdempotentParameterMismatchException"


def test_of_many_conditional_writes_at_once_one_is_taken(dynamodb: Any, table: str) -> None:
    condition = {"ConditionExpression": "attribute_not_exists(PK)"}
    outcomes = at_once(lambda _: bool(dynamodb.put_item(TableName=table, Item=KEY, **condition)))
    assert sorted(map(str, outcomes)) == sorted(["True", *["ConditionalCheckFailedException"] * (MANY - 1)])


def test_of_many_transactions_at_once_one_is_taken(dynamodb: Any, table: str) -> None:
    def deed(number: int) -> object:
        return bool(dynamodb.transact_write_items(TransactItems=[put(table, "1"), put(table, f"own-{number}")]))

    assert at_once(deed).count(True) == 1
    assert dynamodb.scan(TableName=table)["Count"] == 2


def test_counters_lose_nothing(dynamodb: Any, table: str) -> None:
    def deed(_: int) -> object:
        for _round in range(20):
            dynamodb.update_item(
                TableName=table,
                Key=KEY,
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )
        return True

    at_once(deed)
    assert dynamodb.get_item(TableName=table, Key=KEY, ConsistentRead=True)["Item"]["n"]["N"] == str(20 * MANY)


def test_a_page_ends_at_a_megabyte_and_goes_on_from_its_key(dynamodb: Any, table: str) -> None:
    for number in range(5):
        dynamodb.put_item(TableName=table, Item={"PK": {"S": "a"}, "SK": {"S": str(number)}, "big": BIG})
    asked = {
        "TableName": table,
        "KeyConditionExpression": "PK = :a",
        "ExpressionAttributeValues": {":a": {"S": "a"}},
    }
    first = dynamodb.query(**asked)
    rest = dynamodb.query(**asked, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert 0 < first["Count"] < 5
    assert first["Count"] + rest["Count"] == 5
    assert "LastEvaluatedKey" not in rest


def test_an_index_holds_what_has_its_key_alone(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=KEY | {"G": {"S": "g"}, "shown": {"S": "yes"}, "inside": {"S": "no"}})
    dynamodb.put_item(TableName=table, Item=KEY | {"SK": {"S": "2"}})
    found = dynamodb.scan(TableName=table, IndexName="beside")["Items"]
    assert found == [KEY | {"G": {"S": "g"}, "shown": {"S": "yes"}}]


def test_a_transaction_costs_twice_what_a_write_does(dynamodb: Any, table: str) -> None:
    alone = dynamodb.put_item(TableName=table, Item=KEY, ReturnConsumedCapacity="TOTAL")
    together = dynamodb.transact_write_items(TransactItems=[put(table, "2")], ReturnConsumedCapacity="TOTAL")
    assert alone["ConsumedCapacity"]["CapacityUnits"] == 1
    assert [each["CapacityUnits"] for each in together["ConsumedCapacity"]] == [2]


@pytest.mark.parametrize("condition", [{"IfNoneMatch": "*"}, {"IfMatch": '"another"'}])
def test_an_object_is_written_on_condition_of_its_tag(bucket: tuple[Any, str], condition: dict[str, str]) -> None:
    s3, name = bucket
    s3.put_object(Bucket=name, Key="pointer", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=name, Key="pointer", Body=b"2", **condition)
    assert code(refused) == "PreconditionFailed"
    assert s3.get_object(Bucket=name, Key="pointer")["Body"].read() == b"1"


def test_keys_are_listed_in_the_order_of_their_bytes(bucket: tuple[Any, str]) -> None:
    s3, name = bucket
    for key in ("b", "a/b", "a", "ą", "B"):
        s3.put_object(Bucket=name, Key=key, Body=b"")
    listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket=name)["Contents"]]
    assert listed == sorted(("b", "a/b", "a", "ą", "B"), key=str.encode)


def test_a_mail_from_nobody_s_address_is_refused(emulator: Access) -> None:
    with pytest.raises(ClientError) as refused:
        emulator.client("sesv2").send_email(
            FromEmailAddress="nobody@unverified.example",
            Destination={"ToAddresses": ["somebody@unverified.example"]},
            Content={"Simple": {"Subject": {"Data": "a"}, "Body": {"Text": {"Data": "b"}}}},
        )
    assert code(refused) == "MessageRejected"


def test_what_is_secret_is_kept_so(emulator: Access) -> None:
    ssm, name = emulator.client("ssm"), f"/relied/{uuid4().hex}"
    ssm.put_parameter(Name=name, Value="word", Type="SecureString")
    assert ssm.get_parameter(Name=name)["Parameter"]["Value"] != "word"
    assert ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == "word"


# What it does otherwise than AWS.


def test_an_index_still_tells_what_it_does_not_project(dynamodb: Any, table: str) -> None:
    dynamodb.put_item(TableName=table, Item=KEY | {"G": {"S": "g"}, "inside": {"S": "no"}})
    dynamodb.query(
        TableName=table,
        IndexName="beside",
        KeyConditionExpression="G = :g",
        ExpressionAttributeValues={":g": {"S": "g"}},
        ProjectionExpression="inside",
    )


def test_transactions_that_meet_still_never_conflict(dynamodb: Any, table: str) -> None:
    def deed(number: int) -> object:
        update = {
            "TableName": table,
            "Key": KEY,
            "UpdateExpression": "SET n = :n",
            "ExpressionAttributeValues": {":n": {"N": str(number)}},
        }
        return bool(dynamodb.transact_write_items(TransactItems=[{"Update": update}]))

    assert at_once(deed) == [True] * MANY


def test_a_batch_still_gives_nothing_back_as_not_done(dynamodb: Any, table: str) -> None:
    for number in range(60):
        dynamodb.put_item(TableName=table, Item={"PK": {"S": "a"}, "SK": {"S": str(number)}, "big": BIG})
    wanted = {table: {"Keys": [{"PK": {"S": "a"}, "SK": {"S": str(number)}} for number in range(60)]}}
    # Sixteen megabytes are all that AWS returns at once.
    assert dynamodb.batch_get_item(RequestItems=wanted)["UnprocessedKeys"] == {}
