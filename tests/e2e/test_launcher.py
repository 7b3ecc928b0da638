"""`make run` as its user meets it: starts, refuses, stops in order, and remembers."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from infra.commands.instance import Running
from infra.local.emulator import ROOT, free_port
from tests.e2e.citizen import URGENT, file_report, mails_about, wait_for
from tests.support.whole import Whole

pytestmark = pytest.mark.e2e

START_SECONDS = 300


@dataclass
class Launched:
    """A launcher with a folder and a port of its own."""

    local: Path
    port: int = field(default_factory=free_port)
    instance: str = "pl"
    started: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def start(self) -> "subprocess.Popen[bytes]":
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment |= {"CZUJKA_LOCAL": str(self.local), "PORT": str(self.port), "INSTANCE": self.instance}
        with self.output.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "infra.commands.run"], cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        self.started.append(process)
        return process

    def end(self) -> None:
        """Stop whatever still runs."""
        for process in self.started:
            process.terminate()
            process.wait(120)

    @property
    def output(self) -> Path:
        """What the launcher printed."""
        return self.local.with_suffix(".txt")

    def ready(self, process: "subprocess.Popen[bytes]") -> Whole:
        """Wait until it serves."""
        wait_for(lambda: "Ctrl-C" in self.output.read_text() or process.poll() is not None, START_SECONDS)
        assert process.poll() is None, self.output.read_text()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("infra.commands.instance.LOCAL", self.local)
            from infra.commands.instance import connect

            return Whole(connect(self.instance))

    def refused(self) -> str:
        """Start it where it cannot start; gives what it said."""
        process = self.start()
        assert process.wait(START_SECONDS) == 1
        return self.output.read_text()


@pytest.fixture(scope="module")
def launched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """One instance that the tests of this module start, stop and kill in their order."""
    made = Launched(tmp_path_factory.mktemp("launcher") / "local")
    yield made
    made.end()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def alive(running: Running) -> bool:
    return listens(int(running.endpoint.rpartition(":")[2]))


def children(parent: int) -> list[int]:
    """The processes that this one started."""
    return [int(name) for name in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def stop(process: "subprocess.Popen[bytes]", number: signal.Signals) -> int:
    process.send_signal(number)
    return process.wait(120)


@pytest.mark.timeout(1500)  # four starts and a whole build
def test_what_is_left_of_an_instance_after_a_stop_and_a_kill(launched: Launched) -> None:
    process = launched.start()
    stack = launched.ready(process)
    filed = file_report(stack)
    assert filed.status == 201

    second = Launched(launched.local, instance=launched.instance)
    other = Launched(launched.local.with_name("other"), launched.port)
    assert f"runs already at {stack.base_url}" in second.refused()
    assert f"make run PORT={launched.port + 1}" in other.refused()

    assert stop(process, signal.SIGTERM) == 0
    assert not alive(stack.running)
    assert not listens(launched.port)
    assert sorted(path.name for path in (launched.local / "pl").iterdir()) == ["build", "emulator", "site", "state"]
    assert [path.name for path in (launched.local / "pl" / "emulator").iterdir()] == ["emulator.log"]

    process = launched.start()
    stack = launched.ready(process)
    said = launched.output.read_text()
    assert "functions built" not in said
    assert "site built" not in said
    follow = {"Receipt": filed.json["receipt"]}
    assert stack.call("GET", "/v1/receipt", headers=follow).json["id"] == filed.json["id"]

    process.kill()
    process.wait()
    assert wait_for(lambda: not alive(stack.running), 60)

    process = launched.start()
    stack = launched.ready(process)
    assert stack.call("GET", "/v1/receipt", headers=follow).status == 200
    newer = file_report(stack, category=URGENT)
    assert newer.status == 201
    # The stream of the new process is read from its beginning.
    assert wait_for(lambda: mails_about(stack, newer.json["id"]))
    assert stop(process, signal.SIGINT) == 0

    process = launched.start()
    stack = launched.ready(process)
    for child in children(process.pid):
        os.kill(child, signal.SIGKILL)
    assert process.wait(60) == 1
    assert "The emulator ended by itself" in launched.output.read_text()
    assert not listens(launched.port)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"instance": "atlantis"}, "There is no instance `atlantis`; there are: pl, vancouver."),
        ({"port": 70000}, "PORT=70000 is no port number."),
    ],
)
def test_what_cannot_be_started_is_refused_with_advice(
    tmp_path: Path, changed: dict[str, str | int], said: str
) -> None:
    launched = Launched(tmp_path / "local")
    for name, value in changed.items():
        setattr(launched, name, value)
    assert said in launched.refused()
    assert not (tmp_path / "local").exists()
