"""The status page of an instance on one's own machine tells what is there, and nothing that a page could run."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.domain.closing import Closing
from chalicelib.store import control, models
from infra.commands.instance import Running
from infra.local.emulator import Access, free_port
from infra.local.front import Front, HeaderRules
from infra.local.status import Status, page
from tests.http.world import NOON, World
from tests.support.whole import send, served


@pytest.fixture
def status(world: World, emulator: Access) -> Status:
    """A look at the stack of the tests, at the clock's time."""
    running = Running(
        instance="pl",
        base_url="http://127.0.0.1:0",
        endpoint=emulator.endpoint,
        secret_key=emulator.secret_key,
        api=emulator.endpoint,
        launcher=1,
        names={**world.stack.names, "VERSION": "1.2.3"},
        functions={},
    )
    return Status(running, world.clock)


def test_an_empty_instance_waits_for_nothing(status: Status) -> None:
    told = status.look()
    assert set(told["waiting"].values()) == {0}
    assert told["switches"] == {"intake": "open", "closed until": None, "proof": 0}
    assert told["published"]["version"] == "1.2.3"
    assert told["published"]["build"] is None
    assert told["queues"]
    json.dumps(told)


def test_what_waits_is_counted_with_its_age(world: World, status: Status) -> None:
    for _ in range(3):
        assert world.citizen().file().status == 201
        world.clock.pass_by(seconds=30)
    waiting = status.look()["waiting"]
    assert (waiting["alerts waiting"], waiting["oldest alert, seconds"]) == (3, 90)


def test_switches_are_told_as_they_stand(world: World, status: Status) -> None:
    models.bind(world.box.settings.main_table, world.box.settings.quota_table)
    control.set_level(control.PROOF, 2)
    control.set_closing(Closing(NOON, NOON.replace(hour=20)))
    assert status.look()["switches"] == {
        "intake": "closed",
        "closed until": "2026-06-10T20:00:00.123Z",
        "proof": 2,
    }
    world.clock.pass_by(hours=12)
    assert status.look()["switches"]["intake"] == "open"


def test_the_build_and_the_mails_are_told(world: World, status: Status, monkeypatch: pytest.MonkeyPatch) -> None:
    s3, bucket = world.stack.client("s3"), world.stack.names["SITE_BUCKET"]
    manifest = {"build": "b1", "day": "2026-06-09", "published_at": "now", "totals": {"reports_365d": 7}}
    s3.put_object(Bucket=bucket, Key="data/manifest.json", Body=json.dumps(manifest).encode())
    mails = [
        {"to": ["a@b.example"], "subject": f"<b>{number}</b>", "text": "secret", "html": "secret", "at": str(number)}
        for number in range(12)
    ]
    monkeypatch.setattr("infra.local.status.sent_mails", lambda _: mails)
    told = status.look()
    published = told["published"]
    assert (published["build"], published["last night"], published["reports in 365 days"]) == ("b1", "2026-06-09", 7)
    assert told["mails"]["sent"] == 12
    assert [mail["at"] for mail in told["mails"]["last"]] == [str(number) for number in range(11, 1, -1)]
    assert "secret" not in json.dumps(told)
    shown = page(told)
    assert "&lt;b&gt;11&lt;/b&gt;" in shown
    assert "<b>" not in shown
    assert "<script" not in shown


def test_what_is_parked_stands_out(status: Status) -> None:
    told: dict[str, Any] = status.look()
    quiet = page(told)
    told["waiting"]["alerts parked"] = 2
    assert len(re.findall('class="warn"', page(told))) == len(re.findall('class="warn"', quiet)) + 1


@pytest.fixture
def origin(emulator: Access, world: World, status: Status) -> Iterator[str]:
    """A front with the page."""
    port = free_port()
    rules = HeaderRules(rules={"/": {}})
    front = Front(emulator, world.stack.names["SITE_BUCKET"], emulator.endpoint, rules, status.look)
    with served(front, port):
        yield f"http://127.0.0.1:{port}"


def test_the_front_serves_it_as_a_page_and_as_json(origin: str) -> None:
    shown = send("GET", f"{origin}/status", None, {})
    assert (shown.status, shown.headers["Cache-Control"], shown.headers["Refresh"]) == (200, "no-store", "10")
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert b"<h1>Status</h1>" in shown.body
    assert send("GET", f"{origin}/status.json", None, {}).json["waiting"]["alerts waiting"] == 0


def test_a_front_that_is_told_nothing_has_no_such_page(emulator: Access, world: World) -> None:
    port = free_port()
    with served(Front(emulator, world.stack.names["SITE_BUCKET"], emulator.endpoint, HeaderRules()), port):
        assert send("GET", f"http://127.0.0.1:{port}/status", None, {}).status == 404
