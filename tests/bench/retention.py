"""What a night's erasure costs over the closings of one busy day: CPU, and the units that the store itself counts."""

import time
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from chalicelib.services.retention import Retention
from chalicelib.store import keys, retention
from chalicelib.store.models import MainItem, ReportItem, TextItem, connection
from tests.bench.stage import data_stack

CLOSINGS = 3_000
NIGHT = date(2026, 7, 11)
CLOSED = NIGHT - timedelta(days=31)
AT = f"{CLOSED}T10:00:00.000Z"
TEXT = ("Zażółć gęślą jaźń na rogu ulicy. " * 8)[:200]
WRITES = {"TransactWriteItems", "UpdateItem", "PutItem", "DeleteItem"}


def run() -> dict[str, Any]:
    """CPU seconds and units of a night that erases every case's text and, of every other one, an answer beside it."""
    with data_stack():
        # On a machine that does other things besides, the emulator may answer later than a function would wait.
        MainItem.Meta.read_timeout_seconds = 30
        _close_cases()
        retention.reach(NIGHT - timedelta(days=1))
        counted = _meter()
        began = time.process_time()
        erased = Retention(lambda _report: 0).run(NIGHT, NIGHT)
        cpu = time.process_time() - began
        first = _units(counted)
        counted.clear()
        began = time.process_time()
        again = Retention(lambda _report: 0).run(NIGHT, NIGHT)
        cpu_again = time.process_time() - began
    if (erased.things["texts"], erased.left, sum(again.things.values())) != (CLOSINGS * 3 // 2, 0, 0):
        raise AssertionError((erased, again))
    return {
        "closings": CLOSINGS,
        "texts": erased.things["texts"],
        "cpu_s": round(cpu, 2),
        **first,
        "when_nothing_is_left": {"cpu_s": round(cpu_again, 2), **_units(counted)},
    }


def _close_cases() -> None:
    day = CLOSED.isoformat()
    with MainItem.batch_write() as batch:
        for number in range(CLOSINGS):
            report = f"{number:021d}"
            batch.save(
                ReportItem(
                    keys.report(report),
                    keys.REPORT,
                    g1pk=keys.day_feed(day, keys.shard(report)),
                    g1sk=keys.at_id_sequence(AT, report, 0),
                    g2pk=keys.closed(day),
                    g2sk=keys.at_id(AT, report),
                    id=report,
                    category="illegal_dump",
                    lat6=52_230_000 + number,
                    lon6=21_010_000,
                    cell="8b1f53c90000fff",
                    status="unconfirmed",
                    reason="not_present",
                    tier=1,
                    unit="wkmp-1",
                    area="146501_8",
                    boundaries="exact",
                    created=AT,
                    day=day,
                    text=TEXT,
                    v=3,
                    origin="web",
                    resolved=AT,
                    closed=day,
                    latest=AT,
                    kv=1,
                )
            )
            if number % 2:
                batch.save(TextItem(keys.report(report), keys.text(3), by="reporter", text=TEXT))


def _meter() -> dict[str, list[float]]:
    counted: dict[str, list[float]] = defaultdict(list)

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        units = parsed.get("ConsumedCapacity", [])
        rows = units if isinstance(units, list) else [units]
        counted[model.name] += [row["CapacityUnits"] for row in rows]

    events = connection().client.meta.events
    events.register("provide-client-params.dynamodb", ask)
    events.register("after-call.dynamodb", note)
    return counted


def _units(counted: dict[str, list[float]]) -> dict[str, float]:
    written = sum(sum(units) for name, units in counted.items() if name in WRITES)
    read = sum(sum(units) for name, units in counted.items() if name not in WRITES)
    return {"write_units": round(written, 1), "read_units": round(read, 1)}
