"""What accepting a report costs: CPU of the warm handler against the bare transaction, and write units.

Both sides talk to the same emulator from this process, whose CPU time leaves out all waiting and what the emulator
spends. One `get_item` of nothing is what a call costs before anything is written: with it the network's share, which
both sides pay (the handler for two calls: look-up of the quota, and transaction), is taken off.
"""

import math
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from chalicelib import container as composition
from chalicelib.container import Container
from chalicelib.store.models import GSI1_PROJECTION, GSI2_PROJECTION
from chalicelib.store.secrets import new_document
from tests.bench.stage import data_stack
from tests.http.world import Citizen, Clock, country, publish_pack
from tests.support.stacks import DataStack

REPORTS = 300
WARM_UP = 30
KB = 1024
INDEXES = {"G1PK": GSI1_PROJECTION, "G2PK": GSI2_PROJECTION}
TEXT = ("Zażółć gęślą jaźń na rogu ulicy. " * 16)[:500]


def run() -> dict[str, Any]:
    """CPU milliseconds a report, their ratio, and write units by DynamoDB's documented rule."""
    with data_stack() as stack:
        box = _container(stack)
        citizens = [Citizen(Clock()).enrol() for _ in range(REPORTS + WARM_UP)]
        for citizen in citizens[:WARM_UP]:
            citizen.file(description=TEXT)
        handler = _cpu(lambda index: _filed(citizens[WARM_UP + index]))
        items = _written(stack)
        stack.clear()
        bare = _cpu(lambda index: _transact(stack, items[index]))
        call = _cpu(lambda _: _get_nothing(stack))
        composition.install(None)
    del box
    return {
        "handler_cpu_ms": round(handler, 3),
        "bare_transaction_cpu_ms": round(bare, 3),
        "one_call_cpu_ms": round(call, 3),
        "ratio": round(handler / bare, 2),
        "ratio_without_network": round((handler - 2 * call) / (bare - call), 2) if bare > call else None,
        "goal_ratio": 1.5,
        "write_units": _write_units(items[0]),
        "goal_write_units": 15,
    }


def _container(stack: DataStack) -> Container:
    settings = stack.settings()
    stack.client("ssm").put_parameter(
        Name=settings.secrets_param, Value=new_document(), Type="SecureString", Overwrite=True
    )
    publish_pack(stack, country())
    box = Container(settings, Clock())
    composition.install(box)
    return box


def _filed(citizen: Citizen) -> None:
    answer = citizen.file(description=TEXT)
    if answer.status != 201:
        raise AssertionError(answer.text)


def _cpu(once: Callable[[int], None]) -> float:
    """Return CPU milliseconds of one call."""
    start = time.process_time()
    for index in range(REPORTS):
        once(index)
    return 1000 * (time.process_time() - start) / REPORTS


def _written(stack: DataStack) -> list[list[tuple[str, Mapping[str, Any]]]]:
    """Return the four items of each report as (table, item)."""
    main, quota = (_scan(stack, stack.names[name]) for name in ("MAIN_TABLE", "QUOTA_TABLE"))
    slots = [item for item in quota if item["PK"]["S"].startswith("Q#")]
    cases: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for item in main:
        cases.setdefault(item["id"]["S"], []).append((stack.names["MAIN_TABLE"], item))
    return [[*case, (stack.names["QUOTA_TABLE"], slot)] for case, slot in zip(cases.values(), slots, strict=True)]


def _scan(stack: DataStack, table: str) -> list[dict[str, Any]]:
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    return [item for page in pages for item in page["Items"]]


def _transact(stack: DataStack, items: list[tuple[str, Mapping[str, Any]]]) -> None:
    stack.client("dynamodb").transact_write_items(
        TransactItems=[
            {"Put": {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(PK)"}}
            for table, item in items
        ]
    )


def _get_nothing(stack: DataStack) -> None:
    key = {"PK": {"S": str(uuid4())}, "SK": {"S": "none"}}
    stack.client("dynamodb").get_item(TableName=stack.names["QUOTA_TABLE"], Key=key)


def _write_units(items: list[tuple[str, Mapping[str, Any]]]) -> dict[str, int]:
    """Two units for each started KB in a transaction, one for an index entry, one for each later delete."""
    transaction = sum(2 * math.ceil(_size(item) / KB) for _, item in items)
    indexes = sum(
        math.ceil(_size({name: item[name] for name in ("PK", "SK", *projection) if name in item}) / KB)
        for _, item in items
        for partition, projection in INDEXES.items()
        if partition in item
    )
    return {"transaction": transaction, "indexes": indexes, "clean_up": 2, "total": transaction + indexes + 2}


def _size(item: Mapping[str, Any]) -> int:
    """Bytes of names and values; numbers take a byte for two digits and one more."""
    return sum(len(name.encode()) + _bytes(value) for name, value in item.items())


def _bytes(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return math.ceil(len(held.strip("-")) / 2) + 1
        case _:
            return len(str(held).encode())
