"""What requests to DynamoDB cost in request units, by its documented rule.

The emulator's own answers about capacity leave the indexes out, so the rule is applied to what is really sent and
stored: a read takes half a unit for each started 4 KB, one if it is consistent, a query the sum of the entries that it
looks at; a write takes one for each started KB of the larger of the item before and after, two in a transaction (a
condition check too), and one for each started KB of every index entry that changes, two entries where its key does.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from chalicelib.store.models import GSI1_PROJECTION, GSI2_PROJECTION

KB = 1024
READ_BLOCK = 4 * KB
INDEXES = {"G1": GSI1_PROJECTION, "G2": GSI2_PROJECTION}

Item = Mapping[str, Any]


@dataclass
class Bill:
    """What was sent, and what it costs: read units, write units of tables and of index entries."""

    calls: Counter[str] = field(default_factory=Counter)
    read: float = 0
    write: int = 0
    index: int = 0


class Meter:
    """Watches what one botocore client sends; items are looked at through another, which is not watched."""

    def __init__(self, watched: Any, other: Any) -> None:
        self._events, self._other = watched.meta.events, other
        # Queries of one request are sent by threads.
        self._adding = Lock()

    @contextmanager
    def bill(self) -> Iterator[Bill]:
        """Bill what is sent until the end of the block."""
        bill = Bill()

        def before(params: Item, model: Any, context: dict[str, Any], **_: Any) -> None:
            sent = json.loads(params["body"])
            context["bench"] = sent, self._images(model.name, sent)

        def after(parsed: Item, model: Any, context: dict[str, Any], **_: Any) -> None:
            sent, images = context["bench"]
            self._charge(bill, model.name, sent, parsed, images)

        self._events.register("before-call.dynamodb", before)
        self._events.register("after-call.dynamodb", after)
        try:
            yield bill
        finally:
            self._events.unregister("before-call.dynamodb", before)
            self._events.unregister("after-call.dynamodb", after)

    def _charge(self, bill: Bill, name: str, sent: Item, parsed: Item, before: list[Item]) -> None:
        read, written = 0.0, list(zip(before, self._images(name, sent), strict=True))
        if name == "BatchGetItem":
            read = _batch_units(sent, parsed)
        elif not written:
            looked_at = self._looked_at(sent) if name == "Query" else size(parsed.get("Item", {}))
            read = read_units(looked_at, consistent=sent.get("ConsistentRead", False))
        factor = 2 if name == "TransactWriteItems" else 1
        with self._adding:
            bill.calls[name] += 1
            bill.read += read
            bill.write += sum(factor * _blocks(max(size(old), size(new))) for old, new in written)
            bill.index += sum(index_units(old, new) for old, new in written)

    def _images(self, name: str, sent: Item) -> list[Item]:
        """Return each item that a request writes or checks as it stands, empty where there is none."""
        if name in {"GetItem", "Query", "BatchGetItem"}:
            return []
        single = [{name: sent}]
        writes = [next(iter(write.values())) for write in sent.get("TransactItems", single)]
        return [self._item(write) for write in writes]

    def _item(self, write: Item) -> Item:
        key = write.get("Key") or {part: write["Item"][part] for part in ("PK", "SK")}
        found = self._other.get_item(TableName=write["TableName"], Key=key, ConsistentRead=True)
        held: Item = found.get("Item", {})
        return held

    def _looked_at(self, sent: Item) -> int:
        """Return the bytes that a query looks at: its filter and projection spare the network, not the units."""
        condition = sent["KeyConditionExpression"]
        asked = {
            name: {spelt: value for spelt, value in sent[name].items() if re.search(rf"{spelt}\b", condition)}
            for name in ("ExpressionAttributeNames", "ExpressionAttributeValues")
        }
        same = {name: sent[name] for name in ("TableName", "IndexName", "Limit", "ScanIndexForward") if name in sent}
        rows = self._other.query(**same, **asked, KeyConditionExpression=condition)["Items"]
        return sum(size(row) for row in rows)


def _batch_units(sent: Item, parsed: Item) -> float:
    """Return the units of reading many items at once: each is a read of its own."""
    asked = sent["RequestItems"]
    return sum(
        read_units(size(item), consistent=asked[table].get("ConsistentRead", False))
        for table, items in parsed["Responses"].items()
        for item in items
    )


def read_units(looked_at: int, *, consistent: bool) -> float:
    """Return the units of one read of so many bytes; nothing found costs as much as 4 KB."""
    return max(math.ceil(looked_at / READ_BLOCK), 1) * (1 if consistent else 0.5)


def index_units(before: Item, after: Item) -> int:
    """Return what the entries of both indexes cost that a write adds, alters, moves or removes."""
    return sum(_entry_units(_entry(before, index), _entry(after, index), index) for index in INDEXES)


def _entry_units(before: Item, after: Item, index: str) -> int:
    if before == after:
        return 0
    moved = any(before.get(part) != after.get(part) for part in (f"{index}PK", f"{index}SK"))
    if before and after and not moved:
        return _blocks(max(size(before), size(after)))
    return sum(_blocks(size(entry)) for entry in (before, after) if entry)


def _entry(item: Item, index: str) -> Item:
    keys = (f"{index}PK", f"{index}SK")
    if any(key not in item for key in keys):
        return {}
    return {name: item[name] for name in ("PK", "SK", *keys, *INDEXES[index]) if name in item}


def _blocks(held: int) -> int:
    return max(math.ceil(held / KB), 1)


def size(item: Item) -> int:
    """Bytes of names and values; numbers take a byte for two digits and one more."""
    return sum(len(name.encode()) + _bytes(value) for name, value in item.items())


def _bytes(value: Item) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return math.ceil(len(held.strip("-")) / 2) + 1
        case "SS" | "NS":
            return sum(_bytes({kind[0]: each}) for each in held)
        case _:
            return len(str(held).encode())
