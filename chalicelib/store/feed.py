"""Reading the event feeds: by day of record, by import batch, and by report.

The feeds are the sparse index `gsi1` of the main table. They are eventually consistent and may be
read again and again: an event is known by `(id, seq)`, and whoever folds events folds a set.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib.store import keys

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

IMPORT_REACH = timedelta(days=35)
"""How long after it began an interrupted import may be completed and still be found."""

Wire = dict[str, dict[str, str]]
"""An item as DynamoDB sends it: attribute → {type: value}."""


class FeedEvent(NamedTuple):
    """One event of a report. Days are Warsaw days as text `YYYY-MM-DD`; times are UTC, RFC 3339.

    The first event of a report (`seq` 1) carries its snapshot at public precision: `category`, `cell`
    (H3 index of resolution 11, hexadecimal), `area`, `unit`, `day` (day for statistics), `tier`,
    `origin` and what is known of `occurred_day`, `part`, `source`, `resolved_day`.
    """

    id: str
    seq: int
    type: str
    at: str
    status: str
    reason: str | None
    day: str | None
    category: str | None
    cell: str | None
    area: str | None
    unit: str | None
    occurred_day: str | None
    part: str | None
    tier: int | None
    origin: str | None
    source: str | None
    resolved_day: str | None
    from_status: str | None = None
    until: str | None = None
    """Until when a pause or a second look is; only a report's own history tells, the feeds do not hold it."""


class Recorded(NamedTuple):
    """An event as the public ledger counts it: its report, its number, and its hash where it has one."""

    id: str
    seq: int
    chain: str | None


class ImportBatch(NamedTuple):
    """A batch that an import has finished writing: the day of its beginning, its name, how many events it wrote.

    `finished` is the day on which it was complete.
    """

    day: str
    batch: str
    events: int
    finished: str


_ABSENT: dict[str, str] = {}


def _event(item: Wire) -> FeedEvent:
    # Spelt out, field by field: a loop over the names costs three times as much, and a night reads many of these.
    get = item.get
    tier = get("tier", _ABSENT).get("N")
    return FeedEvent(
        id=item["id"]["S"],
        seq=int(item["seq"]["N"]),
        type=item["type"]["S"],
        at=item["at"]["S"],
        status=item["status"]["S"],
        reason=get("reason", _ABSENT).get("S"),
        day=get("day", _ABSENT).get("S"),
        category=get("category", _ABSENT).get("S"),
        cell=get("cell", _ABSENT).get("S"),
        area=get("area", _ABSENT).get("S"),
        unit=get("unit", _ABSENT).get("S"),
        occurred_day=get("occurred_day", _ABSENT).get("S"),
        part=get("part", _ABSENT).get("S"),
        tier=None if tier is None else int(tier),
        origin=get("origin", _ABSENT).get("S"),
        source=get("source", _ABSENT).get("S"),
        resolved_day=get("resolved_day", _ABSENT).get("S"),
        from_status=get("from", _ABSENT).get("S"),
        until=get("until", _ABSENT).get("S"),
    )


def _recorded(item: Wire) -> Recorded:
    return Recorded(item["id"]["S"], int(item["seq"]["N"]), item.get("chain", _ABSENT).get("S"))


def _keep_raw(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    # botocore walks its service model for every attribute of every item, which costs four fifths of
    # the reading of a feed. The body is JSON already; the parser is left an empty one to walk.
    if response_dict["status_code"] == 200:
        customized_response_dict.update(json.loads(response_dict["body"]))
        response_dict["body"] = b"{}"


@dataclass(frozen=True, slots=True)
class Feed:
    """The feeds of one main table. `client` is a boto3 DynamoDB client of its own (see `connect`)."""

    client: DynamoDBClient
    table: str

    @classmethod
    def connect(cls, client: DynamoDBClient, table: str) -> Feed:
        """Take over a client that nobody else uses, and make its queries cheap to read."""
        client.meta.events.register("before-parse.dynamodb.Query", _keep_raw, unique_id="czujka-feed")
        return cls(client, table)

    def day_events(self, day: date, since: str = "") -> Iterator[FeedEvent]:
        """Yield the events recorded on a Warsaw day, shard by shard, from the instant `since` on."""
        for shard in range(keys.SHARDS):
            yield from self._indexed(keys.day_feed(day.isoformat(), shard), since)

    def recorded(self, day: date) -> bool:
        """Tell whether anything at all was recorded on a Warsaw day, events or imports."""
        partitions = [keys.day_feed(day.isoformat(), shard) for shard in range(keys.SHARDS)]
        return any(next(self._indexed(partition), None) for partition in partitions) or bool(self.import_batches(day))

    def import_batches(self, day: date) -> list[ImportBatch]:
        """Return the batches recorded under a Warsaw day that are complete, in the order of their ids.

        An import that was cut off completes its batch under the day on which it had begun it.
        """
        rows = self._query("PK = :pk", {":pk": keys.imports(day.isoformat())})
        begun = day.isoformat()
        return [
            ImportBatch(begun, row["SK"]["S"], int(row["rows"]["N"]), row.get("finished", {}).get("S", begun))
            for row in rows
            if "rows" in row
        ]

    def finished_on(self, day: date) -> Iterator[ImportBatch]:
        """Yield the batches that were complete on a Warsaw day, begun on it or in the days before."""
        begun = (day - timedelta(days=number) for number in range(IMPORT_REACH.days + 1))
        return (batch for each in begun for batch in self.import_batches(each) if batch.finished == day.isoformat())

    def recorded_on(self, day: date) -> Iterator[Recorded]:
        """Yield the events recorded on a Warsaw day as the ledger counts them, without those of imports."""
        for shard in range(keys.SHARDS):
            yield from map(_recorded, self._rows(keys.day_feed(day.isoformat(), shard)))

    def recorded_in(self, batch: ImportBatch) -> Iterator[Recorded]:
        """Yield the events of an import batch as the ledger counts them."""
        return map(_recorded, self._rows(keys.import_feed(batch.day, batch.batch)))

    def import_events(self, batch: ImportBatch) -> Iterator[FeedEvent]:
        """Yield the events of one import batch."""
        return self._indexed(keys.import_feed(batch.day, batch.batch))

    def history(self, report: str) -> list[FeedEvent]:
        """Return all events of one report in their order, read consistently from the table itself."""
        rows = self._query("PK = :pk AND begins_with(SK, :e)", {":pk": keys.report(report), ":e": "E#"})
        return [_event(row) for row in rows]

    def _indexed(self, partition: str, since: str = "") -> Iterator[FeedEvent]:
        return map(_event, self._rows(partition, since))

    def _rows(self, partition: str, since: str = "") -> Iterator[Wire]:
        condition, values = "G1PK = :pk", {":pk": partition}
        if since:
            condition, values = "G1PK = :pk AND G1SK >= :since", {":pk": partition, ":since": since}
        return self._query(condition, values, index="gsi1")

    def _query(self, condition: str, values: dict[str, str], index: str | None = None) -> Iterator[Wire]:
        request: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": {name: {"S": value} for name, value in values.items()},
        }
        # An index cannot be read consistently; the table is, so that a first event is never missed there.
        request |= {"ConsistentRead": True} if index is None else {"IndexName": index}
        while True:
            page: dict[str, Any] = dict(self.client.query(**request))
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]


@dataclass(frozen=True, slots=True)
class NightFeed(Feed):
    """The feeds as one night reads them: what it has learnt of a day it does not ask again.

    Several steps look for the first day with anything in it, and through weeks of imports; nearly all of it is empty.
    """

    _told: dict[date, bool] = field(default_factory=dict)
    _batches: dict[date, list[ImportBatch]] = field(default_factory=dict)

    @classmethod
    def of(cls, feed: Feed) -> NightFeed:
        """Return a feed that remembers, for one night."""
        return cls(feed.client, feed.table)

    def recorded(self, day: date) -> bool:
        """Tell what `Feed.recorded` tells, asking once."""
        if day not in self._told:
            self._told[day] = Feed.recorded(self, day)
        return self._told[day]

    def import_batches(self, day: date) -> list[ImportBatch]:
        """Return what `Feed.import_batches` returns, asking once."""
        if day not in self._batches:
            self._batches[day] = Feed.import_batches(self, day)
        return self._batches[day]
