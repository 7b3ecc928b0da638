"""The privacy impact sheet says what the tables, templates and policies say."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib import store
from chalicelib.domain.retention import Kept
from chalicelib.store.quota_items import QuotaTableItem
from chalicelib.store.table import MainItem

ROOT = Path(__file__).resolve().parents[2]
SHEET = (ROOT / "docs" / "privacy-impact.md").read_text("utf-8")
DATA = (ROOT / "infra" / "data.yaml").read_text("utf-8")
POLICIES = sorted((ROOT / "infra" / "policies").glob("*.json"))

KEEPS = {"DynamoDB::Table", "S3::Bucket", "Logs::LogGroup", "Cognito::UserPool", "SQS::Queue"}
STORES = {
    "main": "table/${MainTable}",
    "quota": "table/${QuotaTable}",
    "quarantine": "${QuarantineBucket}",
    "photos": "${PhotoBucket}",
    "work": "${WorkBucket}",
    "site": "${SiteBucket}",
    "keys": "parameter${SecretsParam}",
    "mail": "identity/${MailIdentity}",
}
DEEDS = {
    "read": re.compile(r":(Get(?!Queue|Records|Shard)|BatchGet|Query)"),
    "write": re.compile(r":(Put|Update|BatchWrite)"),
    "delete": re.compile(r":(Delete|BatchWrite)"),
    "send": re.compile(r":Send"),
}


def section(heading: str) -> str:
    return re.split(r"^#{2,3} ", SHEET.split(f"# {heading}\n")[1], flags=re.MULTILINE)[0]


def first_cells(heading: str) -> list[str]:
    cells = re.findall(r"^\| (`[^|]+`) \|", section(heading), re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]


def every_module() -> None:
    for module in pkgutil.iter_modules(store.__path__, "chalicelib.store."):
        importlib.import_module(module.name)


def test_every_item_of_the_main_table_is_told_of() -> None:
    every_module()
    discriminators = [MainItem.t.get_discriminator(model) for model in MainItem.__subclasses__()]
    assert sorted(first_cells("Table `main`")) == sorted(map(str, discriminators))


def test_every_item_of_the_quota_table_is_told_of() -> None:
    every_module()
    kinds = [model.__name__.removesuffix("Item").lower() for model in QuotaTableItem.__subclasses__()]
    assert sorted(first_cells("Table `quota`, without backup and without stream")) == sorted(kinds)


def resources(text: str) -> Iterator[tuple[str, str]]:
    yield from re.findall(r"^  (\w+):\n    Type: AWS::([\w:]+)", text, re.MULTILINE)
    for names, kind in re.findall(
        r"^    - \[([\w, ]+)\]\n    - \$\{\w+\}:\n        Type: AWS::([\w:]+)", text, re.MULTILINE
    ):
        yield from ((name, kind) for name in names.split(", "))


def test_whatever_keeps_something_is_told_of() -> None:
    keeping = {name for name, kind in resources(DATA) if kind in KEEPS} - {"Main", "Quota"}
    assert {"Site", "Photos", "Failures"} <= keeping
    assert set(first_cells("Beside the tables")) == keeping


def test_every_promise_of_retention_keeps_something_here_and_no_other_is_named() -> None:
    kept = SHEET.split("## What is kept\n")[1].split("## Who can reach it")[0]
    last = "\n".join(re.findall(r"\| ([^|]+) \|$", kept, re.MULTILINE))
    # What a receipt opens is no thing of its own: it opens the case.
    assert set(re.findall(r"`(\w+)`", last)) == set(Kept) - {Kept.RECEIPT}


def deeds(policy: Path, place: str) -> str:
    allowed = {
        action
        for statement in json.loads(policy.read_text("utf-8"))["Statement"]
        if place in json.dumps(statement["Resource"])
        for action in statement["Action"]
    }
    return ", ".join(deed for deed, pattern in DEEDS.items() if any(map(pattern.search, allowed)))


def test_who_reaches_what_is_what_the_policies_say() -> None:
    drawn = re.findall(r"^\| `(\w+)` \|(.+)\|$", section("Who can reach it"), re.MULTILINE)
    assert {name: [cell.strip() for cell in cells.split("|")] for name, cells in drawn} == {
        policy.stem: [deeds(policy, place) for place in STORES.values()] for policy in POLICIES
    }


@pytest.mark.parametrize(
    ("function", "place"), [("photos", "keys"), ("photos", "quota"), ("publish", "photos"), ("publish", "keys")]
)
def test_what_the_threat_model_rests_on(function: str, place: str) -> None:
    assert deeds(ROOT / "infra" / "policies" / f"{function}.json", STORES[place]) == ""
