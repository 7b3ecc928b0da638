"""`make subscribe-alerts UNIT=… PROTOCOL=sqs|https|sms|email TO=…`: lets a machine or a phone hear of a unit's alerts.

`CATEGORY=` (codes, separated by commas) and `PRIORITY=` (1 urgent only, 2 important too) narrow it. A unit that others
stand under hears of theirs, too. SNS does the filtering, by attributes of the message; what a message says stands in
`/data/schema/alert.json`. A webhook and a mailbox are asked to confirm first; a queue must let the topic send to it.

Works on the running local instance; where TOPIC_PREFIX is set (the ARN of the topics up to the garrison's code), on
that stage on AWS.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

import boto3

from chalicelib.domain.alerting import OVERDUE, SURGE
from chalicelib.domain.instance import Instance
from chalicelib.services.telling import KINDS
from infra.commands.instance import NotRunning, connect
from infra.commands.replay import read_instance
from infra.local.emulator import ROOT

PROTOCOLS = ("sqs", "https", "sms", "email", "lambda")


def main(arguments: list[str] | None = None) -> int:
    """Subscribe and print the subscription; 1 and a word of advice where that is impossible."""
    options = _options(arguments)
    code = os.environ.get("INSTANCE", "pl")
    try:
        if "TOPIC_PREFIX" not in os.environ:
            running = connect()
            os.environ.update(running.environment())
            code = running.instance
        instance = read_instance(ROOT / "instances" / code)
        wanted = filter_policy(options, instance)
    except (NotRunning, UnknownName) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(json.dumps(subscribe(boto3.client("sns"), options, instance, wanted), ensure_ascii=False, indent=1))
    return 0


class UnknownName(Exception):
    """A unit, category or kind that the instance does not know; the message names it."""


def filter_policy(options: argparse.Namespace, instance: Instance) -> dict[str, list[Any]]:
    """Return the filter policy on the message's attributes; raises `UnknownName`."""
    if options.unit not in instance.units:
        raise UnknownName(f"There is no unit {options.unit}.")
    policy: dict[str, list[Any]] = {}
    if instance.units[options.unit].parent is not None:
        # A garrison has the topic for itself.
        below = [
            unit.code for unit in instance.units if options.unit in {up.code for up in instance.units.chain(unit.code)}
        ]
        policy["unit"] = sorted(below)
    for name, given, known in (
        ("category", options.category, instance.catalogue.categories),
        ("kind", options.kind, KINDS),
    ):
        chosen = [each for each in (given or "").split(",") if each]
        for each in chosen:
            if each not in known:
                raise UnknownName(f"There is no {name} {each}.")
        if chosen:
            policy[name] = chosen
    if options.priority is not None:
        policy["priority"] = [{"numeric": ["<=", options.priority]}]
    return policy


def subscribe(
    sns: Any, options: argparse.Namespace, instance: Instance, wanted: dict[str, list[Any]]
) -> dict[str, Any]:
    """Subscribe; an endpoint that is subscribed already gets the new filter."""
    garrison = instance.units.garrison(options.unit).code
    topic = f"{os.environ['TOPIC_PREFIX']}{garrison}"
    made = sns.subscribe(TopicArn=topic, Protocol=options.protocol, Endpoint=options.to, ReturnSubscriptionArn=True)
    arn = made["SubscriptionArn"]
    # Set afterwards, because a subscription that is there keeps its old attributes whatever Subscribe says.
    sns.set_subscription_attributes(
        SubscriptionArn=arn, AttributeName="FilterPolicy", AttributeValue=json.dumps(wanted)
    )
    return {"subscription": arn, "topic": topic, "protocol": options.protocol, "filter": wanted}


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make subscribe-alerts", description=__doc__)
    parser.add_argument("--unit", required=True, help="code of the unit")
    parser.add_argument("--protocol", required=True, choices=PROTOCOLS)
    parser.add_argument("--to", required=True, help="ARN of a queue, https address, number as +48…, or address")
    parser.add_argument("--category", help="codes of categories, separated by commas")
    parser.add_argument("--kind", help=f"kinds of alert, separated by commas, e.g. {SURGE},{next(iter(OVERDUE))}")
    parser.add_argument("--priority", type=int, choices=(1, 2, 3), help="1 urgent alone, 2 important too, 3 all")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
