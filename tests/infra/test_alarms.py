"""The alarms: each watches a metric that somebody writes, and tells whoever is on duty."""

import ast
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.events.metrics import NAMESPACE
from infra.build.packages import ROOT

Template = dict[str, Any]

OF_AWS = {
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible": {"QueueName"}},
    "AWS/Lambda": {"IteratorAge": {"FunctionName"}, "Invocations": {"FunctionName"}},
}
"""Metrics that AWS writes by itself, with their dimensions (its user guides of SQS and Lambda)."""

WATCHED = {
    "FailuresAlarm",
    "ArrivalsFailedAlarm",
    "ParkedAlarm",
    "IteratorAgeAlarm",
    "OutboxAgeAlarm",
    "BulletinAgeAlarm",
    "FlaggedAlarm",
    "SweeperSilentAlarm",
    "NightSilentAlarm",
    "PurgeLeftAlarm",
    "InvariantViolationsAlarm",
    "RetentionLeftAlarm",
}


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    found = template["Resources"].items()
    return {name: made["Properties"] for name, made in found if made["Type"] == "AWS::CloudWatch::Alarm"}


def words(function: str) -> str:
    """The handler of a function, where its metrics are named."""
    return (ROOT / "chalicelib" / "events" / f"{function}.py").read_text("utf-8")


def emitting(function: str) -> bool:
    """Whether the handler calls `emit` under the function's own name."""
    calls = [node for node in ast.walk(ast.parse(words(function))) if isinstance(node, ast.Call)]
    return any(
        isinstance(call.func, ast.Name)
        and call.func.id == "emit"
        and any(isinstance(given, ast.Constant) and given.value == function for given in call.args)
        for call in calls
    )


def test_everything_that_can_go_wrong_with_alerts_is_watched(aws_template: Template) -> None:
    assert set(alarms(aws_template)) >= WATCHED


def test_every_alarm_watches_a_metric_that_is_written(aws_template: Template) -> None:
    for name, alarm in alarms(aws_template).items():
        dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
        if alarm["Namespace"] != NAMESPACE:
            assert OF_AWS[alarm["Namespace"]][alarm["MetricName"]] == set(dimensions), name
            continue
        assert dimensions["stage"] == {"Ref": "Stage"}
        assert set(dimensions) == {"stage", "function"}
        stem = alarm["MetricName"].removeprefix("addresses_")
        assert f'"{alarm["MetricName"]}"' in words(dimensions["function"]) or f'"{stem}"' in words(
            dimensions["function"]
        ), name
        assert emitting(dimensions["function"]), name


def test_every_alarm_is_told_to_somebody_and_says_what_it_means(aws_template: Template) -> None:
    for alarm in alarms(aws_template).values():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
        assert len(alarm["AlarmDescription"]) > 20


@pytest.mark.parametrize("alarm", sorted(WATCHED))
def test_what_to_do_when_it_rings_is_written_down(alarm: str) -> None:
    page = (ROOT / "docs" / "operate.md").read_text("utf-8")
    told = page.partition(f"\n### {alarm}\n")[2].partition("\n#")[0]
    assert len(told) > 100


def inside(part: Any) -> Iterator[tuple[str, Any]]:
    """Every name in a part of a template with what stands under it, however deep."""
    if isinstance(part, dict):
        yield from part.items()
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from inside(each)


def named(part: Any) -> set[str]:
    """What a part of a template refers to, be it the thing itself or one of its attributes."""
    found = list(inside(part))
    return {to for name, to in found if name == "Ref"} | {to[0] for name, to in found if name == "Fn::GetAtt"}


def dead_letters(aws_template: Template, data_template: Template) -> set[str]:
    """Queues of what failed, by the names that the functions' stack has for what the data stack puts out."""
    ends = {"OnFailure", "DeadLetterQueue", "DeadLetterConfig"}
    of_functions = [end for name, end in inside(aws_template["Resources"]) if name in ends]
    of_queues = [end for name, end in inside(data_template["Resources"]) if name == "deadLetterTargetArn"]
    put_out = {each["Value"]["Ref"]: name for name, each in data_template["Outputs"].items()}
    return named(of_functions) | {put_out[queue] for queue in named(of_queues)}


def test_every_queue_of_what_failed_has_an_alarm(aws_template: Template, data_template: Template) -> None:
    of_queues = [alarm for alarm in alarms(aws_template).values() if alarm["Namespace"] == "AWS/SQS"]
    watched = named([alarm["Dimensions"] for alarm in of_queues])
    assert watched
    assert watched == dead_letters(aws_template, data_template)


def test_mails_that_come_back_reach_the_function_that_flags(aws_template: Template, data_template: Template) -> None:
    events = aws_template["Resources"]["Bounces"]["Properties"]["Events"]
    assert [event["Properties"]["Topic"] for event in events.values()] == [{"Ref": "MailEvents"}]
    made = data_template["Resources"]
    sender = made["Sender"]["Properties"]["ConfigurationSetAttributes"]["ConfigurationSetName"]
    told = made["MailReturns"]["Properties"]
    assert sender == told["ConfigurationSetName"] == {"Ref": "MailSet"}
    assert told["EventDestination"]["SnsDestination"] == {"TopicARN": {"Ref": "MailEvents"}}
    assert set(told["EventDestination"]["MatchingEventTypes"]) == {"bounce", "complaint"}
