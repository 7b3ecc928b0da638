"""The tables on another engine than the emulator: any address that speaks DynamoDB, or AWS itself.

Where the environment names none, nothing here does anything. All other services stay the emulator's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from botocore.session import Session

from infra.build.template import DATA, load
from tests.support.stacks import DataStack

ENDPOINT, PREFIX = "DYNAMODB_ENDPOINT", "DYNAMODB_PREFIX"
"""Variables: an address or `aws`; what the names of the tables that are made and deleted begin with."""

ACCESS = ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
AWS = "aws"
TABLES = {"Main": "MAIN_TABLE", "Quota": "QUOTA_TABLE"}
SHAPE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "StreamSpecification")


@dataclass(frozen=True)
class Engine:
    """Where the tables stand, and who may reach them."""

    endpoint: str
    region: str
    access_key: str
    secret_key: str
    token: str | None
    prefix: str

    @classmethod
    def named(cls, environment: Mapping[str, str]) -> Engine | None:
        """Read it from the environment; None where that names none, UsageError where it names one without a key."""
        wanted = environment.get(ENDPOINT)
        if not wanted:
            return None
        told = {name: environment.get(f"DYNAMODB_{name}") or environment.get(name) for name in ACCESS}
        region = told["AWS_REGION"] or told["AWS_DEFAULT_REGION"]
        access_key, secret_key = told["AWS_ACCESS_KEY_ID"], told["AWS_SECRET_ACCESS_KEY"]
        if not (region and access_key and secret_key):
            raise pytest.UsageError(f"{ENDPOINT} needs AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
        endpoint = f"https://dynamodb.{region}.amazonaws.com" if wanted == AWS else wanted
        prefix = environment.get(PREFIX, "czujka-throwaway-")
        return cls(endpoint, region, access_key, secret_key, told["AWS_SESSION_TOKEN"], prefix)

    @property
    def host(self) -> str:
        """The one host that tests may reach beyond this machine."""
        return urlsplit(self.endpoint).hostname or ""

    @contextmanager
    def tables(self, stack: DataStack) -> Iterator[DataStack]:
        """Make the template's tables under names of their own; every client of DynamoDB speaks to them meanwhile."""
        with pytest.MonkeyPatch.context() as patch:
            self.take_over(patch)
            dynamodb = stack.access.client("dynamodb")
            mark = uuid4().hex[:12]
            names = {variable: f"{self.prefix}{mark}-{table.lower()}" for table, variable in TABLES.items()}
            with ExitStack() as made:
                for table, variable in TABLES.items():
                    create(dynamodb, table, names[variable])
                    made.callback(dynamodb.delete_table, TableName=names[variable])
                    finish(dynamodb, table, names[variable])
                yield replace(stack, names={**stack.names, **names})

    def take_over(self, patch: pytest.MonkeyPatch) -> None:
        """Let every client of DynamoDB that is made from now on speak to this engine."""
        create_client = Session.create_client

        def created(session: Session, service_name: str, *rest: Any, **named: Any) -> Any:
            if service_name != "dynamodb":
                return create_client(session, service_name, *rest, **named)
            ours = {
                "region_name": self.region,
                "endpoint_url": self.endpoint,
                "aws_access_key_id": self.access_key,
                "aws_secret_access_key": self.secret_key,
                "aws_session_token": self.token,
            }
            return create_client(session, service_name, **{**named, **ours})

        patch.setattr(Session, "create_client", created)


def hand_over(environment: MutableMapping[str, str]) -> None:
    """Keep what names an engine under names that no client reads: the processes beside this one need it too."""
    for name in ACCESS:
        if ENDPOINT in environment and name in environment:
            environment[f"DYNAMODB_{name}"] = environment[name]


def create(dynamodb: Any, table: str, name: str) -> None:
    """Create a table with the keys, indexes and stream that the template gives it."""
    told = properties(table)
    asked = {key: told[key] for key in SHAPE if key in told}
    if "StreamSpecification" in told:
        # A template leaves out that the stream is on.
        asked["StreamSpecification"] = {"StreamEnabled": True, **told["StreamSpecification"]}
    dynamodb.create_table(TableName=name, **asked)


def finish(dynamodb: Any, table: str, name: str) -> None:
    """Wait until a table is there, and let its items expire where the template does."""
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    if expiry := properties(table).get("TimeToLiveSpecification"):
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)


def properties(table: str) -> dict[str, Any]:
    """Return what the template says of a table."""
    told: dict[str, Any] = load(DATA)["Resources"][table]["Properties"]
    return told
