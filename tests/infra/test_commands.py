"""The commands that need a running instance say so where there is none, and where one was killed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.commands import digest, instance, mail, nightly, publish
from infra.commands.instance import NotRunning, Running, connect
from infra.local.emulator import free_port
from infra.local.options import Options
from infra.local.progress import StepFailed
from infra.local.site import content_type

KILLED = Running(
    instance="pl",
    base_url="http://127.0.0.1:8080",
    endpoint="http://127.0.0.1:1",
    secret_key="secret",
    api="http://127.0.0.1:1/api",
    launcher=1,
    names={"MAIN_TABLE": "main"},
    functions={"nightly": "n"},
)


@pytest.fixture(autouse=True)
def nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "LOCAL", tmp_path)
    monkeypatch.setattr("sys.argv", ["command"])


@pytest.mark.parametrize(
    ("code", "advice"),
    [(None, "make run"), ("pl", "make run"), ("vancouver", "make run INSTANCE=vancouver")],
)
def test_without_an_instance_the_advice_is_how_to_start_it(code: str | None, advice: str) -> None:
    with pytest.raises(NotRunning) as refusal:
        connect(code)
    assert str(refusal.value).endswith(advice)


def test_the_record_of_a_killed_instance_counts_for_nothing() -> None:
    replace(KILLED, endpoint=f"http://127.0.0.1:{free_port()}").save()
    with pytest.raises(NotRunning):
        connect("pl")


def test_only_the_owner_may_read_the_record_with_the_key(tmp_path: Path) -> None:
    KILLED.save()
    path = tmp_path / "pl" / "run.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert Running(**json.loads(path.read_text())) == KILLED


@pytest.mark.parametrize("command", [mail, nightly, publish, digest], ids=lambda command: command.__name__)
def test_a_command_without_an_instance_fails_with_the_advice(command: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main() == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "make run" in said.err


@pytest.mark.parametrize(
    ("environment", "port", "persist"),
    [({}, 8080, True), ({"PORT": "", "INSTANCE": ""}, 8080, True), ({"PORT": "81", "PERSIST": "0"}, 81, False)],
)
def test_options_have_defaults(environment: dict[str, str], port: int, persist: bool) -> None:  # noqa: FBT001
    options = Options.read(environment)
    assert (options.instance, options.port, options.persist) == ("pl", port, persist)


@pytest.mark.parametrize(
    ("traces", "changed"),
    [
        ("", {}),
        ("console", {"Traces": "console"}),
        ("http://127.0.0.1:4318", {"Traces": "otlp", "TracesTo": "http://127.0.0.1:4318"}),
    ],
)
def test_traces_are_exported_where_somebody_asks_for_them(traces: str, changed: dict[str, str]) -> None:
    settings = Options.read({"TRACES": traces}).settings
    assert settings == {"SiteUrl": "http://127.0.0.1:8080", **changed}


def test_what_is_no_place_for_traces_is_refused() -> None:
    with pytest.raises(StepFailed, match="neither `console` nor an address"):
        Options.read({"TRACES": "zipkin"})


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1", "²"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(StepFailed, match="no port number"):
        Options.read({"PORT": port})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.mjs", "text/javascript; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.webmanifest", "application/manifest+json"),
        ("a.unknown", "application/octet-stream"),
    ],
)
def test_files_of_the_site_have_the_type_that_browsers_need(name: str, expected: str) -> None:
    assert content_type(Path(name)) == expected
