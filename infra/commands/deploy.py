"""`make deploy STAGE=dev`: deploy to the AWS account and region that the environment names.

Refuses a stage without signing keys or with approximate boundaries; both are given once, with KEYS=create and
BOUNDARIES=file, and stay.
"""

import argparse
import sys
from pathlib import Path

import boto3

from chalicelib.clock import system_clock
from infra import build, cloud
from infra.build import parameters
from infra.build.packages import ROOT
from infra.local.deploy import lint
from infra.local.progress import Progress, StepFailed
from infra.places.areas import BoundariesRefused


def main() -> int:
    """Deploy; 1 and a word of advice where that is refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default="dev")
    parser.add_argument("--create-keys", action="store_true", help="make the signing keys where there are none")
    parser.add_argument("--boundaries", type=Path, help="the register's boundaries, as `make boundaries` takes them")
    parser.add_argument("--addresses", type=Path, help="CSV with the columns unit and address")
    parser.add_argument("--without-edge", action="store_true", help="no distribution and firewall: they are elsewhere")
    parser.add_argument(
        "--without-ops", action="store_true", help="no dashboard, objectives and budget: they are elsewhere"
    )
    try:
        deploy(parser.parse_args())
    except (cloud.DeployRefused, StepFailed, BoundariesRefused) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def deploy(arguments: argparse.Namespace) -> None:
    """Judge first, then build, then change the account.

    Raises:
        DeployRefused, StepFailed, BoundariesRefused: with what to do.
    """
    stage = cloud.Stage(arguments.stage, boto3.Session())
    against = cloud.refusals(
        stage, creates_keys=arguments.create_keys, brings_boundaries=arguments.boundaries is not None
    )
    if against:
        raise cloud.DeployRefused("\n".join(against))
    settings = parameters.stage_settings(stage.name)
    instance = ROOT / "instances" / settings["Instance"]
    progress = Progress()
    with progress.step("built"):
        package = build.aws(stage.name, ROOT / "dist" / stage.name)
    with progress.step("templates checked"):
        lint(package)
    with progress.step("data stack"):
        cloud.deploy_data(stage, package)
    if arguments.create_keys and cloud.make_keys(stage):
        progress.remark("signing keys made: keep a copy, without them no receipt can be read")
    if arguments.boundaries:
        with progress.step("boundaries"):
            cloud.bring_boundaries(stage, arguments.boundaries, instance, system_clock())
    with progress.step("functions and API"):
        cloud.deploy_functions(stage, package)
    with progress.step("tables for analysts"):
        cloud.deploy_analysis(stage, package)
    if not arguments.without_ops:
        with progress.step("dashboard, objectives, budget"):
            cloud.deploy_ops(stage, package)
    with progress.step("units") as remarks:
        remarks.append(str(cloud.load(stage, instance, arguments.addresses)))
    with progress.step("site") as remarks:
        count = cloud.upload_site(stage, settings["Instance"], package.folder / "site", settings["SiteUrl"])
        remarks.append(f"{count} files")
    if not arguments.without_edge:
        with progress.step("distribution and firewall") as remarks:
            remarks.append(cloud.deploy_edge(stage, package, settings))


if __name__ == "__main__":
    sys.exit(main())
