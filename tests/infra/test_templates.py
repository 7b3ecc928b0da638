"""The templates: what AWS would refuse, what may differ between builds, what must never be in them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file

from chalicelib.store.models import GSI1_PROJECTION, GSI2_PROJECTION
from infra.build import parameters, template
from infra.build.packages import ROOT
from infra.build.target import host
from infra.build.template import FUNCTION, LAYER_VERSION
from infra.local.deploy import FUNCTIONS

Template = dict[str, Any]
BUILD_PROPERTIES = {
    FUNCTION: {"Runtime", "Architectures"},
    LAYER_VERSION: {"CompatibleRuntimes", "CompatibleArchitectures"},
}


def of_type(document: Template, kind: str) -> dict[str, Template]:
    return {name: entry for name, entry in _plain(document) if entry["Type"] == kind}


def _plain(document: Template) -> Iterator[tuple[str, Template]]:
    return ((name, entry) for name, entry in document["Resources"].items() if not name.startswith("Fn::"))


def cfn_lint(folder: Path, document: Template) -> str:
    path = folder / "template.json"
    path.write_text(json.dumps(document), "utf-8")
    return "\n".join(f"{found.rule.id} {found.message}" for found in lint_file(path))


@pytest.mark.package
@pytest.mark.parametrize(
    "name", ["local_template", "aws_template", "data_template", "analysis_template", "ops_template"]
)
def test_cfn_lint_finds_nothing(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    assert cfn_lint(tmp_path, request.getfixturevalue(name)) == ""


@pytest.mark.package
def test_cfn_lint_finds_nothing_in_what_sam_expands(aws_template: Template, tmp_path: Path) -> None:
    values = parameters.of_functions("dev", parameters.stage_settings("dev"), "build")
    result = template.expanded(aws_template, values)
    assert len(of_type(result, "AWS::Lambda::Function")) == len(FUNCTIONS)
    assert cfn_lint(tmp_path, result) == ""


@pytest.mark.package
def test_cfn_lint_would_find_a_mistyped_property(data_template: Template, tmp_path: Path) -> None:
    broken = json.loads(json.dumps(data_template))
    broken["Resources"]["Main"]["Properties"]["BillingMod"] = "PAY_PER_REQUEST"
    assert "E3002" in cfn_lint(tmp_path, broken)


def test_the_builds_differ_in_runtime_and_architecture_alone(local_template: Template, aws_template: Template) -> None:
    def without_build(document: Template) -> Template:
        copy: Template = json.loads(json.dumps(document))
        for resource in copy["Resources"].values():
            for name in BUILD_PROPERTIES.get(resource["Type"], ()):
                del resource["Properties"][name]
        return copy

    assert without_build(local_template) == without_build(aws_template)
    assert local_template != aws_template


def test_the_aws_build_is_for_arm_and_a_runtime_of_3_13_or_newer(aws_template: Template) -> None:
    functions = of_type(aws_template, FUNCTION)
    assert len(functions) == len(FUNCTIONS)
    for function in functions.values():
        minor = int(function["Properties"]["Runtime"].removeprefix("python3."))
        assert minor >= 13
        assert function["Properties"]["Architectures"] == ["arm64"]


def environment(document: Template, stage: str) -> dict[str, Any]:
    values = parameters.of_functions(stage, parameters.stage_settings("dev"), "build")
    variables = document["Globals"]["Function"]["Environment"]["Variables"]
    local = values["Stage"] == document["Conditions"]["Local"]["Fn::Equals"][1]

    def value(entry: Any) -> Any:
        match entry:
            case {"Fn::If": ["Local", yes, no]}:
                return value(yes) if local else value(no)
            case {"Ref": name}:
                return values[name]
            case {"Fn::Sub": text}:
                return text
        return entry

    return {name: value(entry) for name, entry in variables.items()}


def stages() -> Iterator[str]:
    return (path.stem for path in (ROOT / "infra" / "params").glob("*.json"))


@pytest.mark.parametrize("stage", sorted((set(stages()) | {"prod", "locals", "local-2"}) - {"local"}))
def test_no_stage_on_aws_may_be_told_the_time(stage: str, aws_template: Template) -> None:
    assert environment(aws_template, stage)["TIME_MAY_BE_TOLD"] == "false"
    assert environment(aws_template, stage)["COOKIE_SECURE"] == "true"
    overrides = [
        name for name, entry in of_type(aws_template, FUNCTION).items() if "Environment" in entry["Properties"]
    ]
    assert overrides == []


def test_the_local_stage_may_be_told_the_time(local_template: Template) -> None:
    assert environment(local_template, "local")["TIME_MAY_BE_TOLD"] == "true"


def test_every_setting_of_the_code_is_given(aws_template: Template) -> None:
    source = (ROOT / "chalicelib" / "settings.py").read_text("utf-8")
    wanted = set(re.findall(r'given(?:\[|\.get\()"([A-Z_]+)"', source))
    wanted -= {"INSTANCE_DIR", "AWS_ENDPOINT_URL", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"}
    # OpenTelemetry reads its own.
    library = {
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TIMEOUT",
        "OTEL_TRACES_SAMPLER",
        "OTEL_TRACES_SAMPLER_ARG",
    }
    assert wanted | library == set(environment(aws_template, "dev"))


def test_parameters_are_those_that_the_templates_ask_for(aws_template: Template, data_template: Template) -> None:
    settings = parameters.stage_settings("dev")
    assert set(parameters.of_functions("dev", settings, "x")) == set(aws_template["Parameters"])
    wanted = {name for name, entry in data_template["Parameters"].items() if "Default" not in entry} | {"Lasting"}
    assert set(parameters.of_data("dev", settings)) == wanted


def test_every_name_read_from_the_data_stack_is_published_by_it(data_template: Template) -> None:
    published = {
        entry["Properties"]["Name"]["Fn::Sub"] for entry in of_type(data_template, "AWS::SSM::Parameter").values()
    }
    # The page of logins is no function's: the site is built with it.
    read = {*parameters.PUBLISHED.values(), "login-domain"}
    assert published == {f"/czujka/${{Stage}}/{path}" for path in read}


def test_the_indexes_project_what_the_models_read(data_template: Template) -> None:
    indexes = data_template["Resources"]["Main"]["Properties"]["GlobalSecondaryIndexes"]
    projected = {index["IndexName"]: index["Projection"]["NonKeyAttributes"] for index in indexes}
    assert {name: sorted(names) for name, names in projected.items()} == {
        "gsi1": sorted(GSI1_PROJECTION),
        "gsi2": sorted(GSI2_PROJECTION),
    }
    # A query through a discriminated model filters on it.
    assert all("t" in names for names in projected.values())


def test_nothing_of_the_quota_table_is_kept_anywhere(data_template: Template) -> None:
    quota = data_template["Resources"]["Quota"]["Properties"]
    assert quota["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": False}
    assert "StreamSpecification" not in quota
    assert quota["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_the_main_table_can_be_restored_and_its_stream_carries_no_content(data_template: Template) -> None:
    main = data_template["Resources"]["Main"]["Properties"]
    assert main["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert main["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}


def test_no_bucket_is_public(data_template: Template) -> None:
    _, names, body = data_template["Resources"]["Fn::ForEach::Buckets"]
    assert names == ["Site", "Work"]
    properties = body["${Bucket}"]["Properties"]
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert properties["BucketEncryption"]


@pytest.mark.parametrize("stage", ["dev", "local"])
def test_data_outlives_the_stack_everywhere_but_on_this_machine(stage: str) -> None:
    lasting = parameters.of_data(stage, parameters.stage_settings("dev"))["Lasting"]
    assert lasting == ("Delete" if stage == "local" else "Retain")


def test_every_garrison_of_poland_has_a_topic() -> None:
    codes = parameters.of_data("dev", parameters.stage_settings("dev"))["Garrisons"].split(",")
    assert len(codes) == len(set(codes)) == 17
    # A topic's name.
    assert all(re.fullmatch(r"[A-Z0-9-]{1,60}", code) for code in codes)


def test_the_relay_reads_new_outbox_items_and_reports_what_failed(aws_template: Template) -> None:
    source = aws_template["Resources"]["Relay"]["Properties"]["Events"]["RelayDynamodbEventSource"]["Properties"]
    patterns = [json.loads(entry["Pattern"]) for entry in source["FilterCriteria"]["Filters"]]
    assert patterns == [
        {"eventName": ["INSERT"], "dynamodb": {"Keys": {"PK": {"S": [{"prefix": prefix}]}}}} for prefix in ("O#", "M#")
    ]
    assert source["Stream"] == {"Ref": "MainStream"}
    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"] is True
    assert source["MaximumRetryAttempts"] == 8
    assert source["DestinationConfig"]["OnFailure"]["Destination"] == {"Ref": "FailuresQueue"}


@pytest.mark.parametrize(
    ("name", "when", "function"),
    [
        ("NightlySchedule", "cron(10 0 * * ? *)", "Nightly"),
        ("SweeperSchedule", "rate(5 minutes)", "Sweeper"),
        ("BulletinsSchedule", "rate(15 minutes)", "Bulletins"),
        ("EscalationSchedule", "rate(1 hour)", "Escalation"),
        ("PublishSchedule", "rate(5 minutes)", "Publish"),
        ("DigestSchedule", "cron(0/20 7-8 * * ? *)", "Digest"),
    ],
)
def test_schedules_run_in_the_zone_of_the_instance(name: str, when: str, function: str, aws_template: Template) -> None:
    schedule = aws_template["Resources"][name]["Properties"]
    assert schedule["ScheduleExpression"] == when
    assert schedule["ScheduleExpressionTimezone"] == {"Ref": "Zone"}
    assert schedule["Target"]["Arn"] == {"Fn::GetAtt": [function, "Arn"]}


def test_the_zone_is_that_of_the_instance() -> None:
    assert parameters.of_functions("dev", parameters.stage_settings("dev"), "x")["Zone"] == "Europe/Warsaw"


def test_each_layer_belongs_to_one_function(aws_template: Template) -> None:
    layered = {
        name: entry["Properties"]["Layers"]
        for name, entry in of_type(aws_template, FUNCTION).items()
        if "Layers" in entry["Properties"]
    }
    assert layered == {
        "Nightly": [{"Ref": "Analytics"}],
        "Photos": [{"Ref": "Imaging"}],
        "APIHandler": [{"Ref": "Login"}],
    }
    files = {name: entry["Properties"]["ContentUri"] for name, entry in of_type(aws_template, LAYER_VERSION).items()}
    assert files == {
        "Analytics": "./analytics.zip",
        "Imaging": "./imaging.zip",
        "Login": "./login.zip",
        "Telemetry": "./telemetry.zip",
    }


def test_every_function_gets_the_layer_of_traces_only_where_they_are_exported(aws_template: Template) -> None:
    (layer,) = aws_template["Globals"]["Function"]["Layers"]
    assert layer == {"Fn::If": ["Traced", {"Ref": "Telemetry"}, {"Ref": "AWS::NoValue"}]}
    assert aws_template["Resources"]["Telemetry"]["Condition"] == "Traced"
    for stage in ("dev", "local"):
        assert parameters.of_functions(stage, parameters.stage_settings(stage), "x")["Traces"] == "none"


def test_photos_arrive_one_at_a_time_and_those_that_fail_are_set_aside(
    aws_template: Template, data_template: Template
) -> None:
    function = aws_template["Resources"]["Photos"]["Properties"]
    source = function["Events"]["PhotosSqsEventSource"]["Properties"]
    assert (source["Queue"], source["BatchSize"]) == ({"Ref": "ArrivalsQueue"}, 1)
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    queue = data_template["Resources"]["Arrivals"]["Properties"]
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["ArrivalsFailed", "Arn"]}


def test_the_buckets_of_photos_are_private_and_quarantine_empties_itself(data_template: Template) -> None:
    quarantine, photos = (data_template["Resources"][name]["Properties"] for name in ("Quarantine", "Photos"))
    for bucket in (quarantine, photos):
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["BucketEncryption"]
    assert [rule["ExpirationInDays"] for rule in quarantine["LifecycleConfiguration"]["Rules"]] == [1]
    (rule,) = quarantine["CorsConfiguration"]["CorsRules"]
    assert (rule["AllowedOrigins"], rule["AllowedMethods"]) == ([{"Ref": "SiteUrl"}], ["POST"])
    assert "CorsConfiguration" not in photos


@pytest.mark.package
def test_the_template_needs_no_network_and_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert template.of_functions(host(), "en")["Resources"]["APIHandler"]
