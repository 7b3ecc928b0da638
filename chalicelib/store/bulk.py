"""Writing imported reports in batches: fast, resumable, and never twice.

A batch is up to a thousand rows, named by the hash of its report ids, so the same file gives the same batches. Its
ledger items are written before its first row and completed after its last; a batch that was cut off keeps the day
under which it began, whenever it is taken up again. Reports go before events: an event that is there proves
that its report is there, so only events are looked up before writing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from time import sleep
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from chalicelib.store import keys
from chalicelib.store.models import EventItem, ImportItem, MainItem, OutboxItem, ReportItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from types_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

WRITE_LIMIT = 25
"""Items in one BatchWriteItem, DynamoDB's limit."""

READ_LIMIT = 100
"""Keys in one BatchGetItem, DynamoDB's limit."""

THREADS = 4
TRIES = 8
FIRST_PAUSE = 0.05

BATCH_ABSENT = "attribute_not_exists(PK)"
"""Closes the race of two importers that start the same batch: one day is recorded, both write under it."""

REPORT_ABSENT = "attribute_not_exists(PK)"
"""Closes the race of two importers at one open report: one alert leaves, not two."""


class Unprocessed(Exception):
    """DynamoDB kept refusing some items of a batch; running the import again goes on from there."""


@dataclass(frozen=True, slots=True)
class ImportedReport:
    """One row as items: the report, its first event, and an alert where the case is open and young."""

    report: ReportItem
    event: EventItem
    alert: OutboxItem | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The ledger's word on a batch: the day and instant of its beginning, and whether all its rows are in."""

    name: str
    day: str
    at: str
    done: bool


class Written(NamedTuple):
    """What a write did: the reports that are new, and the events that the batch's feed holds now."""

    new: int
    in_feed: int


class BulkStore:
    """The import's way into the table `main`."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def begin(self, name: str, day: str, at: str) -> Batch:
        """Return the batch `name`, recorded under `day` unless an earlier run began it under another."""
        items = [self._ledger(key, name, day, at) for key in (_pointer(name), (keys.imports(day), name))]
        try:
            self._client.transact_write_items(
                TransactItems=[
                    {"Put": {"TableName": self._table, "Item": item, "ConditionExpression": BATCH_ABSENT}}
                    for item in items
                ]
            )
        except self._client.exceptions.TransactionCanceledException:
            return self._begun(name)
        return Batch(name, day, at, done=False)

    def complete(self, batch: Batch, events: int, day: str) -> None:
        """Record that the batch is in since a local day, and how many events its feed holds.

        Said again it changes nothing: the public ledger counts the batch on the first such day.
        """
        self._client.transact_write_items(
            TransactItems=[
                {
                    "Update": {
                        "TableName": self._table,
                        "Key": _key(*key),
                        "UpdateExpression": "SET #rows = :rows, finished = if_not_exists(finished, :day)",
                        "ExpressionAttributeNames": {"#rows": "rows"},
                        "ExpressionAttributeValues": {":rows": {"N": str(events)}, ":day": {"S": day}},
                    }
                }
                for key in (_pointer(batch.name), (keys.imports(batch.day), batch.name))
            ]
        )

    def write(self, rows: Sequence[ImportedReport]) -> Written:
        """Write what is not there yet.

        Raises `Unprocessed` when the table keeps refusing.
        """
        feeds = self._feeds(rows)
        missing = [row for row in rows if row.event.pk not in feeds]
        quiet = [row for row in missing if row.alert is None]
        self._put_all(row.report for row in quiet)
        self._put_all(row.event for row in quiet)
        loud = sum(self._put_with_alert(row, row.alert) for row in missing if row.alert is not None)
        earlier = sum(feeds.get(row.event.pk) == row.event.g1pk for row in rows)
        return Written(len(quiet) + loud, earlier + len(quiet) + loud)

    def _feeds(self, rows: Sequence[ImportedReport]) -> dict[str, str]:
        """Return the feed of each event that is there already, by its partition."""
        wanted = [_key(row.event.pk, row.event.sk) for row in rows]
        with ThreadPoolExecutor(THREADS) as pool:
            return dict(pair for found in pool.map(self._present, _chunks(wanted, READ_LIMIT)) for pair in found)

    def _present(self, wanted: list[dict[str, Any]]) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for pause in _pauses():
            request: Any = {"Keys": wanted, "ProjectionExpression": "PK, G1PK", "ConsistentRead": True}
            answer = self._client.batch_get_item(RequestItems={self._table: request})
            found += [(item["PK"]["S"], item["G1PK"]["S"]) for item in answer["Responses"].get(self._table, [])]
            left = answer["UnprocessedKeys"].get(self._table)
            if not left:
                return found
            wanted = list(left["Keys"])
            sleep(pause)
        raise Unprocessed

    def _put_all(self, items: Iterable[MainItem]) -> None:
        requests = ({"PutRequest": {"Item": item.to_dynamodb_dict()}} for item in items)
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(self._put_chunk, _chunks(requests, WRITE_LIMIT)):
                pass

    def _put_chunk(self, requests: list[Any]) -> None:
        for pause in _pauses():
            left = self._client.batch_write_item(RequestItems={self._table: requests})["UnprocessedItems"]
            if not left:
                return
            requests = list(left[self._table])
            sleep(pause)
        raise Unprocessed

    def _put_with_alert(self, row: ImportedReport, alert: OutboxItem) -> int:
        puts: list[Any] = [
            {"Put": {"TableName": self._table, "Item": item.to_dynamodb_dict()}} for item in (row.event, alert)
        ]
        report: Any = {
            "TableName": self._table,
            "Item": row.report.to_dynamodb_dict(),
            "ConditionExpression": REPORT_ABSENT,
        }
        try:
            self._client.transact_write_items(TransactItems=[{"Put": report}, *puts])
        except self._client.exceptions.TransactionCanceledException as cancelled:
            reasons = [reason["Code"] for reason in cancelled.response["CancellationReasons"]]
            if reasons[0] == "ConditionalCheckFailed":
                return 0
            raise Unprocessed from cancelled
        return 1

    def _begun(self, name: str) -> Batch:
        partition, sort = _pointer(name)
        answer = self._client.get_item(TableName=self._table, Key=_key(partition, sort), ConsistentRead=True)
        if "Item" not in answer:
            raise Unprocessed
        item = answer["Item"]
        return Batch(name, item["day"]["S"], item["at"]["S"], done="rows" in item)

    @staticmethod
    def _ledger(key: tuple[str, str], name: str, day: str, at: str) -> dict[str, Any]:
        return ImportItem(*key, day=day, batch=name, at=at).to_dynamodb_dict()


def _pointer(name: str) -> tuple[str, str]:
    return keys.import_batch(name), keys.LEASE


def _key(partition: str, sort: str) -> dict[str, Any]:
    return {"PK": {"S": partition}, "SK": {"S": sort}}


def _pauses() -> Iterator[float]:
    return (FIRST_PAUSE * 2**attempt for attempt in range(TRIES))


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    walker = iter(items)
    while chunk := list(islice(walker, size)):
        yield chunk
