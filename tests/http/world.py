"""Fixtures of everything that calls the application: tables on the emulator, keys, a country, a clock, a citizen."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from chalicelib import container as composition
from chalicelib.container import Container
from chalicelib.domain.addressee import Addressee
from chalicelib.domain.calendar import Part, part_of
from chalicelib.domain.checks import Window
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Actor
from chalicelib.services.casebook import Words
from chalicelib.services.casework import Casework
from chalicelib.store import step
from chalicelib.store.models import MainItem, bind
from chalicelib.store.places import POINTER, pack_key
from chalicelib.store.quota_items import QuotaTableItem
from chalicelib.store.secrets import new_document
from chalicelib.store.step import Current
from infra.places.areas import Area
from infra.places.compiler import compile_areas
from tests.http.gateway import Answer, event, send
from tests.support.stacks import DataStack

NOON = datetime(2026, 6, 10, 10, 0, 0, 123_000, tzinfo=UTC)
"""A Wednesday in summer, noon in Warsaw."""

WARSAW = (52.23, 21.01)
"""A point in the area 1465, which this country has; the area 1434 lies east of it, beyond 21.5 degrees."""

SEA = (55.5, 18.0)
"""A point in no area."""


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **amount: float) -> None:
        """Let time pass."""
        self.now += timedelta(**amount)


def _households() -> Iterator[str]:
    """Yield addresses, a different one for each household of the tests."""
    yield from (f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}" for number in count())


HOUSEHOLDS = _households()


@dataclass
class Citizen:
    """Somebody with a device who calls the application, from a network of their own unless it is named."""

    clock: Clock
    token: str | None = None
    language: str | None = None
    address: str | None = field(default_factory=HOUSEHOLDS.__next__)

    def call(self, method: str, target: str, body: object = None, **headers: str) -> Answer:
        """Send a request; names of headers are written with underscores, a body is JSON unless it is text or bytes."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            sent.setdefault("Device-Token", self.token)
        if self.language is not None:
            sent["Accept-Language"] = self.language
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        text = body if body is None or isinstance(body, str | bytes) else json.dumps(body)
        return send(event(method, target, headers=sent, body=text, source=self.address))

    def enrol(self) -> "Citizen":
        """Get a device token."""
        answer = self.call("POST", "/v1/challenge", {"idempotency_key": str(uuid4()), "client": "api"})
        assert answer.status == 200, answer.text
        self.token = answer.body["device"]
        return self

    def file(self, key: str | None = None, **changes: Any) -> Answer:
        """File a report; `None` leaves a field out."""
        return self.call("POST", "/v1/reports", draft(**changes), Idempotency_Key=key or str(uuid4()))


@dataclass
class World:
    """The application over its tables, at a moment that the test sets."""

    stack: DataStack
    box: Container
    clock: Clock = field(default_factory=Clock)

    def citizen(self, address: str | None = None) -> Citizen:
        """Somebody new, with a device; at an address of their own unless one is given."""
        citizen = Citizen(self.clock) if address is None else Citizen(self.clock, address=address)
        return citizen.enrol()

    def stranger(self) -> Citizen:
        """Somebody without a device."""
        return Citizen(self.clock)

    def step(
        self, report: str, to: str, reason: str, actor: str = "police", version: int | None = None, **words: str
    ) -> Current:
        """Take a step of a case at the clock's moment; of the version that it has, unless another is given.

        Whoever saw nothing has looked twice already, in the case's first two windows; whoever passes on has a body.
        """
        seen = version if version is not None else self.current(report).version
        return self.casework.take_step(
            report,
            Status(to),
            reason,
            Actor(actor),
            seen,
            Words(**words),
            looked=self.windows(report) if (actor, reason) == ("police", "not_present") else (),
            addressee=Addressee("Zarząd Dróg") if reason == "other_body" else None,
        )

    def windows(self, report: str) -> tuple[Window, Window]:
        """Two different windows that a case may have been looked for in, as soon as it is filed."""
        day, part = part_of(datetime.fromisoformat(self.current(report).created), self.box.instance.zone)
        earlier = list(Part)[list(Part).index(part) - 1]
        if part is Part.MORNING:
            raise ValueError("a case filed in the morning has had one window only")
        return (day, earlier), (day, part)

    @property
    def casework(self) -> Casework:
        """The officers' work at the clock's moment."""
        return Casework(self.box.instance, self.clock())

    def current(self, report: str) -> Current:
        """A case as it stands."""
        found = step.current(report)
        assert found is not None
        return found

    def items(self, table: str, prefix: str = "") -> list[dict[str, Any]]:
        """All items of a table (``main`` or ``quota``) whose partition begins with a prefix."""
        name = self.stack.names[f"{table.upper()}_TABLE"]
        pages = self.stack.client("dynamodb").get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
        return [item for page in pages for item in page["Items"] if item["PK"]["S"].startswith(prefix)]

    def census(self) -> dict[str, int]:
        """How many reports, events, alerts and used slots there are."""
        main = [item["t"]["S"] for item in self.items("main")]
        kinds = {kind: main.count(kind) for kind in ("report", "event", "outbox")}
        return {**kinds, "quota": len(self.items("quota", "Q#"))}


def draft(**changes: Any) -> dict[str, Any]:
    """Return the body of a sound report."""
    lat, lon = WARSAW
    body: dict[str, Any] = {"category": "illegal_dump", "lat": lat, "lon": lon, **changes}
    return {name: value for name, value in body.items() if value is not None}


def country() -> bytes:
    """Return a pack of two square areas of the real register's codes, side by side."""
    west, middle, east, south, north = 20.5, 21.5, 22.5, 51.8, 52.8
    squares = {"1465": (west, middle), "1434": (middle, east)}
    areas = [
        Area(code, [[(w, south), (e, south), (e, north), (w, north), (w, south)]]) for code, (w, e) in squares.items()
    ]
    return compile_areas(areas).pack


@pytest.fixture(scope="session")
def country_pack() -> bytes:
    """The compiled country, made once."""
    return country()


@pytest.fixture(scope="session")
def warm(data_stack: DataStack) -> Container:
    """A container whose clients live as long as the emulator, as in a warm process."""
    for base in (MainItem, QuotaTableItem):
        # On a machine that does other things besides, the emulator may answer later than a function would wait.
        base.Meta.read_timeout_seconds = 30
    settings = data_stack.settings()
    data_stack.client("ssm").put_parameter(
        Name=settings.secrets_param, Value=new_document(), Type="SecureString", Overwrite=True
    )
    return Container(settings)


@pytest.fixture
def world(clean_stack: DataStack, warm: Container, country_pack: bytes) -> Iterator[World]:
    """The application over empty tables."""
    publish_pack(clean_stack, country_pack)
    if MainItem.Meta.table_name != warm.settings.main_table:
        bind(warm.settings.main_table, warm.settings.quota_table)
    # The tables are empty: so must be what the process remembers of them.
    for remembered in ("salts", "windows"):
        vars(warm._resources).pop(remembered, None)
    clock = Clock()
    box = Container(warm.settings, clock, warm._resources)
    composition.install(box)
    yield World(clean_stack, box, clock)
    composition.install(None)


def publish_pack(stack: DataStack, pack: bytes) -> None:
    """Put a pack where the application looks for it."""
    digest = hashlib.sha256(pack).hexdigest()
    s3, bucket = stack.client("s3"), stack.names["WORK_BUCKET"]
    pointer = {"key": pack_key(digest), "boundaries": "exact", "sha256": digest, "imported_at": "2026-01-01T00:00:00Z"}
    s3.put_object(Bucket=bucket, Key=pack_key(digest), Body=pack)
    s3.put_object(Bucket=bucket, Key=POINTER, Body=json.dumps(pointer).encode())


def errors(answer: Answer) -> set[tuple[str, str]]:
    """Return the faults of an answer as pairs of field and code."""
    listed: list[Mapping[str, str]] = answer.body["errors"]
    return {(error["field"], error["code"]) for error in listed}
