"""A stage on AWS: what must be there before it is deployed, and the deployment by the ordinary AWS CLI."""

import datetime as dt
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from infra.build import Package, edge, parameters, template
from infra.build.parameters import LOCAL_STAGE
from infra.commands.boundaries import expectation, read
from infra.commands.units import Loaded, load_units, read_addresses, units_of
from infra.local.fill import create_keys, publish_site, seal_of
from infra.local.front import BUCKETS, HeaderRules
from infra.local.site import HEADERS, LoginPage
from infra.places.publish import current, publish
from infra.places.register import Wishes, import_register, read_source

EDGE_REGION = "us-east-1"
"""Where CloudFront looks for certificates and firewalls."""

CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND")


class DeployRefused(Exception):
    """The stage cannot be deployed as things stand; the message says what to do."""


@dataclass(frozen=True)
class Stage:
    """A stage on AWS, in the account and region of the boto3 client."""

    name: str
    session: boto3.Session

    def client(self, service: str) -> Any:
        """Return a client of a service, `sts` or any other."""
        return self.session.client(service)  # type: ignore[call-overload]

    def parameter(self, name: str) -> str | None:
        """Return a value that the stage keeps in the parameter store; None where there is none."""
        ssm = self.client("ssm")
        try:
            return str(ssm.get_parameter(Name=f"/czujka/{self.name}/{name}")["Parameter"]["Value"])
        except ssm.exceptions.ParameterNotFound:
            return None

    def has_exact_boundaries(self) -> bool:
        """Tell whether the boundaries in force are the register's."""
        bucket = self.parameter("work-bucket")
        pointer = current(self.client("s3"), bucket) if bucket else None
        return pointer is not None and pointer["boundaries"] == "exact"


def refusals(stage: Stage, *, creates_keys: bool, brings_boundaries: bool) -> list[str]:
    """Return everything that stands against a deployment, one sentence each, with what to do."""
    if stage.name == LOCAL_STAGE:
        return ["The stage `local` may be told the time and is never deployed. Name another one: STAGE=dev"]
    if not stage.session.region_name:
        return ["No region is configured: set AWS_DEFAULT_REGION, for example to eu-central-1."]
    found = []
    if not creates_keys and stage.parameter("secrets") is None:
        found.append(
            f"The signing keys are missing (/czujka/{stage.name}/secrets). Let them be made once: KEYS=create. "
            "Keep a copy: without them no receipt can be read."
        )
    if not brings_boundaries and not stage.has_exact_boundaries():
        found.append("The boundaries are approximate. Give the register's once: BOUNDARIES=powiaty.zip")
    return found


def deploy_data(stage: Stage, package: Package) -> None:
    """Create or update tables, buckets and topics."""
    _deploy(stage, "data", package.data_template, package.data_parameters, [])


def deploy_analysis(stage: Stage, package: Package) -> None:
    """Create or update the tables for analysts, which need the data stack."""
    _deploy(stage, "analysis", package.analysis_template, package.analysis_parameters, [])


def deploy_ops(stage: Stage, package: Package) -> None:
    """Create or update what operators watch, which needs the data stack."""
    _deploy(stage, "ops", package.ops_template, package.ops_parameters, [])


def deploy_edge(stage: Stage, package: Package, settings: dict[str, str]) -> str:
    """Create or update what stands before the stage, which needs all the others; return its address.

    It takes a quarter of an hour the first time. CloudFront looks for its certificate and its firewall in one region.
    """
    site, file = package.folder / "site" / HEADERS, package.folder / "edge.json"
    document = site.read_text("utf-8")
    for placeholder, bucket in zip(BUCKETS, ("quarantine-bucket", "photo-bucket"), strict=True):
        host = f"https://{stage.parameter(bucket)}.s3.{stage.session.region_name}.amazonaws.com"
        document = document.replace(placeholder, host)
    template.write(edge.of_distribution(HeaderRules.read(document)), file)
    known = {
        "SiteBucket": stage.parameter("site-bucket") or "",
        "SiteRegion": str(stage.session.region_name),
        "Api": f"{_output(stage, 'app', 'RestAPIId')}.execute-api.{stage.session.region_name}.amazonaws.com",
        "Seal": seal_of(stage.client("ssm"), f"/czujka/{stage.name}/secrets"),
    }
    there = Stage(stage.name, boto3.Session(region_name=EDGE_REGION))
    _deploy(there, "edge", file, parameters.of_edge(stage.name, settings) | known, [])
    return f"https://{_output(there, 'edge', 'Name')}"


def _output(stage: Stage, part: str, name: str) -> str:
    (stack,) = stage.client("cloudformation").describe_stacks(StackName=f"czujka-{stage.name}-{part}")["Stacks"]
    return str({each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}[name])


def make_keys(stage: Stage) -> bool:
    """Make the signing keys where there are none; tell whether they were made now."""
    return create_keys(stage.client("ssm"), f"/czujka/{stage.name}/secrets")


def bring_boundaries(stage: Stage, file: Path, instance: Path, now: dt.datetime) -> None:
    """Compile the register's boundaries and put them in force.

    Raises:
        BoundariesRefused: where the file does not hold them.
        DeployRefused: where they are not exact.
    """
    name, data = read(file)
    imported = import_register(read_source(file, data, None), name, Wishes(), expectation(instance, now.date()))
    pointer = publish(stage.client("s3"), stage.parameter("work-bucket") or "", imported.compiled.pack, "register", now)
    if pointer["boundaries"] != "exact":
        raise DeployRefused(f"{file} does not give exact boundaries.")


def deploy_functions(stage: Stage, package: Package) -> None:
    """Upload code and layer to the work bucket, then create or update functions and API."""
    bucket = stage.parameter("work-bucket") or ""
    uploaded = package.folder / "uploaded.json"
    common = ["--s3-bucket", bucket, "--s3-prefix", "code"]
    files = ["--template-file", str(package.app_template), "--output-template-file", str(uploaded)]
    _aws(stage, "cloudformation", "package", "--use-json", *common, *files)
    # The template is too long to be passed without a bucket.
    _deploy(stage, "app", uploaded, package.app_parameters, common)


def load(stage: Stage, instance: Path, addresses: Path | None) -> Loaded:
    """Load the units and, where nobody has said anything else yet, where their mail goes."""
    units = units_of(instance)
    found = read_addresses(addresses, units) if addresses else {}
    return load_units(stage.client("dynamodb"), stage.parameter("main-table") or "", units, found)


def upload_site(stage: Stage, instance: str, out: Path, url: str) -> int:
    """Build the site and put it into its bucket; return the number of files."""
    login = LoginPage(f"https://{stage.parameter('login-domain')}", stage.parameter("officer-client") or "")
    return publish_site(stage.client("s3"), stage.parameter("site-bucket") or "", instance, out, url, login)


def _deploy(stage: Stage, part: str, template: Path, parameters: dict[str, str], more: list[str]) -> None:
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    named = ["--stack-name", f"czujka-{stage.name}-{part}", "--template-file", str(template)]
    allowed = ["--capabilities", *CAPABILITIES, "--parameter-overrides", *overrides]
    _aws(stage, "cloudformation", "deploy", "--no-fail-on-empty-changeset", *more, *named, *allowed)


def _aws(stage: Stage, *arguments: str) -> None:
    """Run the AWS CLI of the project's own environment."""
    command = [sys.executable, str(Path(sys.executable).with_name("aws")), *arguments]
    done = subprocess.run(
        [*command, "--region", str(stage.session.region_name)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DeployRefused(f"aws {' '.join(arguments[:2])} failed:\n{done.stdout}{done.stderr}")
