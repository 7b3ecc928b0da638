"""A night that would publish counts that contradict each other: found, counted, and not published."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from chalicelib.hotspots import counts
from chalicelib.services import cells, conservation, state
from chalicelib.services.builds import Record
from chalicelib.services.conservation import NotConservedError
from chalicelib.services.state import State, StateFile
from tests.nightly.test_metrics import lines
from tests.nightly.world import Night, days_ago

Capture = pytest.CaptureFixture[str]

KEPT = State(months={"2026-10": StateFile("a", "a", 5), "2026-11": StateFile("b", "b", 3)})


def records(**changes: Any) -> dict[str, Record]:
    """What the steps of a sound build have recorded, but for the changes."""
    facts = {"ordinary": 8, "year": 8, "2026-10": 5, "2026-11": 2, **changes}
    months = {name: {"rows": number} for name, number in facts.items() if name[0] == "2"}
    by_step = {
        "cells": {"ordinary": facts["ordinary"]},
        "areas": {"year": facts["year"]},
        "exports": {"months": months},
    }
    return {step: Record([], fact) for step, fact in by_step.items()}


@pytest.mark.parametrize(
    ("changes", "nowhere", "found"),
    [
        ({}, 0, []),
        ({"year": 6}, 2, []),
        ({"year": 6}, 1, ["areas"]),
        ({"year": 9}, 0, ["areas"]),
        ({"2026-10": 6}, 0, ["exports 2026-10"]),
        ({"2026-09": 1}, 0, ["exports 2026-09"]),
        ({"2026-11": 4, "ordinary": 7}, 0, ["exports 2026-11", "areas"]),
    ],
)
def test_counts_that_contradict_each_other_are_named(changes: dict[str, int], nowhere: int, found: list[str]) -> None:
    assert conservation.broken(KEPT, records(**changes), lambda: nowhere) == found


def test_a_fold_only_adds() -> None:
    more = State(months={**KEPT.months, "2026-12": StateFile("c", "c", 1)})
    assert conservation.lost(KEPT, more) == []
    assert conservation.lost(more, KEPT) == ["state 2026-12"]
    assert conservation.lost(State(months={"2026-10": StateFile("z", "z", 6)}), KEPT) == ["state 2026-10"]


def test_reports_without_an_area_are_no_violation(night: Night) -> None:
    filed = night.file(at=days_ago(1))
    night.stack.client("dynamodb").update_item(
        TableName=night.stack.names["MAIN_TABLE"],
        Key={"PK": {"S": f"R#{filed}"}, "SK": {"S": "E#000001"}},
        UpdateExpression="REMOVE area",
    )
    night.file(at=days_ago(1))
    summary = night.run()
    assert (summary["state"], summary["totals"]["reports_365d"]) == ("published", 2)


def tamper(night: Night, folder: Path, query: str) -> None:
    """Let the one file of the kept state hold what a query makes of it."""
    ((key, body),) = night.objects(state.FOLDER, night.work).items()
    (folder / "state.parquet").write_bytes(body)
    made = f"COPY ({query.format(file=folder / 'state.parquet')}) TO '{folder / 'made.parquet'}' (FORMAT parquet)"
    duckdb.execute(made)
    night.s3.put_object(Bucket=night.work, Key=key, Body=(folder / "made.parquet").read_bytes())


DROPPED = "SELECT * FROM '{file}' LIMIT 1"
DOUBLED = "SELECT * FROM '{file}' UNION ALL SELECT * FROM '{file}'"


@pytest.mark.parametrize(
    ("query", "newcomer", "named"),
    [
        (DROPPED, True, ["state 2026-11"]),
        (DROPPED, False, ["file 2026-11"]),
        (DOUBLED, False, ["file 2026-11", "exports 2026-11"]),
    ],
)
def test_a_state_that_was_tampered_with_is_not_published(
    night: Night, capsys: Capture, tmp_path: Path, query: str, *, newcomer: bool, named: list[str]
) -> None:
    # Longer ago than the next night reads again, or it would mend what is missing.
    for _ in range(3):
        night.file(at=days_ago(2))
    night.run()
    before = pointers(night)
    lines(capsys)
    tamper(night, tmp_path, query)
    if newcomer:
        night.file(at=days_ago(0))
    night.now += timedelta(days=1)
    with pytest.raises(NotConservedError) as failure:
        night.run()
    assert list(failure.value.args) == named
    (line,) = lines(capsys)
    assert (line["function"], line["invariant_violations"]) == ("nightly", len(named))
    after = pointers(night)
    assert after["data/manifest.json"] == before["data/manifest.json"]
    if newcomer:
        assert after == before
    # The events are the truth: without the state the next night makes it of them, and publishes.
    night.s3.delete_object(Bucket=night.work, Key=state.POINTER)
    summary = night.run()
    assert (summary["state"], summary["reports"]) == ("published", 3 + newcomer)


def pointers(night: Night) -> dict[str, bytes]:
    """What the public and the next night go by."""
    return {**night.objects("data/manifest.json"), **night.objects(state.POINTER, night.work)}


def test_a_resolution_that_lost_a_report_is_not_published(
    night: Night, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    night.file(at=days_ago(1))
    made = counts.pyramid

    def short(*given: Any) -> Any:
        levels = made(*given)
        levels[-1].year[0] -= 1
        return levels

    monkeypatch.setattr(cells, "pyramid", short)
    with pytest.raises(NotConservedError, match="cells 5"):
        night.run()
    (line,) = lines(capsys)
    assert line["invariant_violations"] == 1
    assert night.objects("data/manifest.json") == {}
    assert json.loads(night.objects(state.POINTER, night.work)[state.POINTER])["months"]
