"""A deployed map on which errands are prepared under full rights and then run under reduced ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count, product
from typing import Any, NamedTuple
from uuid import uuid4

from chalicelib.clock import system_clock
from chalicelib.domain.roles import Role
from infra.build.parameters import document
from infra.commands.instance import FunctionFailed
from infra.commands.mail import sent_mails
from infra.commands.officer import Pool
from infra.local.deploy import APP_STACK, resources
from tests.e2e.citizen import enrol, items
from tests.e2e.outages import stream_off
from tests.support.ahead import ZONE, ahead
from tests.support.whole import Answer, Whole

SOUTH_WEST, STEP = (50.72, 16.60), 0.02
"""Where errands file: each report at a place of its own, kilometres from the next."""

UNIT = "KPP-DZIERZONIOW"
LINK = re.compile(r"/#/subscription/(\w+)\?token=([\w.~-]+)")

Deed = Callable[[], bool]
"""What is done under reduced rights; tells whether it went as it should."""


class Errand(NamedTuple):
    """Something that a function does for somebody: `prepare` brings all there that it needs, under full rights."""

    function: str
    name: str
    prepare: Callable[[Scene], Deed]


@dataclass
class Scene:
    """The map, with a clock for functions that goes on from errand to errand."""

    stack: Whole
    _places: Iterator[int] = field(default_factory=lambda: count(1))
    _rounds: Iterator[int] = field(default_factory=lambda: count(1))
    distances: Iterator[float] = field(default_factory=lambda: (0.002 * number for number in count()))
    """Degrees that lie ever further from a town."""
    _units: Iterator[Any] = field(default_factory=lambda: iter(document("pl", "units")["units"]))
    _days: Iterator[int] = field(default_factory=lambda: count(1, 3))

    def __post_init__(self) -> None:
        running = self.stack.running
        self.pool = Pool(running.client("cognito-idp"), running.names["OFFICER_POOL"])
        self.roles = resources(running.access, APP_STACK)
        # Figures and plans are there to be read: so much that there is somewhere to go on patrol.
        for category, number in product(("illegal_dump", "vandalism", "car_racing", "illegal_parking"), range(4)):
            case = self.filed(lat=SOUTH_WEST[0] + 0.002 * number, lon=SOUTH_WEST[1], category=category)
            assert case["unit"]["code"] == UNIT
        night = self.night()
        self.stack.running.invoke("nightly", {"day": night.date().isoformat(), "now": night.isoformat()})
        self.week = night.strftime("%G-W%V")

    # -- people

    def place(self) -> dict[str, float]:
        """A place where nothing has been reported."""
        number = next(self._places)
        return {"lat": SOUTH_WEST[0] + STEP * (number % 10), "lon": SOUTH_WEST[1] + STEP * (number // 10)}

    def file(self, device: str | None = None, **fields: Any) -> Answer:
        """File a report by a new device."""
        headers = {"Device-Token": device or enrol(self.stack), "Idempotency-Key": str(uuid4())}
        return self.stack.call("POST", "/v1/reports", {"category": "vandalism", **self.place(), **fields}, headers)

    def filed(self, **fields: Any) -> dict[str, Any]:
        """A report that has been accepted."""
        answer = self.file(**fields)
        assert answer.status == 201, answer.body
        return dict(answer.json)

    def officer(self, unit: str, role: Role = Role.COORDINATOR) -> Callable[..., Answer]:
        """Calls the API as an officer of a unit."""
        self.pool.enter("privilege", role, unit)
        token = self.pool.token("privilege", self.stack.running.names["OFFICER_CLIENT"])

        def call(method: str, path: str, body: object = None) -> Answer:
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
            return self.stack.call(method, f"/v1/police/{path}", body, headers)

        return call

    def another_unit(self) -> str:
        """A unit that nothing has been done to."""
        return str(next(self._units)["code"])

    def subscribe(self, area: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Somebody asks for mails: their address, and the letter that waits for them."""
        address = f"a{uuid4().hex[:10]}@reader.example"
        wanted = {"email": address, "area": area or {"unit": UNIT}, "language": "pl"}
        assert self.stack.call("POST", "/v1/subscriptions", wanted).status == 202
        return address, self.letters()[-1]

    def letters(self) -> list[dict[str, Any]]:
        """The letters that wait, oldest first."""
        found = [item for shard in range(4) for item in items(self.stack, f"M#{shard}")]
        return sorted(found, key=lambda item: str(item["SK"]["S"]))

    def token(self, address: str, where: str = "confirm") -> str:
        """The token in the link of a letter."""
        (mail,) = [mail for mail in self.mails() if mail["to"] == [address]][:1]
        return str(next(token for place, token in LINK.findall(mail["text"]) if place == where))

    def mails(self) -> list[dict[str, Any]]:
        """Every mail that has been sent."""
        return sent_mails(self.stack.running.endpoint)

    # -- functions

    def invoke(self, function: str, event: dict[str, Any]) -> dict[str, Any] | None:
        """What a function answers; None where it fails."""
        try:
            return dict(self.stack.running.invoke(function, event))
        except FunctionFailed:
            return None

    def relay(self, item: dict[str, Any]) -> dict[str, Any] | None:
        """Let the relay take up an item that waits, as the stream would."""
        keys = {name: item[name] for name in ("PK", "SK")}
        record = {"eventName": "INSERT", "dynamodb": {"Keys": keys, "SequenceNumber": "1"}}
        return self.invoke("relay", {"Records": [record]})

    def later(self) -> str:
        """A moment for a function: hours after the one before, so that no pause or full hour stands in its way."""
        return (system_clock() + timedelta(hours=6 * next(self._rounds))).isoformat()

    def forget(self, begins: str) -> None:
        """Take away whatever stands in partitions whose names begin so: that a job is done, that an hour is full."""
        table, client = self.stack.running.names["MAIN_TABLE"], self.stack.running.client("dynamodb")
        for page in client.get_paginator("scan").paginate(TableName=table, ProjectionExpression="PK, SK"):
            for keys in page["Items"]:
                if keys["PK"]["S"].startswith(begins):
                    client.delete_item(TableName=table, Key=keys)

    def night(self) -> datetime:
        """Ten past midnight of a day, days after the one before."""
        return ahead(next(self._days), time(0, 10))

    def monday(self) -> datetime:
        """Six in the morning of a Monday, a week after the one before."""
        day = ahead(7 * next(self._rounds), time()).date()
        return datetime.combine(day - timedelta(days=day.weekday()), time(6), ZONE)

    def restart(self, function: str) -> None:
        """Let a function forget what it has read: its next invocation is a new process."""
        functions, name = self.stack.running.client("lambda"), self.stack.running.functions[function]
        held = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": {**held, "ROUND": uuid4().hex}}
        )
        functions.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1})

    @contextmanager
    def without(self, role: str, sid: str, action: str) -> Iterator[None]:
        """Take one action out of one statement of a role's policy, in place."""
        iam, name = self.stack.running.client("iam"), self.roles[role]
        (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        reduced = json.loads(json.dumps(document))
        for statement in reduced["Statement"]:
            if statement["Sid"] == sid:
                statement["Action"] = [each for each in statement["Action"] if each != action] or ["none:None"]
        assert reduced != document
        iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(reduced))
        try:
            yield
        finally:
            iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Keep streams and queues from starting functions: errands do."""
        functions, name = self.stack.running.client("lambda"), self.stack.running.functions["photos"]
        (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        with ExitStack() as undone:
            undone.enter_context(stream_off(self.stack))
            functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
            undone.callback(functions.update_event_source_mapping, UUID=mapping["UUID"], Enabled=True)
            yield
