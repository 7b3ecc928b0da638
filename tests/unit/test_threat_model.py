"""The threat model is whole, and every test that it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
TESTS = ROOT / "tests"

KINDS = "STRIDE"
FLOWS = re.split(r"^### ", MODEL.split("## Threats by flow")[1].split("\n## ")[0], flags=re.MULTILINE)[1:]
THREATS = {
    row[0]: row[1:]
    for flow in FLOWS
    for row in re.findall(r"^\| ([A-Z]\d+) \| ([A-Z, ]+) \| (.+) \| (.+) \| (.+) \|$", flow, re.MULTILINE)
}
NAMED = re.findall(r"`([\w/]+)::(\w+)`", MODEL)

# The number of sections of each chapter of OWASP ASVS 5.0, from V1 to V17.
SECTIONS = [5, 4, 7, 4, 4, 8, 6, 4, 2, 7, 7, 3, 4, 3, 4, 5, 3]
BY_OTHERS = ("provider: ", "operator: ", "not used")


@cache
def functions_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / f"{path}.py").read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def is_test(path: str, name: str) -> bool:
    return name.startswith("test_") and (TESTS / f"{path}.py").exists() and name in functions_in(path)


def rows(heading: str, pattern: str) -> list[tuple[str, str]]:
    section = MODEL.split(f"## {heading}")[1].split("\n## ")[0]
    return re.findall(pattern, section, re.MULTILINE)


def threats_in(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w`/.-])([A-Z]\d+)(?![\w.])", text))


def test_every_test_that_is_named_is_there() -> None:
    assert len(NAMED) > 100
    assert [f"{path}::{name}" for path, name in NAMED if not is_test(path, name)] == []


@pytest.mark.parametrize(("path", "name"), [("unit/test_threat_model", "test_made_up"), ("unit/none", "test_x")])
def test_a_test_that_is_not_there_would_be_found(path: str, name: str) -> None:
    assert not is_test(path, name)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.split(":")[0])
def test_every_flow_meets_all_six_kinds_of_threat(flow: str) -> None:
    met = {kind for _, kinds in re.findall(r"^\| ([A-Z]\d+) \| ([A-Z, ]+) \|", flow, re.MULTILINE) for kind in kinds}
    assert met - set(", ") == set(KINDS)


def test_every_flow_of_the_drawing_is_looked_at() -> None:
    names = {flow.split(":")[0] for flow in FLOWS}
    drawn = set(re.findall(r"-->\|(\w+)\|", MODEL))
    assert names == drawn | {"store", "operation", "trace"}


@pytest.mark.parametrize("name", THREATS)
def test_every_threat_has_a_test(name: str) -> None:
    kinds, _, _, tests = THREATS[name]
    assert set(kinds.split(", ")) <= set(KINDS)
    assert re.fullmatch(r"`[\w/]+::\w+`(, `[\w/]+::\w+`)*", tests)


def test_threats_are_numbered_without_a_gap() -> None:
    every = re.findall(r"^\| ([A-Z]\d+) \|", MODEL, re.MULTILINE)
    assert every == list(THREATS), "a row that no test reads"
    for letter in {name[0] for name in every}:
        numbers = [int(name[1:]) for name in every if name[0] == letter]
        assert numbers == list(range(1, len(numbers) + 1))


def test_each_of_the_ten_risks_of_interfaces_leads_to_threats() -> None:
    risks = rows("OWASP API Security Top 10 (2023)", r"^\| API(\d+) .+ \| (.+) \|$")
    assert [int(number) for number, _ in risks] == list(range(1, 11))
    assert all(threats_in(names) for _, names in risks)


def test_every_section_of_asvs_is_met_or_said_to_be_anothers() -> None:
    met = rows("OWASP ASVS 5.0, by section", r"^\| V([\d.]+) [^|]+ \| (.+) \|$")
    wanted = [f"{chapter}.{n}" for chapter, count in enumerate(SECTIONS, 1) for n in range(1, count + 1)]
    assert [number for number, _ in met] == wanted
    assert [
        number for number, by in met if not (threats_in(by) or re.search(r"`\w+/\w+", by) or by.startswith(BY_OTHERS))
    ] == []


def test_both_lists_lead_to_threats_that_are_there() -> None:
    lists = MODEL.split("## OWASP API Security Top 10 (2023)")[1]
    cells = re.findall(r"^\| (?:API|V)\S+ [^|]+ \| (.+) \|$", lists, re.MULTILINE)
    assert {name for cell in cells for name in threats_in(re.sub(r"\[.*?\]\(.*?\)", "", cell))} <= set(THREATS)
