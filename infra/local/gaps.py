"""What MiniStack does otherwise than AWS and this project depends on, put right inside its process.

Each entry stands here only until MiniStack does the same; `docs/adr/0002-the-embedded-emulator.md` lists the gaps
that stay.
"""

# ruff: noqa: SLF001 - MiniStack has no public way to these

import json
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

from ministack.core import iam_actions
from ministack.services import apigateway_v1, eventbridge, scheduler, ses, sns
from ministack.services.cloudformation import provisioners

SEND = ("POST", "/v2/email/outbound-emails")


def close_gaps() -> None:
    """Put the corrections in place; before the first request."""
    allow_sending_by_identity()
    keep_the_zone_of_schedules()
    fire_in_the_schedule_s_zone()
    keep_the_gateway_s_own_answers()
    tell_functions_of_topics_in_full()


def allow_sending_by_identity() -> None:
    """AWS allows SendEmail on the identity that sends; MiniStack asks for `*`."""
    original = iam_actions._ses_v2_resource_arn

    def resource(method: str, path: str, body: bytes, region: str, account: str) -> str:
        if (method, path.rstrip("/")) != SEND:
            return str(original(method, path, body, region, account))
        return f"arn:aws:ses:{region}:{account}:identity/{sending_identity(body)}"

    iam_actions._ses_v2_resource_arn = resource


def sending_identity(body: bytes) -> str:
    """The identity that a SendEmail request uses: the address where that is verified, else its domain."""
    try:
        sender = json.loads(body).get("FromEmailAddress", "")
    except (ValueError, AttributeError):
        return ""
    address = parseaddr(sender)[1]
    return address if address in ses._identities else address.rpartition("@")[2]


def keep_the_zone_of_schedules() -> None:
    """MiniStack's CloudFormation drops the time zone of a schedule."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::Scheduler::Schedule"]
    create, update = handlers["create"], handlers["update"]

    def keep(made: tuple[str, Any], properties: dict[str, Any]) -> tuple[str, Any]:
        schedule = scheduler._schedules[f"{properties.get('GroupName', 'default')}/{made[0]}"]
        schedule["ScheduleExpressionTimezone"] = properties.get("ScheduleExpressionTimezone", "UTC")
        return made

    def create_with_zone(logical: str, properties: dict[str, Any], stack: str) -> tuple[str, Any]:
        return keep(create(logical, properties, stack), properties)

    def update_with_zone(physical: str, old: dict[str, Any], new: dict[str, Any], stack: str) -> tuple[str, Any]:
        return keep(update(physical, old, new, stack), new)

    handlers |= {"create": create_with_zone, "update": update_with_zone}


class Zoned(str):
    """A schedule expression that knows its time zone."""

    __slots__ = ("zone",)
    zone: ZoneInfo


class ZonedFields(tuple[Any, ...]):  # noqa: SLOT001 - a tuple can have no slot but an empty one
    """The fields of a cron expression, with the zone that they are meant in."""

    zone: ZoneInfo


def zoned(expression: str, zone: str) -> Zoned:
    """The expression, meant in the zone."""
    made = Zoned(expression)
    made.zone = ZoneInfo(zone)
    return made


def fire_in_the_schedule_s_zone() -> None:
    """MiniStack keeps a schedule's time zone and reckons in UTC; its arithmetic is right in any zone, if told one."""
    tick, parse, following = scheduler._tick_schedules, eventbridge._parse_cron_fields, eventbridge._cron_next_fire

    def tick_in_zones() -> None:
        for schedule in list(scheduler._schedules._data.values()):
            schedule["ScheduleExpression"] = zoned(
                schedule["ScheduleExpression"], schedule.get("ScheduleExpressionTimezone", "UTC")
            )
        tick()

    def parse_with_zone(expression: str) -> Any:
        fields = parse(expression)
        if fields is None or not isinstance(expression, Zoned):
            return fields
        made = ZonedFields(fields)
        made.zone = expression.zone
        return made

    def following_in_zone(fields: tuple[Any, ...], after: datetime) -> Any:
        return following(fields, after.astimezone(fields.zone) if isinstance(fields, ZonedFields) else after)

    scheduler._tick_schedules = tick_in_zones
    eventbridge._parse_cron_fields = parse_with_zone
    eventbridge._cron_next_fire = following_in_zone


def keep_the_gateway_s_own_answers() -> None:
    """MiniStack has the gateway's own answers, but leaves out those that an API's definition brings."""
    original = apigateway_v1._import_rest_api

    def import_with_answers(definition: dict[str, Any], base: dict[str, Any] | None = None) -> Any:
        made = original(definition, base)
        for kind, answer in definition.get("x-amazon-apigateway-gateway-responses", {}).items():
            apigateway_v1._put_gateway_response(made, kind, answer)
        return made

    apigateway_v1._import_rest_api = import_with_answers


def tell_functions_of_topics_in_full() -> None:
    """AWS hands a topic's message to a function with every member; MiniStack leaves out what is empty."""
    original = sns._deliver_to_lambda

    def deliver_in_full(endpoint: str, envelope: str, *more: Any) -> None:
        empty: dict[str, Any] = {"Subject": None, "MessageAttributes": {}}
        original(endpoint, json.dumps({**empty, **json.loads(envelope)}), *more)

    sns._deliver_to_lambda = deliver_in_full
