"""What a stage costs a month: how often things happen, what each takes, and what AWS asks for it.

How often functions start, with how much memory, how many alarms and metrics there are: read from the templates that are
deployed. What one request takes: measured (docs/operate.md, "What to plan by"). How long a function runs: assumed here,
generously, because a machine of one's own is no measure for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.build.packages import ROOT

PRICES = ROOT / "infra" / "prices.json"
DAYS = 30.4375
"""Of a month: a twelfth of 365.25."""

WRITE_UNITS = 60
"""Of a case in all its life: filed, told, taken up, confirmed, eliminated."""

READ_UNITS = 60
"""The same in reads: as many, though most steps read less than they write."""

CASE_KB = 8
"""What a case takes in the table with its events, words and index entries."""

LOG_KB = 1
"""What one run of a function writes."""

SECONDS = {
    "APIHandler": 0.15,
    "Relay": 0.5,
    "Photos": 2.0,
    "Sweeper": 1.0,
    "Bounces": 0.3,
    "Bulletins": 3.0,
    "Escalation": 5.0,
    "Plans": 20.0,
    "Nightly": 300.0,
    "Publish": 5.0,
    "Digest": 30.0,
}
"""How long a run of each function is taken to last."""

SERVICES: Mapping[str, tuple[str, ...]] = {
    "AWS::DynamoDB": ("table", "storage"),
    "AWS::Lambda": ("functions",),
    "AWS::Serverless": ("functions", "gateway"),
    "AWS::ApiGateway": ("gateway",),
    "AWS::S3": ("buckets",),
    "AWS::CloudFront": ("traffic",),
    "AWS::SES": ("mails",),
    "AWS::SNS": ("messages",),
    "AWS::SQS": ("messages",),
    "AWS::Scheduler": ("schedules",),
    "AWS::Logs": ("logs",),
    "AWS::CloudWatch": ("alarms",),
    "AWS::WAFv2": ("firewall",),
    "AWS::Cognito": ("officers",),
    "AWS::KMS": ("keys",),
    # What they hold is priced above, or nothing is asked for them.
    "AWS::IAM": (),
    "AWS::SSM": (),
    "AWS::CertificateManager": (),
    "AWS::Budgets": (),
    # By the terabyte that analysts read, which is theirs to decide.
    "AWS::Glue": (),
    "AWS::Athena": (),
}
"""Which lines of the bill pay for the resources of a service."""


@dataclass(frozen=True, slots=True)
class Use:
    """What happens in a month. `visits` are openings of the map, each with some tiles and points."""

    reports: int
    visits: int
    subscribers: int
    officers: int
    photos_share: float = 0.3
    urgent_share: float = 0.2
    answers_per_report: int = 30
    """Requests of the API for each report: the form's, the receipt's, the officers' and those of `I see it too`."""
    files_per_visit: int = 60
    mb_per_visit: float = 2.0
    digests_per_subscriber: int = 8


def prices() -> dict[str, float]:
    """Return the prices by name."""
    held: dict[str, Any] = json.loads(PRICES.read_text("utf-8"))
    return {name: float(value) for name, value in held.items() if name not in {"note", "region"}}


def runs(expression: str) -> float:
    """Return how often a month a schedule starts; `ValueError` for one that this does not know."""
    if match := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        apart = {"minute": 1, "hour": 60, "day": 1440}[match[2]] * int(match[1])
        return DAYS * 1440 / apart
    if match := re.fullmatch(r"cron\((\S+) (\S+) (\S+) \* (\S+) \*\)", expression):
        week = 1.0 if match[4] in {"*", "?"} else len(match[4].split(",")) / 7
        return DAYS * week * _times(match[1], 60) * _times(match[2], 24)
    raise ValueError(expression)


def _watched(alarm: Mapping[str, Any]) -> int:
    """Return how many metrics an alarm pays for: those that it reckons with; a band of what is usual counts as two."""
    parts = alarm.get("Metrics", ())
    bands = sum("ANOMALY_DETECTION_BAND" in str(part.get("Expression", "")) for part in parts)
    return sum("MetricStat" in part for part in parts) + 2 * bands or 1


def _times(field: str, of: int) -> int:
    """Return how many values a field of a cron expression stands for."""
    if field == "*":
        return of
    if match := re.fullmatch(r"(\d+)/(\d+)", field):
        return len(range(int(match[1]), of, int(match[2])))
    if match := re.fullmatch(r"(\d+)-(\d+)", field):
        return int(match[2]) - int(match[1]) + 1
    return len(field.split(","))


def starts(functions: Mapping[str, Any], use: Use) -> dict[str, float]:
    """Return how often a month each function of the template runs."""
    found: dict[str, float] = {
        "APIHandler": float(use.reports * use.answers_per_report),
        "Relay": float(use.reports * 2),
        "Photos": use.reports * use.photos_share,
        "Bounces": use.reports * use.urgent_share * 0.02,
    }
    for resource in functions.values():
        if resource["Type"] == "AWS::Scheduler::Schedule":
            name = resource["Properties"]["Target"]["Arn"]["Fn::GetAtt"][0]
            found[name] = found.get(name, 0.0) + runs(resource["Properties"]["ScheduleExpression"])
    return found


def bill(templates: Mapping[str, Mapping[str, Any]], use: Use) -> dict[str, float]:
    """Return dollars a month by line. `templates` are the resources of each stack; `functions` is one of them."""
    price, functions = prices(), templates["functions"]
    started = starts(functions, use)
    gb_seconds = sum(
        count * SECONDS[name] * functions[name]["Properties"]["MemorySize"] / 1024 for name, count in started.items()
    )
    requests, kept_gb = started["APIHandler"], use.reports * 12 * CASE_KB / 1e6
    mails = use.reports * (use.urgent_share + (1 - use.urgent_share) / 5)
    mails += use.subscribers * use.digests_per_subscriber
    counted = list(_each(templates))
    alarms = [made for kind, made in counted if kind == "AWS::CloudWatch::Alarm"]
    metrics = {made["MetricName"] for made in alarms if made.get("Namespace", "").startswith("Czujka")}
    walls = [made for kind, made in counted if kind == "AWS::WAFv2::WebACL"]
    lines = {
        "table": use.reports
        * (WRITE_UNITS * price["write_units_million"] + READ_UNITS * price["read_units_million"])
        / 1e6,
        "storage": kept_gb * (price["table_gb_month"] + price["recovery_gb_month"]),
        "functions": sum(started.values()) * price["lambda_requests_million"] / 1e6
        + gb_seconds * price["lambda_arm_gb_second"],
        "gateway": requests * price["gateway_requests_million"] / 1e6,
        "buckets": _buckets(started, use, price),
        "traffic": use.visits * use.mb_per_visit / 1e3 * price["traffic_gb"]
        + (use.visits * use.files_per_visit + requests) * price["traffic_requests_million"] / 1e6,
        "mails": mails * price["mails_thousand"] / 1e3,
        "messages": use.reports * 3 * (price["topic_publishes_million"] + price["queue_requests_million"]) / 1e6,
        "schedules": sum(count for name, count in started.items() if name in _scheduled(functions))
        * price["schedules_million"]
        / 1e6,
        "logs": (sum(started.values()) + requests) * LOG_KB / 1e6 * price["logs_gb"],
        "alarms": sum(map(_watched, alarms)) * price["alarm_month"]
        + sum(kind == "AWS::CloudWatch::CompositeAlarm" for kind, _ in counted) * price["composite_alarm_month"]
        + len(metrics) * price["metric_month"]
        + sum(kind == "AWS::CloudWatch::Dashboard" for kind, _ in counted) * price["dashboard_month"],
        "firewall": sum(
            price["webacl_month"] + len(made.get("Rules", [])) * price["webacl_rule_month"] for made in walls
        )
        + bool(walls) * (use.visits * use.files_per_visit + requests) * price["webacl_requests_million"] / 1e6,
        "officers": use.officers * price["officer_month"],
        "keys": sum(kind == "AWS::KMS::Key" for kind, _ in counted) * price["key_month"],
    }
    return {name: round(dollars, 2) for name, dollars in lines.items()}


def unpriced(templates: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the types of resources whose service the bill does not know."""
    return sorted({kind for kind, _ in _each(templates) if kind.rpartition("::")[0] not in SERVICES})


def _buckets(started: Mapping[str, float], use: Use, price: Mapping[str, float]) -> float:
    files = started["Nightly"] * 5_000 + started["Publish"] * 100 + use.reports * use.photos_share * 3
    held = 5.0 + use.reports * 12 * use.photos_share * 1e-3
    reads = use.visits * use.files_per_visit * 0.1
    return (
        held * price["bucket_gb_month"]
        + files * price["bucket_puts_thousand"] / 1e3
        + (reads * price["bucket_gets_thousand"] / 1e3)
    )


def _scheduled(functions: Mapping[str, Any]) -> set[str]:
    schedules = (made for made in functions.values() if made["Type"] == "AWS::Scheduler::Schedule")
    return {made["Properties"]["Target"]["Arn"]["Fn::GetAtt"][0] for made in schedules}


def _each(templates: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield type and properties of every resource; a loop of the template counts as what it makes, once."""
    for resources in templates.values():
        for name, made in resources.items():
            if name.startswith("Fn::ForEach"):
                yield from _each({name: made[2]})
            else:
                yield made["Type"], made.get("Properties", {})
