"""A night of the project's own code over the demonstration set, on an emulator that is thrown away."""

from __future__ import annotations

import io
import json
import os
import re
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.container import Container
from chalicelib.domain.calendar import day_of
from chalicelib.events import nightly
from chalicelib.settings import Settings
from infra.build import parameters, template
from infra.build.packages import ROOT
from infra.commands.demo import towns
from infra.commands.importing import import_file
from infra.commands.instance import Running
from infra.demo.generate import write
from infra.demo.tables import fetch
from infra.local.deploy import DATA_STACK, deploy_stack
from infra.local.emulator import Access, Emulator
from infra.local.fill import create_keys
from infra.places.builtin import ensure_places

INSTANCE = "pl"
NIGHT = datetime(2026, 11, 1, 23, 10, tzinfo=UTC)
"""Ten past midnight of 2 November in Warsaw: the newest month has one day, the ones before are whole."""


def tables(work: Path, count: int) -> Path:
    """Import `count` made-up reports, run the night, and return a folder with the tables; the same rows every time."""
    emulator = Emulator(work / "emulator").start()
    try:
        running = _deployed(emulator.access)
        os.environ.update(running.environment())
        os.environ["INSTANCE_DIR"] = str(ROOT / "instances" / INSTANCE)
        container = Container(Settings.from_environment(os.environ), lambda: NIGHT)
        zone = container.instance.zone
        create_keys(running.client("ssm"), running.names["SECRETS_PARAM"])
        ensure_places(running.client("s3"), running.names["WORK_BUCKET"], ROOT / "instances" / INSTANCE, NIGHT)
        reports = work / "reports.csv"
        write(reports, list(towns(INSTANCE)), count, day_of(NIGHT, zone), zone)
        import_file(running, reports, now=NIGHT)
        # Its metrics are for a log.
        with redirect_stdout(io.StringIO()):
            nightly.handle({}, container)
        fetch(running.client("s3"), running.names["SITE_BUCKET"], work / "tables")
    finally:
        emulator.stop()
    return work / "tables"


def _deployed(access: Access) -> Running:
    """Deploy tables and buckets, without functions, and return where they are."""
    stage, settings = parameters.LOCAL_STAGE, parameters.stage_settings(parameters.LOCAL_STAGE)
    body = json.dumps(template.load(template.DATA)).encode()
    deploy_stack(access, DATA_STACK, body, parameters.of_data(stage, settings))
    (stack,) = access.client("cloudformation").describe_stacks(StackName=DATA_STACK)["Stacks"]
    # MainTable → MAIN_TABLE, as the functions have it.
    names = {
        re.sub(r"(?<=[a-z])(?=[A-Z])", "_", output["OutputKey"]).upper(): output["OutputValue"]
        for output in stack["Outputs"]
    }
    names |= {
        "STAGE": stage,
        "SECRETS_PARAM": f"/czujka/{stage}/secrets",
        "TOPIC_PREFIX": "none",
        "MAIL_SENDER": settings["MailSender"],
        "FALLBACK_ADDRESS": settings["FallbackAddress"],
        "SITE_URL": settings["SiteUrl"],
        "TIME_MAY_BE_TOLD": "true",
        "COOKIE_SECURE": "false",
    }
    return Running(INSTANCE, settings["SiteUrl"], access.endpoint, access.secret_key, "", 0, names, {})
