"""What the intake costs: CPU of the warm handler, requests to the store, and read and write units.

Both sides of the ratio talk to the same emulator from this process, whose CPU time leaves out all waiting and what the
emulator spends. One `get_item` of nothing is what a request costs by itself: with it the network's share, which both
sides pay, is taken off, the handler's once for each of its requests. Reports stand in cells of their own, so that the
search for the same case finds nothing unless it is meant to.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product, repeat
from typing import Any
from uuid import uuid4

import h3

from chalicelib.domain.visibility import DELAY
from chalicelib.store.models import connection
from tests.bench.stage import world
from tests.bench.units import Meter
from tests.http.gateway import Answer
from tests.http.world import Citizen, World
from tests.support.stacks import DataStack

REPORTS = 150
OTHERS = 40
"""Of each kind of request besides the accepted report."""

METERED = 10
WARM_UP = 5
BUSY = 300
"""Reports of this month around the busy place."""

CLEAN_UP = 4
"""Units for what is deleted later: the alert, the slot, the pseudonym, and the network's count where none shares it."""

TEXT = ("Zażółć gęślą jaźń na rogu ulicy. " * 16)[:500]
BUSY_CELL = h3.latlng_to_cell(52.31, 21.11, 7)
METRE = 1 / 111_195
"""Degrees of latitude."""

Place = dict[str, Any]


def places() -> Iterator[Place]:
    """Yield points in the country of the tests, five kilometres from each other."""
    yield from (
        {"lat": 51.85 + 0.05 * row, "lon": 20.55 + 0.08 * column} for row, column in product(range(19), range(24))
    )


@dataclass
class Bench:
    """The application over its tables, and everybody who calls it."""

    stack: DataStack
    world: World
    meter: Meter
    places: Iterator[Place] = field(default_factory=places)
    cases: list[str] = field(default_factory=list)
    """Those that were filed, in the order of filing."""

    def file(
        self, place: Place | None = None, status: int = 201, by: Citizen | None = None, category: str = "illegal_dump"
    ) -> Answer:
        """File a report with a full text, by somebody new unless it is said who, and see how it is answered."""
        where = place or next(self.places)
        answer = (by or self.world.citizen()).file(description=TEXT, **where, category=category)
        if answer.status != status:
            raise AssertionError(answer.text)
        if status == 201:
            self.cases.append(answer.body["id"])
        return answer


@dataclass(frozen=True)
class Request:
    """A kind of request: `ready` is done before, without being measured, and returns what is."""

    ready: Callable[[], Callable[[], object]]
    times: int = OTHERS


def run() -> dict[str, Any]:
    """CPU milliseconds, requests and units of each kind of request, and the ratio to the bare transaction."""
    with world() as at_work:
        stack = at_work.stack
        bench = Bench(stack, at_work, Meter(connection().client, stack.client("dynamodb")))
        requests = {name: _measured(bench, request) for name, request in _requests(bench).items()}
        items = _written(stack)
        stack.clear()
        bare = _cpu([_later(_transact, stack, case) for case in items])
        call = _cpu([_later(_get_nothing, stack) for _ in range(REPORTS)])
    accepted = requests["accepted"]
    handler, calls = accepted["cpu_ms"], accepted["calls"]
    return {
        "requests": requests,
        "bare_transaction_cpu_ms": round(bare, 3),
        "one_call_cpu_ms": round(call, 3),
        "ratio": {name: round(each["cpu_ms"] / bare, 2) for name, each in requests.items()},
        "ratio_without_network": round((handler - calls * call) / (bare - call), 2) if bare > call else None,
        "goal_ratio": 1.5,
        "items": len(items[0]),
        "write_units": accepted["write_units"] + accepted["index_units"] + CLEAN_UP,
        "clean_up_units": CLEAN_UP,
        "goal_write_units": 15,
    }


def _requests(bench: Bench) -> dict[str, Request]:
    busy = _busy(bench)
    reported, shown = bench.world.citizen(), next(bench.places)
    bench.file(by=reported)
    bench.file(shown)
    bench.cases.clear()
    seen, taken = iter(bench.cases), iter(bench.cases)

    def filing(
        places: Iterator[Place], status: int = 201, category: str = "illegal_dump"
    ) -> Callable[[], Callable[[], object]]:
        def ready() -> Callable[[], object]:
            where, by = next(places), bench.world.citizen()
            return lambda: bench.file(where, status, by, category)

        return ready

    return {
        "accepted": Request(filing(bench.places), REPORTS),
        "accepted_in_a_busy_cell": Request(filing(busy)),
        "refused_quota_used": Request(lambda: lambda: bench.file(shown, 429, reported)),
        "refused_faulty_body": Request(filing(repeat(shown), 422, "none")),
        "refused_possible_duplicate": Request(filing(repeat(shown), 409)),
        "corroboration": Request(lambda: _later(_corroborate, bench.world.citizen(), next(seen))),
        "step_taken_up": Request(lambda: _later(bench.world.step, next(taken), "verifying", "taken_up")),
    }


def _busy(bench: Bench) -> Iterator[Place]:
    """Fill a cell of the index with reports of this month; yield places there that are too far for the same case."""
    (lat, lon), dynamodb = h3.cell_to_latlng(BUSY_CELL), bench.stack.client("dynamodb")
    case = bench.file({"lat": lat + 950 * METRE, "lon": lon}).body["id"]
    (item,) = [item for item in bench.world.items("main", f"R#{case}") if item["SK"]["S"] == "R"]
    for number in range(BUSY - 1):
        mark = f"{case[:-4]}{number:04d}"
        copy = {**item, "PK": {"S": f"R#{mark}"}, "id": {"S": mark}, "G1SK": {"S": item["G1SK"]["S"] + str(number)}}
        dynamodb.put_item(TableName=bench.stack.names["MAIN_TABLE"], Item=copy)
    steps = range(-800, 801, 200)
    return ({"lat": lat + METRE * north, "lon": lon + METRE * 1.64 * east} for north, east in product(steps, steps))


def _corroborate(citizen: Citizen, case: str) -> None:
    answer = citizen.call("POST", f"/v1/reports/{case}/corroborations", {}, Idempotency_Key=str(uuid4()))
    if answer.status != 201:
        raise AssertionError(answer.text)


def _measured(bench: Bench, request: Request) -> dict[str, Any]:
    """Measure CPU first, and then, with the meter looking on, requests and units, both by the mean request."""
    # What was filed before is public by now.
    bench.world.clock.now += DELAY
    for _ in range(WARM_UP):
        request.ready()()
    cpu = _cpu([request.ready() for _ in range(request.times)])
    ready = [request.ready() for _ in range(METERED)]
    with bench.meter.bill() as bill:
        for each in ready:
            each()
    return {
        "cpu_ms": round(cpu, 2),
        "calls": bill.calls.total() / METERED,
        "calls_by_kind": {name: times / METERED for name, times in sorted(bill.calls.items())},
        "read_units": bill.read / METERED,
        "write_units": bill.write / METERED,
        "index_units": bill.index / METERED,
    }


def _later(do: Callable[..., object], *given: object) -> Callable[[], object]:
    return lambda: do(*given)


def _cpu(requests: list[Callable[[], object]]) -> float:
    """Return CPU milliseconds of one call."""
    start = time.process_time()
    for request in requests:
        request()
    return 1000 * (time.process_time() - start) / len(requests)


def _written(stack: DataStack) -> list[list[tuple[str, Mapping[str, Any]]]]:
    """Return what the transactions of `REPORTS` reports have written, as (table, item)."""
    main, quota = (_scan(stack, stack.names[name]) for name in ("MAIN_TABLE", "QUOTA_TABLE"))
    slots = [item for item in quota if item["PK"]["S"].startswith("Q#")]
    sources = {item["SK"]["S"].split("#")[1]: item for item in quota if item["PK"]["S"].startswith("P#")}
    cases: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for item in main:
        cases.setdefault(item["id"]["S"], []).append((stack.names["MAIN_TABLE"], item))
    # Untouched since, and no copy: the report, its first event and its alert.
    whole = {case: items for case, items in cases.items() if len(items) == 3 and case in sources}
    tables = stack.names["QUOTA_TABLE"]
    return [
        [(tables, slot), *items, (tables, sources[case])]
        for slot, (case, items) in zip(slots, list(whole.items())[:REPORTS], strict=False)
    ]


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
