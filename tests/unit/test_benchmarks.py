"""The benchmarks can be run by name, and the rule that they bill requests by is DynamoDB's."""

import importlib
from typing import Any

import pytest

from infra.commands.bench import BENCHMARKS
from tests.bench.units import index_units, read_units, size

ENTRY = {name: {"S": "x"} for name in ("PK", "SK", "G1PK", "G1SK", "category")}


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_can_be_run_by_its_name(name: str) -> None:
    assert callable(importlib.import_module(f"tests.bench.{name}").run)


@pytest.mark.parametrize(
    ("looked_at", "consistent", "units"),
    [(0, False, 0.5), (0, True, 1), (4096, False, 0.5), (4097, False, 1), (8192, True, 2), (8193, True, 3)],
)
def test_a_read_takes_half_a_unit_for_each_started_four_kilobytes(
    looked_at: int, *, consistent: bool, units: float
) -> None:
    assert read_units(looked_at, consistent=consistent) == units


def test_an_item_is_as_large_as_its_names_and_values() -> None:
    assert size({"PK": {"S": "ż"}, "n": {"N": "-123"}, "d": {"NS": ["1", "2"]}, "b": {"B": "1234"}}) == 4 + 4 + 5 + 5


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        pytest.param({}, ENTRY, 1, id="added"),
        pytest.param(ENTRY, {}, 1, id="removed"),
        pytest.param(ENTRY, {**ENTRY, "category": {"S": "y"}}, 1, id="altered"),
        pytest.param(ENTRY, {**ENTRY, "G1SK": {"S": "y"}}, 2, id="moved"),
        pytest.param(ENTRY, {**ENTRY, "text": {"S": "y"}}, 0, id="not projected"),
        pytest.param({}, {"PK": {"S": "x"}, "SK": {"S": "x"}}, 0, id="in no index"),
        pytest.param({}, {**ENTRY, "G2PK": {"S": "x"}, "G2SK": {"S": "x"}}, 2, id="in both"),
        pytest.param({}, {**ENTRY, "category": {"S": "x" * 1024}}, 2, id="large"),
    ],
)
def test_an_index_entry_is_paid_for_when_it_changes(before: Any, after: Any, units: int) -> None:
    assert index_units(before, after) == units
