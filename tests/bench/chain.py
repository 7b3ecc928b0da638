"""What the chain costs: CPU of an accepted report and of a step, bytes of their events, and a day of the ledger.

Reports are filed in turns with and without the chain, so that whatever else the machine does falls on both alike.
"""

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from statistics import median
from typing import Any
from unittest.mock import patch

from chalicelib.services.daybook import Page
from chalicelib.services.files import compact
from chalicelib.store import chaining
from chalicelib.store.proving import chained
from chalicelib.store.table import GSI1_PROJECTION
from tests.bench.accept import TEXT, Place
from tests.bench.accept import places as free_places
from tests.bench.stage import world
from tests.bench.units import size
from tests.http.world import World
from tests.support.stacks import DataStack

ROUNDS = 60
DAY_OF_EVENTS = 10_000
CHAIN = ("salt", "commit", "chain")


def run() -> dict[str, Any]:
    """CPU milliseconds by the median request, with the chain and without; bytes of an event; a page of a busy day."""
    with world() as at_work:
        cpu, cases = _costs(at_work)
        events = _events(at_work.stack, cases)
        began = time.process_time()
        breaks = sum(len(chained(case).breaks()) for case in cases)
        proved = 1000 * (time.process_time() - began) / len(cases)
    if breaks:
        raise AssertionError(breaks)
    return {
        "cpu_ms": {name: round(value, 2) for name, value in cpu.items()},
        "ratio": {name: round(cpu[name] / cpu[f"{name}_without"], 3) for name in ("accepted", "step")},
        "bytes": {name: _bytes(events[number]) for name, number in (("accepted", 0), ("step", 1))},
        "proof_cpu_ms_a_case": round(proved, 2),
        "page": _page(),
    }


def _costs(world: World) -> tuple[dict[str, float], list[str]]:
    spent: dict[str, list[float]] = {name: [] for name in ("accepted", "accepted_without", "step", "step_without")}
    places, cases = free_places(), []
    for _ in range(ROUNDS):
        for suffix in ("", "_without"):
            with _chain(on=not suffix):
                filed, stepped, case = _round(world, next(places))
            spent[f"accepted{suffix}"].append(filed)
            spent[f"step{suffix}"].append(stepped)
            cases += [] if suffix else [case]
    return {name: median(values) for name, values in spent.items()}, cases


def _round(world: World, place: Place) -> tuple[float, float, str]:
    """File a report and take it up; return what either cost, and its id."""
    citizen = world.citizen()
    began = time.process_time()
    case = citizen.file(description=TEXT, category="illegal_dump", **place).body["id"]
    filed = time.process_time()
    world.step(case, "verifying", "taken_up", note=TEXT)
    return 1000 * (filed - began), 1000 * (time.process_time() - filed), case


@contextmanager
def _chain(*, on: bool) -> Iterator[None]:
    if on:
        yield
        return
    with patch.object(chaining, "begin", lambda *_: None), patch.object(chaining, "append", lambda *_: None):
        yield


def _events(stack: DataStack, cases: list[str]) -> list[dict[str, Any]]:
    """Return the two events of a case as they lie in the table."""
    answer = stack.client("dynamodb").query(
        TableName=stack.names["MAIN_TABLE"],
        KeyConditionExpression="PK = :pk AND begins_with(SK, :e)",
        ExpressionAttributeValues={":pk": {"S": f"R#{cases[0]}"}, ":e": {"S": "E#"}},
    )
    return list(answer["Items"])


def _bytes(item: dict[str, Any]) -> dict[str, int]:
    projected = {name: item[name] for name in (*GSI1_PROJECTION, "PK", "SK", "G1PK", "G1SK") if name in item}
    without = {name: value for name, value in item.items() if name not in CHAIN}
    return {"event": size(item), "without": size(without), "index_entry": size(projected)}


def _page() -> dict[str, Any]:
    leaves = [sha256(str(number).encode()).hexdigest() for number in range(DAY_OF_EVENTS)]
    began = time.process_time()
    page = Page.of(date(2026, 7, 11), leaves, "0" * 64)
    body = compact(page.document())
    packed = gzip.compress(body, 6)
    return {
        "events": DAY_OF_EVENTS,
        "cpu_s": round(time.process_time() - began, 3),
        "bytes": len(body),
        "bytes_packed": len(packed),
    }
