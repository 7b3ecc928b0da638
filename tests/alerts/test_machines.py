"""What machines hear: a message that obeys its schema, and subscriptions that get what they asked for alone."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator

from chalicelib.domain.alerting import OVERDUE
from chalicelib.notify.case import News, Surge
from chalicelib.notify.topic import message
from chalicelib.services.stable import schemas
from infra.commands import subscribe_alerts
from tests.alerts.cases import CASE, SITE
from tests.alerts.world import UNIT, World


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    """The published schema of alerts."""
    (found,) = [json.loads(file.body) for file in schemas() if file.key == "data/schema/alert.json"]
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


SURGE = Surge("traffic", 5, 300, 2)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"due": None, "public_cell": None},
        *({"kind": kind, "news": News(CASE.at)} for kind in ("withdrawn", "reopened", "answered", *OVERDUE)),
        {"kind": "surge", "seq": 0, "news": News(CASE.at), "surge": SURGE},
    ],
    ids=lambda changes: changes.get("kind", "accepted"),
)
def test_every_message_obeys_the_published_schema(schema: Draft202012Validator, changes: dict[str, Any]) -> None:
    schema.validate(json.loads(message(replace(CASE, **changes), SITE).body))


@pytest.mark.parametrize("wrong", [{"surge": None}, {"kind": "surge"}, {"priority": 0}, {"version": 2}, {"cell": "x"}])
def test_the_schema_would_find_a_wrong_message(schema: Draft202012Validator, wrong: dict[str, Any]) -> None:
    body = json.loads(message(CASE, SITE).body)
    assert not schema.is_valid(body | wrong)


def test_a_phone_gets_a_line_and_no_json() -> None:
    made = json.loads(message(CASE, SITE).structure)
    assert made["sms"] == f"[KMP Łomża] Nieprawidłowe parkowanie · {SITE}/policja/#/sprawa/7Q3M"
    assert json.loads(made["default"])["report"] == "7Q3M"


class Listener:
    """A queue of its own that the command subscribes."""

    def __init__(self, world: World) -> None:
        self.sqs = world.post.sqs
        self.url: str = self.sqs.create_queue(QueueName=f"machine-{uuid4().hex}")["QueueUrl"]
        held = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])
        self.arn: str = held["Attributes"]["QueueArn"]
        allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
        policy = {"Version": "2012-10-17", "Statement": [allow | {"Resource": self.arn}]}
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": json.dumps(policy)})

    def heard(self) -> set[str]:
        """The reports of which it has heard."""
        found = set()
        while batch := self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages", []):
            for held in batch:
                found.add(json.loads(json.loads(held["Body"])["Message"])["report"])
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=held["ReceiptHandle"])
        return found


@pytest.fixture
def listener(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """A queue, and the command pointed at the topics of the test."""
    monkeypatch.setenv("TOPIC_PREFIX", world.post.stack.names["TOPIC_PREFIX"])
    made = Listener(world)
    yield made
    for held in world.post.sns.list_subscriptions()["Subscriptions"]:
        if held["Endpoint"] == made.arn:
            world.post.sns.unsubscribe(SubscriptionArn=held["SubscriptionArn"])
    made.sqs.delete_queue(QueueUrl=made.url)


def subscribe(listener: Listener, *more: str, unit: str = UNIT) -> int:
    """Run the command."""
    return subscribe_alerts.main(["--unit", unit, "--protocol", "sqs", "--to", listener.arn, *more])


@pytest.mark.parametrize(
    ("arguments", "heard"),
    [
        ([], {"parked", "raced", "ordinary"}),
        (["--category", "car_racing"], {"raced"}),
        (["--priority", "1"], {"parked", "raced"}),
        (["--priority", "1", "--category", "illegal_parking,illegal_dump"], {"parked"}),
        (["--kind", "surge"], set()),
    ],
    ids=["all", "category", "severity", "both", "kind"],
)
def test_a_subscription_gets_what_it_asked_for_alone(
    world: World, listener: Listener, arguments: list[str], heard: set[str]
) -> None:
    assert subscribe(listener, *arguments) == 0
    filed = {
        "parked": world.report(priority=1),
        "raced": world.report(category="car_racing", priority=1),
        "ordinary": world.report(priority=3),
    }
    others = world.alert(filed["parked"].id, 2, unit="KMP-SUWALKI")
    others.delete()
    world.relay(*filed.values())
    assert listener.heard() == {filed[name].id for name in heard}


def test_another_unit_s_alerts_are_not_heard_but_the_garrison_hears_them(world: World, listener: Listener) -> None:
    item = world.report()
    other = next(
        unit.code for unit in world.container.instance.units if unit.parent == "KWP-BIALYSTOK" and unit.code != UNIT
    )
    assert subscribe(listener, unit=other) == 0
    world.relay(item)
    assert listener.heard() == set()
    assert subscribe(listener, unit="KWP-BIALYSTOK") == 0
    again = world.report()
    world.relay(again)
    assert listener.heard() == {again.id}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--category", "no_such"], "no category no_such"), (["--kind", "joke"], "no kind joke")],
)
def test_an_unknown_name_is_refused(
    listener: Listener, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert subscribe(listener, *arguments) == 1
    assert said in capsys.readouterr().err


def test_an_unknown_unit_is_refused(listener: Listener, capsys: pytest.CaptureFixture[str]) -> None:
    assert subscribe(listener, unit="KMP-NOWHERE") == 1
    assert "no unit KMP-NOWHERE" in capsys.readouterr().err


def test_without_a_running_instance_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TOPIC_PREFIX", raising=False)
    monkeypatch.setenv("INSTANCE", "nowhere")
    assert subscribe_alerts.main(["--unit", UNIT, "--protocol", "sms", "--to", "+48600000000"]) == 1
    assert "make run" in capsys.readouterr().err


def test_a_unit_hears_of_those_below_it(world: World) -> None:
    options = argparse.Namespace(unit=UNIT, category=None, kind=None, priority=None)
    assert subscribe_alerts.filter_policy(options, world.container.instance) == {"unit": [UNIT]}
