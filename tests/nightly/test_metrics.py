"""What a night says of itself to whoever watches: a line of metrics when it has ended, and none when it has not."""

import json
from typing import Any

import pytest

from chalicelib.services.nightly import JOB
from chalicelib.store.ledger import Ledger
from tests.nightly.world import NOON, Night, days_ago

Capture = pytest.CaptureFixture[str]


def lines(capsys: Capture) -> list[dict[str, Any]]:
    """The lines of metrics that were written."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"_aws"')]


def test_a_night_that_ends_tells_what_it_left_and_what_it_took(night: Night, capsys: Capture) -> None:
    night.file(at=days_ago(1))
    summary = night.run()
    (line,) = lines(capsys)
    told = {name: line[name] for name in line if name not in {"_aws", "stage", "cpu_s"}}
    assert told == {
        "function": "nightly",
        "purge_left": 0,
        "retention_left": 0,
        "reports": 1,
        "invariant_violations": 0,
    }
    assert line["cpu_s"] == summary["cpu_seconds"] > 0
    (declared,) = line["_aws"]["CloudWatchMetrics"]
    assert {(each["Name"], each["Unit"]) for each in declared["Metrics"]} == {
        ("purge_left", "Count"),
        ("retention_left", "Count"),
        ("reports", "Count"),
        ("invariant_violations", "Count"),
        ("cpu_s", "Seconds"),
    }


def test_a_night_that_finds_another_at_work_tells_nothing(night: Night, capsys: Capture) -> None:
    Ledger(JOB, "another").take(NOON)
    assert night.run()["state"] == "busy"
    assert lines(capsys) == []


def test_a_night_that_fails_tells_nothing(night: Night, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("chalicelib.services.nightly.purge", fail)
    with pytest.raises(OSError, match=r"^$"):
        night.run()
    assert lines(capsys) == []
