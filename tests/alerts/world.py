"""What the tests of alerts arrange and look at."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from chalicelib.container import Container, _Resources
from chalicelib.domain.location import cell_at, micro
from chalicelib.events import bulletins, relay, sweeper
from chalicelib.services.alerts import Alerts
from chalicelib.store import bulletins as store
from chalicelib.store import keys, outbox
from chalicelib.store.alert import Alert
from chalicelib.store.bulletins import Line
from chalicelib.store.models import EventItem, MainItem, OutboxItem, ReportItem
from chalicelib.store.unit_items import UnitItem
from tests.support.stacks import DataStack

UNIT = "KMP-LOMZA"
GARRISON = "KWP-BIALYSTOK"
LAT, LON = 53.1784, 22.0593
MAILBOX = "lomza@police.example"

_numbers = count(1)


class Post:
    """The two services at work: one garrison's topic with a queue behind it, and the mails that SES keeps."""

    def __init__(self, stack: DataStack, resources: _Resources) -> None:
        self.stack = stack
        self.resources = resources
        self.sqs, self.sns, self.dynamodb = (stack.client(name) for name in ("sqs", "sns", "dynamodb"))
        prefix = stack.names["TOPIC_PREFIX"].rpartition(":")[2]
        self.topic: str = self.sns.create_topic(Name=f"{prefix}{GARRISON}")["TopicArn"]
        self.queue: str = self.sqs.create_queue(QueueName="alerts-in-tests")["QueueUrl"]
        wanted = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])
        arn = wanted["Attributes"]["QueueArn"]
        statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
        policy = {"Version": "2012-10-17", "Statement": [statement | {"Resource": arn}]}
        self.sqs.set_queue_attributes(QueueUrl=self.queue, Attributes={"Policy": json.dumps(policy)})
        self.sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)

    def mails(self) -> list[dict[str, Any]]:
        """Every mail that SES has ever accepted here, oldest first."""
        address = f"{self.stack.access.endpoint}/_ministack/ses/messages"
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - the emulator on loopback
            accounts = json.load(answer)["messages"]
        return [mail for mails in accounts.values() for mail in mails]

    def messages(self) -> list[dict[str, Any]]:
        """What the topic has delivered since the last look, with `attributes` beside the body's members."""
        found: list[dict[str, Any]] = []
        while batch := self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", []):
            for held in batch:
                envelope = json.loads(held["Body"])
                attributes = {name: value["Value"] for name, value in envelope["MessageAttributes"].items()}
                found.append(json.loads(envelope["Message"]) | {"attributes": attributes})
            read = [{"Id": held["MessageId"], "ReceiptHandle": held["ReceiptHandle"]} for held in batch]
            self.sqs.delete_message_batch(QueueUrl=self.queue, Entries=read)
        return found


@dataclass
class World:
    """One unit's alerts: a container with a clock that `wait` moves, and what has come out since the beginning."""

    post: Post
    now: datetime
    container: Container = field(init=False)
    _mails_before: int = field(init=False)

    def __post_init__(self) -> None:
        self.container = Container(self.post.stack.settings(), lambda: self.now, self.post.resources)
        self.give_address(UNIT, MAILBOX)
        self.messages()
        self._mails_before = len(self.post.mails())

    def close(self) -> None:
        """Forget the delivery that was put together for this test."""
        relay.alerts.cache_clear()

    def reconfigure(self, **changes: str) -> None:
        """Deploy again with other settings."""
        self.container = Container(self.post.stack.settings(**changes), lambda: self.now, self.post.resources)

    @property
    def alerts(self) -> Alerts:
        """The delivery, put together as the handlers do."""
        return relay.alerts(self.container)

    def wait(self, **duration: float) -> None:
        """Let time pass."""
        self.now += timedelta(**duration)

    def give_address(self, unit: str, *addresses: str) -> None:
        """Note where a unit gets mail."""
        UnitItem(keys.unit(unit), keys.META, code=unit, addresses=list(addresses)).save()

    def give_settings(self, unit: str, **settings: Any) -> None:
        """Note what a coordinator wants for a unit that has an address."""
        item = UnitItem(keys.unit(unit), keys.META)
        item.update([getattr(UnitItem, name).set(value) for name, value in settings.items()])

    def report(self, *, category: str = "illegal_parking", priority: int = 1, **changes: Any) -> OutboxItem:
        """File a report and its alert, urgent unless told otherwise, entering the outbox now."""
        rid, at = f"R{next(_numbers):025d}", keys.instant(self.now)
        report: dict[str, Any] = {
            "id": rid,
            "category": category,
            "lat6": micro(LAT),
            "lon6": micro(LON),
            "cell": cell_at(LAT, LON),
            "status": "new",
            "tier": 1,
            "unit": UNIT,
            "area": "2062",
            "boundaries": "approximate",
            "created": at,
            "day": at[:10],
            "v": 1,
            "origin": "web",
            "text": "Czerwone auto pod numerem 7",
            "due_take_up": keys.instant(self.now + timedelta(days=3)),
        }
        ReportItem(keys.report(rid), keys.REPORT, **(report | changes)).save()
        event = {name: report[name] for name in ("id", "category", "status", "unit", "area", "day", "created")}
        event |= {"g1pk": keys.day_feed(at[:10], keys.shard(rid)), "g1sk": keys.at_id_sequence(at, rid, 1)}
        EventItem(keys.report(rid), keys.event(1), seq=1, type="accepted", at=at, **event).save()
        return self.alert(rid, 1, category=category, priority=priority)

    def alert(self, rid: str, seq: int, **changes: Any) -> OutboxItem:
        """Put an alert into the outbox, as accepting a report does."""
        at = keys.instant(self.now)
        values: dict[str, Any] = {
            "kind": "accepted",
            "unit": UNIT,
            "garrison": GARRISON,
            "category": "illegal_parking",
            "priority": 1,
        }
        sort_key = keys.at_id_sequence(at, rid, seq)
        item = OutboxItem(keys.outbox(keys.shard(rid)), sort_key, id=rid, seq=seq, at=at, **(values | changes))
        item.save()
        return item

    def relay(self, *items: OutboxItem) -> dict[str, Any]:
        """Hand the stream's records of new outbox items to the relay."""
        return relay.handle({"Records": [record(item) for item in items]}, self.container)

    def sweep(self) -> dict[str, Any]:
        """Let the schedule come round once."""
        return sweeper.handle({}, self.container)

    def bulletins(self) -> dict[str, Any]:
        """Let the quarter of an hour come round once."""
        return bulletins.handle({}, self.container)

    def lines(self) -> list[Line]:
        """Every line that waits in a box."""
        return [line for box in store.boxes() for line in store.lines(replace(box, bulletin=None))]

    def waiting(self) -> list[Alert]:
        """Every alert in the outbox."""
        return list(outbox.waiting(self.now + timedelta(days=1)))

    def messages(self) -> list[dict[str, Any]]:
        """What the topic has delivered since the last look."""
        return self.post.messages()

    def mails(self) -> list[dict[str, Any]]:
        """What SES has accepted in this test."""
        return self.post.mails()[self._mails_before :]


def record(item: MainItem) -> dict[str, Any]:
    """A stream record of a new item, with the keys alone, as the stream sends it."""
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "Keys": {"PK": {"S": item.pk}, "SK": {"S": item.sk}},
            "SequenceNumber": f"{next(_numbers):021d}",
        },
    }


@contextmanager
def hooked(client: Any, event: str, hook: Callable[..., Any]) -> Iterator[None]:
    """Let botocore call `hook` at an event of a client, e.g. ``after-call.sns.Publish``."""
    client.meta.events.register(event, hook)
    try:
        yield
    finally:
        client.meta.events.unregister(event, hook)
