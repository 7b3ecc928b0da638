"""The model of what a stage costs knows all that the templates hold."""

import json
from typing import Any

import pytest

from infra.commands import cost
from infra.costs import DAYS, SECONDS, SERVICES, Use, bill, runs, starts, unpriced

Templates = dict[str, dict[str, Any]]
USE = Use(reports=10_000, visits=100_000, subscribers=2_000, officers=500)


@pytest.fixture(scope="module")
def stacks() -> Templates:
    return cost.templates()


@pytest.mark.parametrize(
    ("expression", "a_day"),
    [
        ("rate(5 minutes)", 288),
        ("rate(1 hour)", 24),
        ("rate(1 day)", 1),
        ("cron(10 0 * * ? *)", 1),
        ("cron(0/20 7-8 * * ? *)", 6),
        ("cron(0/20 6-8 ? * MON *)", 9 / 7),
        ("cron(0 * * * ? *)", 24),
        ("cron(0,30 6 ? * MON,FRI *)", 4 / 7),
    ],
)
def test_a_schedule_is_counted(expression: str, a_day: float) -> None:
    assert runs(expression) == pytest.approx(a_day * DAYS)


def test_a_schedule_of_another_form_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="at"):
        runs("at(2026-11-23T10:00:00)")


def test_every_function_is_in_the_model(stacks: Templates) -> None:
    made = stacks["functions"]
    named = {name for name, each in made.items() if each["Type"] == "AWS::Serverless::Function"}
    assert named == set(SECONDS) == set(starts(made, USE))


def test_every_resource_is_of_a_service_that_somebody_has_thought_of(stacks: Templates) -> None:
    assert {"functions", "data", "analysis", "ops"} <= set(stacks)
    assert unpriced({name: stacks[name] for name in ("functions", "data", "analysis", "ops")}) == []
    assert unpriced({"functions": {"Nat": {"Type": "AWS::EC2::NatGateway"}}}) == ["AWS::EC2::NatGateway"]


def test_every_line_that_a_service_names_is_on_the_bill(stacks: Templates) -> None:
    lines = bill(stacks, USE)
    assert {line for named in SERVICES.values() for line in named} == set(lines)
    assert all(dollars >= 0 for dollars in lines.values())


def test_reports_cost_what_was_measured(stacks: Templates) -> None:
    million = bill(stacks, Use(reports=1_000_000, visits=0, subscribers=0, officers=0))
    # 60 write units of 0.7625 dollars a million, and as many reads of a fifth of that.
    assert million["table"] == pytest.approx(54.9)
    assert million["traffic"] == pytest.approx(36.0), "requests of the API alone"


def test_nobody_s_use_costs_the_schedules_alarms_and_storage_alone(stacks: Templates) -> None:
    nobody = bill(stacks, Use(reports=0, visits=0, subscribers=0, officers=0))
    assert {name for name, dollars in nobody.items() if dollars} <= {
        *("functions", "buckets", "logs", "schedules", "alarms", "firewall", "keys"),
    }


def test_walls_keys_and_dashboards_are_counted_where_there_are_any(stacks: Templates) -> None:
    more = {
        "Wall": {"Type": "AWS::WAFv2::WebACL", "Properties": {"Rules": [{}, {}]}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
        "Board": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {}},
    }
    quiet = {name: stacks[name] for name in ("functions", "data")}
    before, after = (bill(each, Use(0, 0, 0, 0)) for each in (quiet, {**quiet, "edge": more}))
    assert after["firewall"] == 7.0
    assert round(after["keys"] - before["keys"], 2) == 1.0
    assert round(after["alarms"] - before["alarms"], 2) == 3.0


def test_the_command_prints_the_bill(capsys: pytest.CaptureFixture[str]) -> None:
    assert cost.main(["--reports", "5", "--visits", "10"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["use"]["reports"] == 5
    assert told["sum"] == pytest.approx(sum(told["dollars_a_month"].values()))


def test_alarms_cost_by_the_metrics_that_they_watch(stacks: Templates) -> None:
    one = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Count", "Namespace": "AWS/ApiGateway"}}
    two = [{"Id": "a", "MetricStat": {}}, {"Id": "b", "MetricStat": {}}, {"Id": "c", "Expression": "a / b"}]
    band = [{"Id": "a", "MetricStat": {}}, {"Id": "b", "Expression": "ANOMALY_DETECTION_BAND(a, 4)"}]
    base = bill({"functions": stacks["functions"]}, USE)["alarms"]
    for properties, metrics in ((one["Properties"], 1), ({"Metrics": two}, 2), ({"Metrics": band}, 3)):
        more = {
            "functions": stacks["functions"],
            "x": {"A": {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}},
        }
        assert bill(more, USE)["alarms"] - base == pytest.approx(0.1 * metrics)
    rule = {"functions": stacks["functions"], "x": {"A": {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {}}}}
    assert bill(rule, USE)["alarms"] - base == pytest.approx(0.5)
