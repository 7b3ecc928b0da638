"""The page of other engines: every test that stands in for one is there, and so is every setting."""

import json
import re

import pytest

from infra.build.packages import ROOT
from tests.support.engine import ENDPOINT, PREFIX
from tests.support.named import missing

PAGE = (ROOT / "docs" / "engine.md").read_text("utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.partition("## What differs")[2].splitlines() if "::" in line]


def test_every_row_has_both_sides_and_its_tests() -> None:
    assert len(ROWS) >= 8
    assert all(len(row) == 3 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_difference_is_covered_by_tests_that_are_there(row: list[str]) -> None:
    named = re.findall(r"`([^`]+\.py::\w+)`", row[2])
    assert named
    assert missing(named) == []


def test_the_page_names_the_settings() -> None:
    assert {ENDPOINT, PREFIX} <= set(re.findall(r"DYNAMODB_[A-Z]+", PAGE))


def test_a_run_costs_less_than_the_page_says() -> None:
    prices = json.loads((ROOT / "infra" / "prices.json").read_text("utf-8"))
    found = re.search(r"with ([\d,]+) write units and ([\d,]+) read units", PAGE)
    assert found
    writes, reads = (int(number.replace(",", "")) for number in found.groups())
    cents = (writes * prices["write_units_million"] + reads * prices["read_units_million"]) / 1e4
    assert 1 < cents < 2
    assert "less than two US cents" in PAGE
