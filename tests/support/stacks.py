"""Stacks deployed by CloudFormation on the test emulator."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from botocore.exceptions import WaiterError

from chalicelib.settings import Settings
from infra.local.emulator import ROOT, Access

TEMPLATE = ROOT / "infra" / "data.yaml"
INSTANCE = ROOT / "instances" / "pl"
SENDER = "czujka@police.example"
SITE = "http://127.0.0.1:8080"
BUCKETS = ("SITE_BUCKET", "WORK_BUCKET", "QUARANTINE_BUCKET", "PHOTO_BUCKET")


@dataclass(frozen=True)
class DataStack:
    """The project's tables, buckets and parameters on an emulator; `names` are the settings' variables."""

    access: Access
    names: Mapping[str, str]

    def client(self, service: str) -> Any:
        """A boto3 client of `service` with the root key; the same one each time, because making one costs 0.3 s."""
        return _client(self.access, service)

    def environment(self) -> dict[str, str]:
        """What a deployed function would find in its environment."""
        return {
            **self.names,
            "AWS_ENDPOINT_URL": self.access.endpoint,
            "AWS_ACCESS_KEY_ID": self.access.access_key,
            "AWS_SECRET_ACCESS_KEY": self.access.secret_key,
            "AWS_DEFAULT_REGION": self.access.region,
        }

    def settings(self, **changes: str) -> Settings:
        """The project's settings for this stack; `changes` are variables, e.g. `TIME_MAY_BE_TOLD="true"`."""
        return Settings.from_environment({**self.names, **changes})

    def clear(self) -> None:
        """Delete every item and object, so that the next test finds nothing."""
        dynamodb = self.client("dynamodb")
        for table in (self.names["MAIN_TABLE"], self.names["QUOTA_TABLE"]):
            pages = dynamodb.get_paginator("scan").paginate(
                TableName=table, ProjectionExpression="PK, SK", ConsistentRead=True
            )
            left = [{"DeleteRequest": {"Key": item}} for page in pages for item in page["Items"]]
            while left:
                answer = dynamodb.batch_write_item(RequestItems={table: left[:25]})
                left = [*left[25:], *answer.get("UnprocessedItems", {}).get(table, [])]
        s3 = self.client("s3")
        for bucket in (self.names[name] for name in BUCKETS):
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
                if held := [{"Key": entry["Key"]} for entry in page.get("Contents", [])]:
                    s3.delete_objects(Bucket=bucket, Delete={"Objects": held, "Quiet": True})


@cache
def _client(access: Access, service: str) -> Any:
    return access.client(service)


def create_stack(access: Access, name: str, template: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Create the stack and give its outputs; AssertionError with the reason where it fails."""
    cloudformation = access.client("cloudformation")
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=template,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    waiter = cloudformation.get_waiter("stack_create_complete")
    try:
        waiter.wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    except WaiterError as failed:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        reasons = [event for event in events if "FAILED" in event["ResourceStatus"]]
        raise AssertionError(reasons) from failed
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def garrisons() -> list[str]:
    """Codes of the instance's garrisons."""
    units = INSTANCE / "units.json"
    if not units.exists():
        return ["KSP"]
    return [garrison["code"] for garrison in json.loads(units.read_text(encoding="utf-8"))["garrisons"]]


def deploy_data(access: Access) -> DataStack:
    """Deploy the project's data stack and give its names."""
    parameters = {
        "Stage": "test",
        "Lasting": "Delete",
        "Garrisons": ",".join(garrisons()),
        "MailIdentity": SENDER,
        "SiteUrl": SITE,
    }
    made = create_stack(access, "czujka-test-data", TEMPLATE.read_text(encoding="utf-8"), parameters)
    account = access.client("sts").get_caller_identity()["Account"]
    return DataStack(
        access,
        {
            "STAGE": "local",
            "MAIN_TABLE": made["MainTable"],
            "QUOTA_TABLE": made["QuotaTable"],
            "SITE_BUCKET": made["SiteBucket"],
            "WORK_BUCKET": made["WorkBucket"],
            "QUARANTINE_BUCKET": made["QuarantineBucket"],
            "PHOTO_BUCKET": made["PhotoBucket"],
            "SECRETS_PARAM": "/czujka/test/secrets",
            "TOPIC_PREFIX": f"arn:aws:sns:{access.region}:{account}:czujka-test-alerts-",
            "MAIL_SENDER": SENDER,
            "FALLBACK_ADDRESS": "fallback@police.example",
            "SITE_URL": SITE,
            "OFFICER_POOL": made["OfficerPool"],
            "OFFICER_CLIENT": made["OfficerClient"],
            "TIME_MAY_BE_TOLD": "true",
            "COOKIE_SECURE": "false",
            "INSTANCE_DIR": str(INSTANCE),
        },
    )
