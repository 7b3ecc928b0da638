"""Deploys the two stacks on the emulator by CloudFormation, as `make deploy` does on AWS."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.build import Package
from infra.build.archive import digest, members
from infra.build.packages import LAYER_LOCKS, ROOT
from infra.commands.instance import Running
from infra.local.emulator import Access
from infra.local.progress import StepFailed

DATA_STACK = "czujka-local-data"
APP_STACK = "czujka-local-app"
API_STAGE = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))["api_gateway_stage"]
FUNCTIONS = (
    "APIHandler",
    "relay",
    "photos",
    "sweeper",
    "bounces",
    "bulletins",
    "escalation",
    "plans",
    "nightly",
    "publish",
    "digest",
)
UPLOADS = "czujka-local-uploads"
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
# Property of a SAM resource that names a file of the package.
FILES = ("CodeUri", "ContentUri")
BUILT_FROM = (
    *("app.py", "requirements.txt", ".chalice/config.json", "pyproject.toml"),
    *(f"requirements/{name}.txt" for name in LAYER_LOCKS),
)
BUILT_FROM_FOLDERS = ("chalicelib", "infra/build", "infra/policies", "infra/params")
FINISHED = ("_COMPLETE", "_FAILED")


def fingerprint(instance: str, *more: str) -> str:
    """Hash of everything that the build and the stacks come from; equal hashes need no new deployment."""
    files = {name: ROOT / name for name in (*BUILT_FROM, "infra/data.yaml", "infra/app.yaml", "infra/local/deploy.py")}
    for folder in (*BUILT_FROM_FOLDERS, f"instances/{instance}"):
        files |= members(ROOT / folder, folder)
    return digest(dict(files), instance, *more)


def lint(package: Package) -> None:
    """Check the templates that are about to be deployed; StepFailed with what cfn-lint says.

    The emulator accepts properties that AWS would refuse.
    """
    command = [str(ROOT / ".venv" / "bin" / "cfn-lint"), "--", *map(str, package.templates)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StepFailed(f"cfn-lint found faults in the templates:\n{done.stdout}{done.stderr}")


def deploy_data(access: Access, package: Package) -> None:
    """Create or update tables, buckets and topics."""
    deploy_stack(access, DATA_STACK, package.data_template.read_bytes(), package.data_parameters)


def deploy_app(access: Access, package: Package) -> None:
    """Upload code and layer, then create or update functions and API."""
    template = json.loads(package.app_template.read_text("utf-8"))
    name_uploads(access.client("s3"), template, package.folder)
    deploy_stack(access, APP_STACK, json.dumps(template).encode(), package.app_parameters)


def upload(s3: Any, body: bytes) -> str:
    """Put the bytes into the bucket of uploads under the name of their hash; gives that name."""
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=UPLOADS, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    key = digest({"body": body})
    s3.put_object(Bucket=UPLOADS, Key=key, Body=body)
    return key


def name_uploads(s3: Any, template: dict[str, Any], folder: Path) -> None:
    """Upload the files that the template names and name their S3 addresses, as `aws cloudformation package` does."""
    uploaded: dict[str, str] = {}
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        for name in FILES:
            named = properties.get(name)
            if not isinstance(named, str) or not named.startswith("./"):
                continue
            if named not in uploaded:
                uploaded[named] = f"s3://{UPLOADS}/{upload(s3, (folder / named).read_bytes())}"
            properties[name] = uploaded[named]


def deploy_stack(access: Access, name: str, template: bytes, parameters: Mapping[str, str]) -> None:
    """Create the stack, or update it where it is there; StepFailed with the reasons that CloudFormation gives."""
    cloudformation = access.client("cloudformation")
    call = cloudformation.update_stack if stack_exists(cloudformation, name) else cloudformation.create_stack
    try:
        call(
            StackName=name,
            # A template of more than 51,200 bytes is taken from S3 only.
            TemplateURL=f"{access.endpoint}/{UPLOADS}/{upload(access.client('s3'), template)}",
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
            Capabilities=CAPABILITIES,
        )
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        raise StepFailed(f"CloudFormation refused the stack {name}: {str(error)[:2000]}") from error
    status = wait_for(cloudformation, name)
    if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        reasons = "\n".join(failures(cloudformation, name))
        raise StepFailed(f"The stack {name} ended as {status}:\n{reasons}")


def stack_exists(cloudformation: Any, name: str) -> bool:
    """Whether the stack is there."""
    try:
        cloudformation.describe_stacks(StackName=name)
    except ClientError:
        return False
    return True


def wait_for(cloudformation: Any, name: str, patience: float = 180.0) -> str:
    """Wait until the stack is no longer in progress; gives its status."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        status = str(cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])
        if status.endswith(FINISHED):
            return status
        time.sleep(0.2)
    return "IN_PROGRESS"


def failures(cloudformation: Any, name: str) -> Iterator[str]:
    """What failed, one line each."""
    for event in cloudformation.describe_stack_events(StackName=name)["StackEvents"]:
        if event["ResourceStatus"].endswith("FAILED"):
            yield f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', event['ResourceStatus'])}"


def describe(access: Access, instance: str, site_url: str) -> Running:
    """What commands and tests need to know of the deployed stacks."""
    made = resources(access, APP_STACK)
    functions = {name: made[name[0].upper() + name[1:]] for name in FUNCTIONS}
    configuration = access.client("lambda").get_function_configuration(FunctionName=functions["APIHandler"])
    return Running(
        instance=instance,
        base_url=site_url,
        endpoint=access.endpoint,
        secret_key=access.secret_key,
        launcher=os.getpid(),
        names=configuration["Environment"]["Variables"],
        functions=functions,
        api=f"{access.endpoint}/_aws/execute-api/{made['RestAPI']}/{API_STAGE}",
    )


def resources(access: Access, stack: str) -> dict[str, str]:
    """Physical names of a stack's resources by their logical ids."""
    held = access.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in held}
