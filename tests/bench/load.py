"""An hour of a national peak on the deployed stack, with a store that fails one request in fifty.

KMZB takes some 1,000 reports a day, a tenth of them in its busiest hour; this is ten times that hour, as fast as one
machine can. Citizens enrol, look around, file, send again what was not answered, follow their case, and a few make
mistakes. Afterwards the store is counted: each accepted report is there, once, with its first event and its alert told
or waiting. `LOAD_REPORTS` is the number of reports, `LOAD_FAULTS` the share of requests to the store that fail.
"""

import json
import os
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.error import URLError
from uuid import uuid4

from chalicelib.store.keys import SHARDS
from infra.commands.mail import sent_mails
from tests.bench.unreliable import UnreliableStore
from tests.e2e.citizen import items, wait_for
from tests.e2e.outages import configured
from tests.support.whole import Answer, Whole, whole

REPORTS = int(os.environ.get("LOAD_REPORTS", "1000"))
FAULTS = float(os.environ.get("LOAD_FAULTS", "0.02"))
CITIZENS = 6
"""At once; the machine has two cores, and each request several processes."""

PATIENCE = 40
"""Tries of one request before a citizen gives up, which is a failure of the run."""

CATEGORIES = ("vandalism", "illegal_parking", "speeding", "illegal_dump", "begging", "car_racing")
STATUSES_ALLOWED = {200, 201, 409, 422, 503}


class PromiseBroken(Exception):
    """Something was lost, doubled, untold, or answered as nobody may be."""


@dataclass
class Tally:
    """What citizens were answered: statuses by path, the ids that were accepted, and what was not as it must be."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    accepted: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    unanswered: Counter[str] = field(default_factory=Counter)


class Citizen:
    """One person with one phone and one report."""

    def __init__(self, stack: Whole, tally: Tally, number: int) -> None:
        self.stack, self.tally, self.chance = stack, tally, random.Random(number)

    def live(self) -> None:
        """Look around, file, follow."""
        place = {"lat": self.chance.uniform(51.2, 53.4), "lon": self.chance.uniform(16.2, 22.4)}
        category = self.chance.choice(CATEGORIES)
        where = f"lat={place['lat']:.5f}&lon={place['lon']:.5f}"
        device = self.call("POST", "/v1/challenge", {"idempotency_key": str(uuid4()), "client": "api"}).json["device"]
        self.call("GET", f"/v1/units/locate?{where}")
        self.call("GET", f"/v1/reports?{where}&category={category}")
        if self.chance.random() < 0.1:
            self.file(device, {"category": "no such thing", **place})
        key, body = str(uuid4()), {"category": category, **place}
        filed = self.file(device, body, key)
        if filed.status == 409:
            filed = self.file(device, {**body, "acknowledge": [row["id"] for row in filed.json["candidates"]]}, key)
        if filed.status not in {200, 201}:
            self.tally.faults.append(f"filing ended with {filed.status}")
            return
        self.tally.accepted[key] = filed.json["id"]
        if self.chance.random() < 0.2 and self.file(device, body, key).json["id"] != filed.json["id"]:
            self.tally.faults.append("sent again, it became another report")
        if self.call("GET", "/v1/receipt", Receipt=filed.json["receipt"]).json["id"] != filed.json["id"]:
            self.tally.faults.append("a receipt opened another case")

    def file(self, device: str, body: dict[str, Any], key: str | None = None) -> Answer:
        """File under one key, again and again until there is an answer other than "later"."""
        headers = {"Device_Token": device, "Idempotency_Key": key or str(uuid4())}
        return self.call("POST", "/v1/reports", body, **headers)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Ask until answered; 503 is the one answer that is asked again after."""
        route = re.sub(r"\?.*", "", path)
        for _ in range(PATIENCE):
            try:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                answer = self.stack.call(method, path, body, named)
            except (URLError, ConnectionError, TimeoutError):
                self.tally.unanswered[route] += 1
                continue
            self.tally.statuses[route, answer.status] += 1
            if answer.status not in STATUSES_ALLOWED:
                self.tally.faults.append(f"{route}: {answer.status} {answer.body[:200]!r}")
            if answer.status != 503:
                return answer
            if not answer.headers["Retry-After"] or answer.json["code"] != "unavailable":
                self.tally.faults.append(f"{route}: a 503 that says nothing")
            time.sleep(self.chance.uniform(0.1, 0.5))
        raise TimeoutError(f"{route} was never answered")


def run() -> dict[str, Any]:
    """Run the hour; return what was counted."""
    with tempfile.TemporaryDirectory(prefix="load-") as name, whole(Path(name)) as stack:
        tally, memory = Tally(), list[int]()
        began, cpu = time.monotonic(), time.process_time()
        with (
            UnreliableStore(stack.running.endpoint, FAULTS) as store,
            configured(stack, "APIHandler", {"AWS_ENDPOINT_URL_DYNAMODB": store.url}),
            watched(stack, memory),
            ThreadPoolExecutor(CITIZENS) as pool,
        ):
            for done in [pool.submit(Citizen(stack, tally, number).live) for number in range(REPORTS)]:
                done.result()
        seconds = time.monotonic() - began
        told = {
            "reports": REPORTS,
            "seconds": round(seconds, 1),
            "reports_an_hour": round(REPORTS * 3600 / seconds),
            "cpu_seconds_of_the_citizens": round(time.process_time() - cpu, 1),
            "store_requests": dict(store.met),
            "statuses": {f"{route} {status}": number for (route, status), number in sorted(tally.statuses.items())},
            "unanswered": dict(tally.unanswered),
            "faults": tally.faults[:20],
            "function_memory_mb": {"second_quarter": _quarter(memory, 1), "last_quarter": _quarter(memory, 3)},
            **counted(stack, tally),
        }
    if tally.faults or told["lost"] or told["doubled"] or told["without_event"] or told["alerts"]["none"]:
        raise PromiseBroken(json.dumps(told, indent=1))
    return told


def counted(stack: Whole, tally: Tally) -> dict[str, Any]:
    """Count the store against what citizens were told: lost, doubled, without an event, without an alert."""
    table, client = stack.running.names["MAIN_TABLE"], stack.running.client("dynamodb")
    # What the relay has in hand would be found in neither place.
    wait_for(lambda: not any(items(stack, f"O#{shard}") for shard in range(SHARDS)))
    kinds: dict[str, Counter[str]] = {kind: Counter() for kind in ("report", "event", "outbox", "line")}
    for page in client.get_paginator("scan").paginate(TableName=table):
        for item in page["Items"]:
            if item.get("t", {}).get("S") in kinds:
                kinds[item["t"]["S"]][item["id"]["S"]] += 1
    told, stored = set(tally.accepted.values()), kinds["report"].keys()
    mails = " ".join(mail["text"] for mail in sent_mails(stack.running.endpoint))
    return {
        "accepted": len(told),
        "lost": len(told - stored),
        "doubled": len(stored - told) + sum(number > 1 for number in kinds["report"].values()),
        "without_event": len(stored - kinds["event"].keys()),
        "alerts": {
            "mailed": sum(report in mails for report in stored),
            "in_the_next_bulletin": len(stored & kinds["line"].keys()),
            "waiting": len(stored & kinds["outbox"].keys()),
            "none": len(
                [report for report in stored - kinds["line"].keys() - kinds["outbox"].keys() if report not in mails]
            ),
        },
    }


@contextmanager
def watched(stack: Whole, found: list[int]) -> Iterator[None]:
    """Note every second how much memory the emulator's functions hold together, in MB."""
    stop = Event()
    port = stack.running.endpoint.rsplit(":", 1)[1]

    def watch() -> None:
        while not stop.wait(1):
            found.append(_functions_memory(port))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _functions_memory(port: str) -> int:
    """Return the resident memory of all processes whose session is led by the emulator on a port, without itself."""
    processes = {int(path.name): path for path in Path("/proc").iterdir() if path.name.isdigit()}
    leader = next(
        (pid for pid, path in processes.items() if f"emulator_main.py\0--port\0{port}" in _read(path / "cmdline")), 0
    )
    pages = 0
    for pid, path in processes.items():
        status = _read(path / "stat").rpartition(")")[2].split()
        if pid != leader and len(status) > 21 and int(status[3]) == leader:
            pages += int(status[21])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _quarter(values: list[int], number: int) -> int:
    part = values[len(values) * number // 4 : len(values) * (number + 1) // 4]
    return round(sum(part) / len(part)) if part else 0
