"""The page of faults: all 32, and every test that it names is there."""

import re

import pytest

from chalicelib.domain import errors
from infra.build.packages import ROOT
from tests.support.named import missing

PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d+ \|", line)
]
FAULTS = 32


def test_every_fault_has_its_row_in_order() -> None:
    assert [row[0] for row in ROWS] == [str(number + 1) for number in range(FAULTS)]
    assert all(len(row) == 4 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_fault_is_shown_by_tests_that_are_there(row: list[str]) -> None:
    named = re.findall(r"`([^`]+)`", row[3])
    assert named
    assert missing(named) == []


def test_every_status_that_is_promised_is_one_of_the_interface_s() -> None:
    promised = {int(status) for row in ROWS for status in re.findall(r"\b[1-5]\d\d\b", row[2])}
    known = {made.status for made in vars(errors).values() if isinstance(getattr(made, "status", None), int)}
    assert promised - {200, 201} <= known
    assert promised
