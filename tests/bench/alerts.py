"""How soon an urgent report is in its unit's mailbox, and what the relay spends on an alert.

The latency is that of the deployed stack: from the moment at which the reporter holds the 201 to the moment at which
SES took the mail, both by this machine's clock. Each report goes to another area, so that no mailbox meets the limit of
its hour. First each is filed when the last one's alert is out, then many at once.

The CPU is the handler's, warm, on built records, against what nobody can do without: publishing that message and
sending that mail, the same to the letter, through the same clients.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import uuid4

from chalicelib.container import _Resources
from chalicelib.domain.place_nearest import PLACE_UNIT
from chalicelib.services.place_names import KEY
from chalicelib.store.keys import SHARDS, shard
from chalicelib.store.keys import outbox as outbox_partition
from chalicelib.store.models import OutboxItem, connection
from chalicelib.store.secrets import new_document
from infra.commands.mail import sent_mails
from infra.local.emulator import ROOT
from infra.places.approximate import Place, read_places
from infra.places.builtin import MODULES
from tests.alerts.world import Post, World, hooked
from tests.bench import stage
from tests.e2e.citizen import URGENT, enrol, file_report
from tests.support.stacks import DataStack
from tests.support.whole import Whole, whole

WARM_UP = 5
ALONE = 120
TOGETHER = 120
AT_ONCE = 4
"""Reporters who file at the same moment."""

TRIES = 5
ROUNDS = 12
A_ROUND = 10
"""Alerts of an hour that are mailed at once: fewer than a mailbox takes."""

PAUSE_S = 0.05
PATIENCE_S = 600


def run() -> dict[str, Any]:
    """Milliseconds from the answer to the mail, alone and many at once; CPU of an alert and its ratio to the bare.

    Waiting depends on what else the machine does: its load of the last 1, 5 and 15 minutes stands beside it.
    """
    return {"latency_ms": _latencies(), "load_average": [round(load, 1) for load in os.getloadavg()], "cpu": _spent()}


def _latencies() -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with whole(folder) as stack:
            places, outbox = _a_place_of_each_area(), _Outbox.of(stack)
            for _ in range(WARM_UP):
                _alone(stack, outbox, next(places))
            alone = dict(_alone(stack, outbox, next(places)) for _ in range(ALONE))
            devices = [enrol(stack) for _ in range(TOGETHER)]
            begun = time.time()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                together = dict(pool.map(partial(_filed, stack), devices, [next(places) for _ in range(TOGETHER)]))
            outbox.wait(range(SHARDS))
            arrived = _arrivals(stack)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "one_after_another": _spread(alone, arrived),
        f"by_{AT_ONCE}_at_once": {
            **_spread(together, arrived),
            "filed_in_s": round(max(together.values()) - begun, 1),
            "mailed_in_s": round(max(arrived[report] for report in together) - begun, 1),
        },
    }


@dataclass(frozen=True)
class _Outbox:
    """Looks whether alerts wait, through one client: each new one costs more than all that is measured here."""

    dynamodb: Any
    table: str

    @classmethod
    def of(cls, stack: Whole) -> "_Outbox":
        return cls(stack.running.client("dynamodb"), stack.running.names["MAIN_TABLE"])

    def wait(self, shards: Iterable[int]) -> None:
        """Wait until nothing is there in these shards."""
        deadline = time.monotonic() + PATIENCE_S
        for number in shards:
            while self._holds(number):
                if time.monotonic() > deadline:
                    raise AssertionError("alerts still wait")
                time.sleep(PAUSE_S)

    def _holds(self, number: int) -> bool:
        found = self.dynamodb.query(
            TableName=self.table,
            KeyConditionExpression="PK = :partition",
            ExpressionAttributeValues={":partition": {"S": outbox_partition(number)}},
            Select="COUNT",
        )
        return bool(found["Count"])


def _a_place_of_each_area() -> Iterator[Place]:
    """Yield a known place of each area of the country: a unit answers for one or two of them."""
    found = read_places(json.loads((ROOT / "instances" / "pl" / "places.json").read_text("utf-8")), MODULES)
    yield from {place.area: place for place in found}.values()


def _filed(stack: Whole, device: str, place: Place) -> tuple[str, float]:
    """File an urgent report, again under its key where the map is too busy; return its id and when it was accepted."""
    where, key = {"lat": place.lat / PLACE_UNIT, "lon": place.lon / PLACE_UNIT}, str(uuid4())
    refused = list[bytes]()
    while len(refused) < TRIES:
        answer = file_report(stack, device=device, key=key, place=where, category=URGENT)
        at = time.time()
        if answer.status in {200, 201}:
            return str(answer.json["id"]), at
        refused.append(answer.body)
    raise AssertionError(refused)


def _alone(stack: Whole, outbox: _Outbox, place: Place) -> tuple[str, float]:
    report, at = _filed(stack, enrol(stack), place)
    outbox.wait([shard(report)])
    return report, at


def _arrivals(stack: Whole) -> dict[str, float]:
    """Return when SES took the mail about each report."""
    found = {}
    for mail in sent_mails(stack.running.endpoint):
        (report,) = {word.rpartition("/")[2] for word in mail["text"].split() if "/policja/#/sprawa/" in word}
        found[report] = datetime.fromisoformat(mail["at"]).timestamp()
    return found


def _spread(filed: dict[str, float], arrived: dict[str, float]) -> dict[str, Any]:
    waited = [1000 * (arrived[report] - at) for report, at in filed.items()]
    hundredths = quantiles(waited, n=100, method="inclusive")
    return {
        "reports": len(waited),
        "p50": round(hundredths[49]),
        "p99": round(hundredths[98]),
        "longest": round(max(waited)),
    }


def _spent() -> dict[str, Any]:
    with stage.data_stack() as stack:
        settings = stack.settings()
        stack.client("ssm").put_parameter(Name=settings.secrets_param, Value=new_document(), Type="SecureString")
        _publish_names(stack)
        resources = _Resources(settings)
        resources.__dict__.update(sns=stack.client("sns"), ses=stack.client("sesv2"))
        world = World(Post(stack, resources), datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
        kinds = {
            name: _ratio(stack, world, priority) for name, priority in (("mailed_at_once", 1), ("into_a_bulletin", 3))
        }
        world.close()
    return kinds


def _publish_names(stack: DataStack) -> None:
    """Put a gazetteer where the site has its own, with as many places as the country has."""
    config = json.loads((ROOT / "instances" / "pl" / "places.json").read_text("utf-8"))
    rows = read_places(config, MODULES)
    document = {
        "names": [f"Miejscowość {number}" for number in range(len(rows))],
        "lat": [row.lat / PLACE_UNIT for row in rows],
        "lon": [row.lon / PLACE_UNIT for row in rows],
        "areas": [{"code": area, "name": f"Obszar {area}"} for area in sorted({row.area for row in rows})],
    }
    stack.client("s3").put_object(Bucket=stack.names["SITE_BUCKET"], Key=KEY, Body=json.dumps(document).encode())


def _ratio(stack: DataStack, world: World, priority: int) -> dict[str, Any]:
    """Let the handler and what is bare take turns, so that whatever else the machine does falls on both alike."""
    sent: list[Callable[[], object]] = []
    clients = [stack.client(name) for name in ("sns", "sesv2")]
    _relayed(world, _ready(world, priority))
    ready = _ready(world, priority)
    with _kept(clients, sent), _counted(connection().client) as calls:
        _relayed(world, ready)
    handler = bare = 0.0
    for _ in range(ROUNDS):
        ready = _ready(world, priority)
        began = time.process_time()
        _relayed(world, ready)
        between = time.process_time()
        for each in sent:
            each()
        handler, bare = handler + between - began, bare + time.process_time() - between
    return {
        "cpu_ms": round(1000 * handler / (ROUNDS * A_ROUND), 2),
        "bare_cpu_ms": round(1000 * bare / (ROUNDS * A_ROUND), 2),
        "ratio": round(handler / bare, 2),
        "calls_of_services": len(sent) / A_ROUND,
        "calls_of_the_store": len(calls) / A_ROUND,
    }


def _ready(world: World, priority: int) -> list[OutboxItem]:
    # The mailbox's turns are free again.
    world.wait(minutes=64)
    return [world.report(priority=priority) for _ in range(A_ROUND)]


def _relayed(world: World, items: list[OutboxItem]) -> None:
    """Hand over alerts that come one by one."""
    for item in items:
        answer = world.relay(item)
        if answer["batchItemFailures"]:
            raise AssertionError(answer)


@contextmanager
def _kept(clients: list[Any], sent: list[Callable[[], object]]) -> Iterator[None]:
    """Note what clients send, as calls that send the same again."""
    sns, ses = clients

    def published(params: dict[str, Any], **_: Any) -> None:
        sent.append(lambda given=dict(params): sns.publish(**given))  # type: ignore[misc]

    def mailed(params: dict[str, Any], **_: Any) -> None:
        sent.append(lambda given=dict(params): ses.send_email(**given))  # type: ignore[misc]

    with (
        hooked(sns, "provide-client-params.sns.Publish", published),
        hooked(ses, "provide-client-params.sesv2.SendEmail", mailed),
    ):
        yield


@contextmanager
def _counted(client: Any) -> Iterator[list[str]]:
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    with hooked(client, "before-call.dynamodb", note):
        yield calls
