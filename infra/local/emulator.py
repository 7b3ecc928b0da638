"""Starts and stops the AWS emulator as a child process, for `make run` and for the tests alike."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-central-1"


class EmulatorFailed(Exception):
    """The emulator did not start; the message says why and what to do."""


@dataclass(frozen=True)
class Access:
    """Where an emulator listens and the root key that it was started with."""

    endpoint: str
    secret_key: str
    access_key: str = "test"
    region: str = REGION

    def client(self, service: str) -> Any:
        """A boto3 client of `service` on this emulator."""
        return self.session().client(
            service,
            endpoint_url=self.endpoint,
            config=Config(
                connect_timeout=5, read_timeout=900, retries={"total_max_attempts": 1}, max_pool_connections=32
            ),
        )

    def session(self) -> Any:
        """A boto3 session with this emulator's key and region."""
        return boto3.Session(
            aws_access_key_id=self.access_key, aws_secret_access_key=self.secret_key, region_name=self.region
        )


def free_port() -> int:
    """A loopback port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def interpreter() -> Path:
    """The interpreter of the emulator's environment; EmulatorFailed when that does not exist."""
    path = ROOT / ".emulator" / "bin" / "python"
    if not path.exists():
        raise EmulatorFailed(
            f"The emulator's environment is missing: {path}. Run `make run` or `make environments` once."
        )
    return path


@dataclass
class Emulator:
    """One emulator process. `work` holds its temporary files and log; `state`, when given, survives it."""

    work: Path
    state: Path | None = None
    save_every: float = 5.0
    port: int = 0
    access: Access = field(init=False)
    process: "subprocess.Popen[bytes]" = field(init=False)

    def start(self, patience: float = 60.0) -> "Emulator":
        """Start it and wait until it answers; EmulatorFailed with the end of its log when it does not."""
        self.port = self.port or free_port()
        self.access = Access(f"http://127.0.0.1:{self.port}", secrets.token_urlsafe(24))
        self.work.mkdir(parents=True, exist_ok=True)
        command = [str(interpreter()), "-I", str(Path(__file__).with_name("emulator_main.py"))]
        command += [
            "--port",
            str(self.port),
            "--temporary",
            str(self.work / "tmp"),
            "--save-every",
            str(self.save_every),
        ]
        if self.state is not None:
            command += ["--state", str(self.state)]
        self.log.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C goes to the launcher alone, which then stops this one, functions and all.
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=self._environment(), start_new_session=True
            )
        self._wait(time.monotonic() + patience)
        return self

    @property
    def log(self) -> Path:
        """The emulator's log, with what the functions wrote to standard error."""
        return self.work / "emulator.log"

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Stop it in order: the state is saved, functions end, temporary files go."""
        if self.runs:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        # Functions of an emulator that was killed may still be waiting for it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        if self.process.stdin is not None:
            self.process.stdin.close()

    def _environment(self) -> dict[str, str]:
        # Functions inherit this environment, so it holds nothing of the host but what a process needs.
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.work),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONWARNINGS": "ignore",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "AUTH": "true",
            "LOG_LEVEL": os.environ.get("EMULATOR_LOG", "WARNING"),
            "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": self.access.access_key,
            "AWS_SECRET_ACCESS_KEY": self.access.secret_key,
            "DOCKER_HOST": "unix:///nonexistent",
        }

    def _wait(self, deadline: float) -> None:
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.access.endpoint}/_ministack/health", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        self.process.kill()
        tail = self.log.read_text(errors="replace")[-2000:]
        raise EmulatorFailed(f"The emulator did not start on port {self.port} ({sys.platform}). Its log ends:\n{tail}")
