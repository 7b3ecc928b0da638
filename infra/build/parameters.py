"""What the templates are told for a stage and an instance."""

import json
import tomllib
from typing import Any

from infra.build.packages import ROOT

INSTANCES = ROOT / "instances"
LOCAL_STAGE = "local"
API, API_STAGE = "czujka", "api"
"""Names of the API and of its stage, by which its metrics are found."""

# Parameter of the functions' template -> last part of the name under which the data stack publishes it.
PUBLISHED = {
    "MainTable": "main-table",
    "MainStream": "main-stream",
    "QuotaTable": "quota-table",
    "SiteBucket": "site-bucket",
    "WorkBucket": "work-bucket",
    "ArrivalsQueue": "arrivals-queue",
    "QuarantineBucket": "quarantine-bucket",
    "PhotoBucket": "photo-bucket",
    "FailuresQueue": "failures-queue",
    "ArrivalsFailedQueue": "arrivals-failed-queue",
    "Alarms": "alarms",
    "MailEvents": "mail-events",
    "FunctionLog": "function-log",
    "AccessLog": "access-log",
    "MailIdentity": "mail-identity",
    "OfficerPool": "officer-pool",
    "OfficerPoolArn": "officer-pool-arn",
    "OfficerClient": "officer-client",
}


def document(instance: str, name: str) -> dict[str, Any]:
    """Read one document of an instance's folder."""
    loaded: dict[str, Any] = json.loads((INSTANCES / instance / f"{name}.json").read_text("utf-8"))
    return loaded


def version() -> str:
    """Return the version of the project."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return str(project["project"]["version"])


def garrisons(instance: str) -> list[str]:
    """Return the codes of the garrisons; each has a topic."""
    return sorted(entry["code"] for entry in document(instance, "units")["garrisons"])


def stage_settings(stage: str) -> dict[str, str]:
    """Read what the operator of a stage decides: infra/params/<stage>.json."""
    loaded: dict[str, str] = json.loads((ROOT / "infra" / "params" / f"{stage}.json").read_text("utf-8"))
    return loaded


def of_data(stage: str, settings: dict[str, str]) -> dict[str, str]:
    """Return the parameters of infra/data.yaml."""
    return {
        "Stage": stage,
        "Lasting": _lasting(stage),
        "Garrisons": ",".join(garrisons(settings["Instance"])),
        "MailIdentity": settings["MailIdentity"],
        "SiteUrl": settings["SiteUrl"],
    }


def of_analysis(stage: str) -> dict[str, str]:
    """Return the parameters of infra/analysis.yaml."""
    return {
        "Stage": stage,
        "Lasting": _lasting(stage),
        "SiteBucket": f"/czujka/{stage}/{PUBLISHED['SiteBucket']}",
    }


def of_ops(stage: str, settings: dict[str, str]) -> dict[str, str]:
    """Return the parameters of infra/ops.yaml."""
    return {
        "Stage": stage,
        "Alarms": f"/czujka/{stage}/{PUBLISHED['Alarms']}",
        "Api": API,
        "ApiStage": API_STAGE,
        "MonthlyBudget": settings["MonthlyBudget"],
        "BudgetAddress": settings["BudgetAddress"],
    }


def of_edge(stage: str, settings: dict[str, str]) -> dict[str, str]:
    """Return the parameters of infra/edge.yaml that are known before the other stacks."""
    return {
        "Stage": stage,
        "Host": settings["SiteUrl"].removeprefix("https://"),
        "Certificate": settings["Certificate"],
        "HostedZone": settings["HostedZone"],
        "ApiStage": API_STAGE,
    }


def _lasting(stage: str) -> str:
    return "Delete" if stage == LOCAL_STAGE else "Retain"


def of_functions(stage: str, settings: dict[str, str], build: str) -> dict[str, str]:
    """Return the parameters of the functions' template; `build` names the code that is deployed."""
    published = {name: f"/czujka/{stage}/{path}" for name, path in PUBLISHED.items()}
    return published | {
        "Stage": stage,
        "Zone": document(settings["Instance"], "instance")["zone"],
        "SiteUrl": settings["SiteUrl"],
        "MailSender": settings["MailSender"],
        "FallbackAddress": settings["FallbackAddress"],
        "SecretsParam": f"/czujka/{stage}/secrets",
        "BehindDistribution": settings["BehindDistribution"],
        "ProofLevel": settings["ProofLevel"],
        "Traces": settings["Traces"],
        "TracesTo": settings["TracesTo"],
        "TracesShare": settings["TracesShare"],
        "Build": build,
        "Version": version(),
    }
