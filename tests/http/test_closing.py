"""Intake closed in an emergency: nothing new is taken, nothing that was accepted is lost, and the site says so."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import boto3
import pytest
from jsonschema import Draft202012Validator

from chalicelib.domain.closing import Closing
from chalicelib.services.door import Door
from chalicelib.store import control
from infra import notice
from infra.commands import intake as command
from infra.local.emulator import Access
from infra.local.site import upload_site
from tests.http.gateway import Answer
from tests.http.world import NOON, World
from tests.open311.client import keyed
from tests.store.faults import faults, throttled

KEY = "3f0c8f6e-2f43-4a53-9d0c-0f6f6d6c1a2b"
NOTHING = {"report": 0, "event": 0, "outbox": 0, "quota": 0}
Run = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def fresh_door(world: World) -> Iterator[None]:
    """The process knows nothing of the switch, and forgets what it learnt here."""
    vars(world.box._resources).pop("door", None)
    yield
    vars(world.box._resources).pop("door", None)


@pytest.fixture
def run(world: World, emulator: Access, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command on the world's tables and buckets, at the clock's time; returns what it prints."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", emulator.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", emulator.secret_key)
    monkeypatch.setenv("AWS_DEFAULT_REGION", emulator.region)
    for name in ("MAIN_TABLE", "QUOTA_TABLE", "SITE_BUCKET"):
        monkeypatch.setenv(name, world.stack.names[name])
    monkeypatch.setattr(command, "system_clock", world.clock)

    def call(*arguments: str) -> dict[str, Any]:
        capsys.readouterr()
        assert command.main(list(arguments)) == 0
        world.clock.pass_by(minutes=1)
        printed = [line for line in capsys.readouterr().out.splitlines() if '"site"' in line]
        told: dict[str, Any] = json.loads(printed[-1])
        return told

    return call


def refused(answer: Answer) -> bool:
    return (answer.status, answer.body["code"]) == (503, "intake_closed")


def test_closed_intake_takes_nothing_and_leaves_nothing(world: World, run: Run) -> None:
    citizen = world.citizen()
    told = run("closed")
    assert told["intake"]["state"] == told["site"]["intake"] == "closed"
    answer = citizen.file(KEY)
    assert refused(answer), answer.text
    assert answer.headers["retry-after"] == "3600"
    assert world.census() == NOTHING
    assert run("open") == {
        "intake": {"state": "open"},
        "site": {"intake": "open", "since": None, "until": None, "notice": {}},
    }
    assert citizen.file(KEY).status == 201, "the refusal cost no quota"


def test_whoever_was_accepted_before_gets_the_answer_again(world: World, run: Run) -> None:
    citizen = world.citizen()
    first = citizen.file(KEY)
    run("closed")
    assert citizen.file(KEY).text == first.text
    held = citizen.call("GET", "/v1/receipt", Receipt=first.body["receipt"])
    assert held.status == 200


def test_sightings_wait_too(world: World, run: Run) -> None:
    report = world.citizen().file(KEY).body["id"]
    run("closed")
    seen = world.citizen().call("POST", f"/v1/reports/{report}/corroborations", {}, Idempotency_Key=KEY)
    assert refused(seen), seen.text


def test_applications_of_open311_are_refused_too(world: World, run: Run) -> None:
    city = keyed(world)
    first = city.post(idempotency=KEY)
    run("closed")
    answer = city.post()
    assert (answer.status, answer.headers["retry-after"]) == (503, "3600")
    assert "[intake_closed]" in answer.body[0]["description"]
    assert city.post(idempotency=KEY).body[0]["service_request_id"] == first.body[0]["service_request_id"]
    assert city.get("services.json").status == 200


def test_it_opens_by_itself_at_the_moment_that_was_said(world: World, run: Run) -> None:
    told = run("closed", "--until", (NOON + timedelta(hours=2)).isoformat())
    assert told["site"]["until"] == told["intake"]["until"]
    citizen = world.citizen()
    answer = citizen.file(KEY)
    assert refused(answer)
    assert answer.headers["retry-after"] == str(2 * 3600 - 60)
    world.clock.pass_by(hours=2)
    assert run()["intake"] == {"state": "open"}
    assert citizen.file(KEY).status == 201


def test_the_last_seconds_ask_for_a_minute_of_patience() -> None:
    closing = Closing(NOON, NOON + timedelta(seconds=5))
    with pytest.raises(Exception, match="intake_closed") as refusal:
        closing.refuse(NOON)
    assert vars(refusal.value)["_retry_after"] == 60


def test_a_switch_that_cannot_be_read_leaves_the_door_as_it_was(world: World) -> None:
    door = Door(control.closing)
    with faults(*[throttled] * 3, operation="GetItem"):
        door.admit(NOON)
    control.set_closing(Closing(NOON))
    with pytest.raises(Exception, match="intake_closed"):
        door.admit(NOON + timedelta(minutes=2))
    with faults(*[throttled] * 3, operation="GetItem"), pytest.raises(Exception, match="intake_closed"):
        door.admit(NOON + timedelta(minutes=4))
    assert world.census() == NOTHING


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("Trwa awaria", {"pl": "Trwa awaria"}),
        ('{"pl": "Trwa awaria", "en": "An outage"}', {"pl": "Trwa awaria", "en": "An outage"}),
    ],
)
@pytest.mark.parametrize("state", ["open", "closed"])
def test_the_operator_s_words_reach_the_site_and_fit_the_schema(
    world: World, run: Run, state: str, given: str, words: dict[str, str]
) -> None:
    body = run(state, "--notice", given)["site"]
    assert (body["intake"], body["notice"]) == (state, words)
    schema = json.loads((files("chalicelib.schemas") / "notice.json").read_text("utf-8"))
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(body)
    assert world.census() == NOTHING


@pytest.mark.parametrize(
    "wrong",
    [
        ("shut",),
        ("--notice", "words without a state"),
        ("closed", "--until", "2026-11-24T06:00"),
        ("closed", "--until", "2020-01-01T00:00Z"),
        ("closed", "--notice", '{"de": "Störung"}'),
        ("closed", "--notice", "x" * (notice.LONGEST + 1)),
        ("closed", "--notice", ""),
    ],
    ids=str,
)
def test_what_nobody_can_mean_is_refused(wrong: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit):
        command.main(list(wrong))


def test_a_new_release_of_the_site_leaves_the_notice_as_it_is(
    run: Run, world: World, emulator: Access, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "headers.json").write_text('{"all": {}, "rules": []}')
    (tmp_path / notice.KEY).write_text('{"intake": "open"}')
    s3, bucket = emulator.client("s3"), world.stack.names["SITE_BUCKET"]
    s3.delete_object(Bucket=bucket, Key=notice.KEY)
    assert upload_site(s3, bucket, tmp_path) == 1
    assert notice.read(s3, bucket) == {"intake": "open"}
    told = run("closed")["site"]
    assert upload_site(s3, bucket, tmp_path) == 0
    assert notice.read(boto3.client("s3"), bucket) == told
