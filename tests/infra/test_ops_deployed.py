"""What operators watch, deployed as far as the emulator knows the resources; what it does not know is listed here."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.build import parameters
from infra.local.deploy import deploy_stack
from infra.local.emulator import Access
from infra.local.progress import StepFailed

pytestmark = pytest.mark.package

STAGE = "watched"
MATH = [{"Id": "one", "Expression": "1 + 1", "ReturnData": True}]
UNKNOWN = {
    "AWS::CloudWatch::CompositeAlarm": ({"AlarmRule": "FALSE"}, "Unrecognized resource types"),
    "AWS::Budgets::Budget": ({"Budget": {"BudgetType": "COST", "TimeUnit": "MONTHLY"}}, "Unrecognized resource types"),
    "AWS::CloudWatch::Alarm": ({"Metrics": MATH, "EvaluationPeriods": 1}, "metric math"),
}
"""What the emulator's CloudFormation does not hold, with the least that one of them says, and its refusal."""

Template = dict[str, Any]


@pytest.fixture
def topic(emulator: Access) -> Iterator[str]:
    """The topic of alarms, where the stack looks for it."""
    ssm, name = emulator.client("ssm"), f"/czujka/{STAGE}/alarms"
    arn = emulator.client("sns").create_topic(Name=f"{STAGE}-alarms")["TopicArn"]
    ssm.put_parameter(Name=name, Value=arn, Type="String", Overwrite=True)
    yield arn
    ssm.delete_parameter(Name=name)


@pytest.mark.usefixtures("topic")
def test_the_dashboard_is_deployed_with_the_names_of_the_stage(emulator: Access, ops_template: Template) -> None:
    kept = {name: made for name, made in ops_template["Resources"].items() if made["Type"] not in UNKNOWN}
    assert {made["Type"] for made in kept.values()} == {"AWS::CloudWatch::Dashboard"}
    body = json.dumps({**ops_template, "Resources": kept}).encode()
    deploy_stack(emulator, f"czujka-{STAGE}-ops", body, parameters.of_ops(STAGE, parameters.stage_settings("dev")))
    shown = emulator.client("cloudwatch").get_dashboard(DashboardName=f"czujka-{STAGE}")["DashboardBody"]
    assert "${" not in shown
    assert f'"{STAGE}"' in shown
    assert len(json.loads(shown)["widgets"]) == 6


def test_every_alarm_of_the_stack_is_of_the_kind_that_is_listed(ops_template: Template) -> None:
    made = ops_template["Resources"].values()
    assert all("Metrics" in each["Properties"] for each in made if each["Type"] == "AWS::CloudWatch::Alarm")


@pytest.mark.parametrize("kind", sorted(UNKNOWN))
def test_what_the_emulator_does_not_know_is_just_this(emulator: Access, kind: str) -> None:
    properties, refusal = UNKNOWN[kind]
    body = json.dumps({"Resources": {"One": {"Type": kind, "Properties": properties}}}).encode()
    with pytest.raises(StepFailed, match=refusal):
        deploy_stack(emulator, f"czujka-{kind.rpartition(':')[2].lower()}", body, {})
