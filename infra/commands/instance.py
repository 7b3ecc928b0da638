"""Finds the running instance for the commands that work on it (`make nightly`, `make mail`, …)."""

import json
import os
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.local.emulator import ROOT, Access

LOCAL = Path(os.environ.get("CZUJKA_LOCAL") or ROOT / ".local")
"""Where instances keep what is theirs; tests name a folder of their own."""


class NotRunning(Exception):
    """No instance is running; the message says how to start one."""


class FunctionFailed(Exception):
    """A deployed function raised; the message holds its own words."""


@dataclass(frozen=True)
class Running:
    """A running instance.

    `names` are the environment variables of the deployed API function (MAIN_TABLE, QUOTA_TABLE, SITE_BUCKET,
    WORK_BUCKET, QUARANTINE_BUCKET, SECRETS_PARAM, TOPIC_PREFIX, …); `functions` gives the deployed name by the Chalice
    name (APIHandler, relay, photos, sweeper, nightly, publish); `api` is the gateway's own address; `launcher` its
    process.
    """

    instance: str
    base_url: str
    endpoint: str
    secret_key: str
    api: str
    launcher: int
    names: Mapping[str, str]
    functions: Mapping[str, str]

    @property
    def access(self) -> Access:
        """Endpoint and key of its emulator."""
        return Access(self.endpoint, self.secret_key)

    def client(self, service: str) -> Any:
        """A boto3 client of `service`."""
        return self.access.client(service)

    def session(self) -> Any:
        """A boto3 session with the root key; clients made from it need `endpoint_url=running.endpoint`."""
        return self.access.session()

    def environment(self) -> dict[str, str]:
        """The environment in which `chalicelib`'s own settings and container work on this instance."""
        return {
            **self.names,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": self.access.region,
            "AWS_REGION": self.access.region,
        }

    def save(self) -> None:
        """Write the record that `connect` reads; only the owner may read it, for it holds the key."""
        path = record(self.instance)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    def invoke(self, function: str, payload: Mapping[str, Any]) -> Any:
        """Call a deployed function by its Chalice name; FunctionFailed with its own error."""
        answer = self.client("lambda").invoke(
            FunctionName=self.functions[function], Payload=json.dumps(payload).encode()
        )
        body = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise FunctionFailed(f"The function {function} failed: {json.dumps(body, ensure_ascii=False)}")
        return body


def record(instance: str) -> Path:
    """Where a running instance says how to reach it."""
    return LOCAL / instance / "run.json"


def connect(instance: str | None = None) -> Running:
    """The running instance of that code (default: `INSTANCE`, else `pl`); NotRunning when there is none."""
    code = instance or os.environ.get("INSTANCE") or "pl"
    hint = f"No instance `{code}` is running. Start it in another terminal: make run" + (
        "" if code == "pl" else f" INSTANCE={code}"
    )
    try:
        running = Running(**json.loads(record(code).read_text(encoding="utf-8")))
        # The record of one that was killed is still there.
        address = urlsplit(running.endpoint)
        socket.create_connection((str(address.hostname), address.port or 80), timeout=5).close()
    except OSError as absent:
        raise NotRunning(hint) from absent
    return running


def printing(work: Callable[[], Any]) -> int:
    """Do the work and print what it gives as JSON; 1 with the reason where no instance runs or a function fails."""
    try:
        result = work()
    except (NotRunning, FunctionFailed) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    return 0
