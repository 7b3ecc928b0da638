"""What operators watch: objectives with burn rates, what is unusual, dashboard and budget; and quotas of stacks."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.events.metrics import NAMESPACE
from chalicelib.http.telemetry import SERVICE
from infra.build import parameters
from infra.build.packages import ROOT
from tests.infra.test_alarms import emitting, inside, words

Template = dict[str, Any]
WINDOWS = {14.4: (3600, 300), 6: (21600, 1800)}
"""Burn rate → long and short window in seconds (The Site Reliability Workbook, chapter 5)."""

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
RESOURCES, PARAMETERS, OUTPUTS, BYTES = 500, 200, 200, 1_000_000


def resources(template: Template, kind: str) -> dict[str, Any]:
    return {name: made["Properties"] for name, made in template["Resources"].items() if made["Type"] == kind}


def metrics(alarm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The metrics that an alarm reckons with."""
    return (each["MetricStat"] for each in alarm["Metrics"] if "MetricStat" in each)


def dimensions(metric: dict[str, Any]) -> dict[str, Any]:
    return {each["Name"]: each["Value"] for each in metric["Dimensions"]}


def test_each_objective_burns_over_a_long_and_a_short_window(ops_template: Template) -> None:
    alarms = resources(ops_template, "AWS::CloudWatch::Alarm")
    composites = resources(ops_template, "AWS::CloudWatch::CompositeAlarm")
    assert len(composites) == 4
    for made in composites.values():
        long, short = (alarms[name] for name in re.findall(r"\$\{(\w+)\}", made["AlarmRule"]["Fn::Sub"]))
        assert long["Threshold"] == short["Threshold"]
        periods = [{stat["Period"] for stat in metrics(alarm)} for alarm in (long, short)]
        assert periods == [{seconds} for seconds in WINDOWS[long["Threshold"]]]
        assert [each["Expression"] for each in long["Metrics"] if "Expression" in each] == [
            each["Expression"] for each in short["Metrics"] if "Expression" in each
        ]


def test_windows_alone_ring_nowhere_and_what_rings_is_told_to_somebody(ops_template: Template) -> None:
    composites = resources(ops_template, "AWS::CloudWatch::CompositeAlarm")
    named = {name for made in composites.values() for name in re.findall(r"\$\{(\w+)\}", str(made["AlarmRule"]))}
    for name, alarm in resources(ops_template, "AWS::CloudWatch::Alarm").items():
        assert ("AlarmActions" in alarm) is (name not in named), name
    assert all(made["AlarmActions"] == [{"Ref": "Alarms"}] for made in composites.values())


def test_every_metric_of_ours_is_written_by_somebody(ops_template: Template) -> None:
    seen = 0
    for alarm in resources(ops_template, "AWS::CloudWatch::Alarm").values():
        for metric in (stat["Metric"] for stat in metrics(alarm)):
            if metric["Namespace"] == NAMESPACE:
                seen += written(metric["MetricName"], dimensions(metric))
    assert seen >= 9


def written(name: str, of: dict[str, Any]) -> int:
    """Hold a metric to the code that writes it; 1, to be counted."""
    # The parameter, written out or as what stands in its place in the dashboard.
    assert of["stage"] in ({"Ref": "Stage"}, "x")
    if set(of) == {"stage", "service"}:
        source = (ROOT / "chalicelib" / "http" / "telemetry.py").read_text("utf-8")
        assert of["service"] == SERVICE
        assert f'"{name}"' in source
    else:
        assert emitting(of["function"])
        assert re.search(rf"\b{name}\b", words(of["function"])), name
    return 1


def test_the_dashboard_shows_metrics_that_are_written(ops_template: Template) -> None:
    (made,) = resources(ops_template, "AWS::CloudWatch::Dashboard").values()
    body = json.loads(re.sub(r"\$\{[\w:]+\}", "x", made["DashboardBody"]["Fn::Sub"]))
    seen = 0
    for widget in body["widgets"]:
        above: list[Any] = []
        for row in widget["properties"]["metrics"]:
            said = [each for each in row if not isinstance(each, dict)]
            # A dot stands for what is above it.
            whole = [above[at] if each == "." else each for at, each in enumerate(said)]
            above = whole
            if whole[0] == NAMESPACE:
                seen += written(whole[1], shown(whole))
    assert seen >= 14


def shown(row: list[str]) -> dict[str, str]:
    """The dimensions of a row of the dashboard."""
    return dict(zip(row[2::2], row[3::2], strict=True))


def test_the_api_is_named_as_its_metrics_have_it(ops_template: Template, aws_template: Template) -> None:
    made = aws_template["Resources"]["RestAPI"]["Properties"]
    assert (made["DefinitionBody"]["info"]["title"], made["StageName"]) == (parameters.API, parameters.API_STAGE)
    asked = {value for name, value in inside(ops_template["Resources"]) if name == "Ref"}
    assert {"Api", "ApiStage", "Alarms"} <= asked


@pytest.mark.parametrize("path", sorted((ROOT / "infra" / "params").glob("*.json")), ids=lambda path: path.stem)
def test_each_stage_says_what_it_may_cost_and_whom_to_tell(path: Any, ops_template: Template) -> None:
    given = parameters.of_ops(path.stem, parameters.stage_settings(path.stem))
    asked = {name for name, made in ops_template["Parameters"].items() if "Default" not in made}
    assert set(given) == asked
    assert float(given["MonthlyBudget"]) > 0
    assert "@" in given["BudgetAddress"]


def test_what_to_do_when_it_rings_is_written_down(ops_template: Template) -> None:
    page = (ROOT / "docs" / "operate.md").read_text("utf-8")
    ringing = [name for name, made in ops_template["Resources"].items() if "AlarmActions" in made["Properties"]]
    assert len(ringing) == 5
    for name in ringing:
        assert len(page.partition(f"\n### {name}\n")[2].partition("\n#")[0]) > 100, name


@pytest.mark.parametrize("name", ["aws_template", "data_template", "analysis_template", "ops_template"])
def test_a_stack_is_far_from_what_cloudformation_takes(name: str, request: pytest.FixtureRequest) -> None:
    template: Template = request.getfixturevalue(name)
    assert len(template["Resources"]) < RESOURCES / 2
    assert len(template.get("Parameters", {})) < PARAMETERS / 2
    assert len(template.get("Outputs", {})) < OUTPUTS / 2
    assert len(json.dumps(template).encode()) < BYTES / 2
