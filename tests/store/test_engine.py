"""The suites on another engine: its tables, its address, and nothing else beyond this machine."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.emulator import Access, Emulator
from tests.support.engine import AWS, ENDPOINT, Engine, hand_over
from tests.support.network import BeyondLoopback, refuse_beyond_loopback
from tests.support.stacks import DataStack

KEY = {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Access]:
    """A second process that speaks DynamoDB."""
    process = Emulator(tmp_path).start()
    yield process.access
    process.stop()


def shape(stack: DataStack, name: str) -> dict[str, object]:
    """What a table looks like, as the engine that it stands on tells it."""
    told = stack.access.client("dynamodb").describe_table(TableName=stack.names[name])["Table"]
    indexes = {
        each["IndexName"]: (each["KeySchema"], each["Projection"]) for each in told.get("GlobalSecondaryIndexes", [])
    }
    view = told.get("StreamSpecification", {}).get("StreamViewType")
    return {"keys": told["KeySchema"], "indexes": indexes, "stream": view}


def test_tables_stand_on_the_engine_that_is_named_and_go_afterwards(data_stack: DataStack, another: Access) -> None:
    environment = {
        ENDPOINT: another.endpoint,
        "AWS_REGION": another.region,
        "AWS_ACCESS_KEY_ID": another.access_key,
        "AWS_SECRET_ACCESS_KEY": another.secret_key,
        "DYNAMODB_PREFIX": "thrown-away-",
    }
    engine = Engine.named(environment)
    assert engine is not None
    deployed = {name: shape(data_stack, name) for name in ("MAIN_TABLE", "QUOTA_TABLE")}
    seen = another.client("dynamodb")
    with engine.tables(data_stack) as moved:
        names = {moved.names["MAIN_TABLE"], moved.names["QUOTA_TABLE"]}
        assert set(seen.list_tables()["TableNames"]) == names
        assert all(name.startswith("thrown-away-") for name in names)
        assert {name: shape(moved, name) for name in deployed} == deployed
        expiry = seen.describe_time_to_live(TableName=moved.names["QUOTA_TABLE"])["TimeToLiveDescription"]
        assert (expiry["TimeToLiveStatus"], expiry["AttributeName"]) == ("ENABLED", "ttl")
    assert seen.list_tables()["TableNames"] == []


def test_without_a_name_the_suites_stay_on_the_emulator() -> None:
    assert Engine.named(KEY) is None


def test_aws_itself_is_the_region_s_own_address() -> None:
    engine = Engine.named({**KEY, ENDPOINT: AWS})
    assert engine is not None
    assert engine.endpoint == "https://dynamodb.eu-west-1.amazonaws.com"


@pytest.mark.parametrize("missing", KEY)
def test_an_engine_without_a_key_or_region_is_refused_at_once(missing: str) -> None:
    given = {name: value for name, value in KEY.items() if name != missing}
    with pytest.raises(pytest.UsageError, match=ENDPOINT):
        Engine.named({**given, ENDPOINT: AWS})


def test_processes_beside_the_first_find_the_engine_although_its_variables_are_gone() -> None:
    given = {**KEY, ENDPOINT: AWS}
    told = Engine.named(given)
    hand_over(given)
    left = {name: value for name, value in given.items() if not name.startswith("AWS_")}
    assert told is not None
    assert Engine.named(left) == told


def test_only_the_host_of_the_engine_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 443))]
    reached: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: reached.append(address))
    refuse_beyond_loopback(monkeypatch, "engine.example")
    with socket.socket() as outgoing:
        with pytest.raises(BeyondLoopback):
            outgoing.connect(("192.0.2.7", 443))
        assert socket.getaddrinfo("engine.example", 443) == found
        outgoing.connect(("192.0.2.7", 443))
        for other in ("192.0.2.8", "other.example"):
            with pytest.raises(BeyondLoopback):
                outgoing.connect((other, 443))
    assert reached == [("192.0.2.7", 443)]
