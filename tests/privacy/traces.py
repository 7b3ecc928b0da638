"""Looking for traces of people in whatever the map keeps, says and publishes."""

import base64
import gzip
import hashlib
import json
import urllib.request
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb

from tests.http.world import World


def spellings(secret: str) -> Iterator[str]:
    """Yield a secret as it is, and as anybody would hash or pack it without a salt."""
    forms = [secret.encode(), secret.lower().encode(), secret.replace("-", "").encode()]
    try:
        forms.append(ip_address(secret).packed)
    except ValueError:
        yield from (secret, secret.lower(), secret.replace("-", ""))
    else:
        yield from (secret, ip_address(secret).exploded)
    for form in forms:
        for name in ("md5", "sha1", "sha256", "blake2b"):
            digest = hashlib.new(name, form).digest()
            yield digest.hex()[:24]
            yield base64.b64encode(digest).decode()[:20]
            yield base64.urlsafe_b64encode(digest).decode()[:20]
            yield repr(digest)[2:-1][:40]
    yield base64.b64encode(secret.encode()).decode().rstrip("=")


class Sent:
    """What the stream and the mailbox get from now on; what they hold already is other tests'."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._client = world.stack.client("dynamodbstreams")
        self._mails_before = len(self._mailbox())
        self._records: list[dict[str, Any]] = []
        name = world.stack.names["MAIN_TABLE"]
        arn = world.stack.client("dynamodb").describe_table(TableName=name)["Table"]["LatestStreamArn"]
        (shard,) = self._client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        self._iterator = self._client.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
        )["ShardIterator"]

    def records(self) -> list[dict[str, Any]]:
        """Return every record of the main table's stream."""
        while True:
            page = self._client.get_records(ShardIterator=self._iterator, Limit=1000)
            self._iterator = page["NextShardIterator"]
            self._records += [record["dynamodb"] for record in page["Records"]]
            if not page["Records"]:
                return self._records

    def mails(self) -> list[dict[str, Any]]:
        """Return every mail that the emulator has taken."""
        return self._mailbox()[self._mails_before :]

    def _mailbox(self) -> list[dict[str, Any]]:
        address = f"{self._world.stack.access.endpoint}/_ministack/ses/messages"
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - the emulator on loopback
            return [mail for mails in json.load(answer)["messages"].values() for mail in mails]


def objects(world: World) -> dict[str, str]:
    """Return every object of every bucket as text: unpacked where it is packed, as rows where it is a table."""
    s3 = world.stack.client("s3")
    found: dict[str, str] = {}
    for name in ("SITE_BUCKET", "WORK_BUCKET", "QUARANTINE_BUCKET", "PHOTO_BUCKET"):
        bucket = world.stack.names[name]
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for entry in page.get("Contents", []):
                body = s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
                found[f"{bucket}/{entry['Key']}"] = _text(body)
    return found


def _text(body: bytes) -> str:
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    if body[:4] == b"PAR1":
        with NamedTemporaryFile(suffix=".parquet") as file:
            file.write(body)
            file.flush()
            return str(duckdb.connect().execute("SELECT * FROM read_parquet($1)", [file.name]).fetchall())
    return body.decode("utf-8", "backslashreplace")


def values(items: Iterable[Any]) -> set[str]:
    """Return every value in DynamoDB's items that could tell one thing from another, keys taken apart."""
    found: set[str] = set()

    def walk(value: Any) -> None:
        match value:
            case dict():
                for inner in value.values():
                    walk(inner)
            case list() | tuple() | set():
                for inner in value:
                    walk(inner)
            case bytes():
                found.add(value.hex())
            case str():
                found.update(part for part in value.split("#") if len(part) > 3)

    walk(list(items))
    return found
