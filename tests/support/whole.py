"""The whole map, deployed from the local build and served as `make run` serves it."""

import asyncio
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

from infra.build import local
from infra.commands.instance import Running
from infra.local import deploy, fill
from infra.local.emulator import ROOT, Emulator, free_port
from infra.local.front import Front, HeaderRules

# Kept between runs: zips whose content is the same are not packed again.
BUILD = ROOT / ".build" / "e2e"


@dataclass(frozen=True)
class Answer:
    """What came back over HTTP."""

    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Whole:
    """A running instance and its one origin."""

    running: Running

    @property
    def base_url(self) -> str:
        """The one origin, without a slash at the end."""
        return self.running.base_url

    def call(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
        """Send a request to the one origin; a body that is not bytes is sent as JSON."""
        sent = dict(headers or {})
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        return send(method, self.base_url + path, data, sent)


def send(method: str, url: str, data: bytes | None, headers: dict[str, str]) -> Answer:
    """Send a request to this machine; an answer is an answer, whatever its status."""
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - loopback
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


@contextmanager
def whole(work: Path, instance: str = "pl", **changed: str) -> Iterator[Whole]:
    """Deploy everything on a fresh emulator that keeps nothing, serve it, and take it down.

    `changed` replaces entries of infra/params/local.json.
    """
    port = free_port()
    site_url = f"http://127.0.0.1:{port}"
    emulator = Emulator(work / "emulator").start(120)
    try:
        package = local(instance, BUILD / instance, **({"SiteUrl": site_url} | changed))
        deploy.deploy_data(emulator.access, package)
        deploy.deploy_app(emulator.access, package)
        running = deploy.describe(emulator.access, instance, site_url)
        fill.create_keys(running.client("ssm"), running.names["SECRETS_PARAM"])
        fill.load_documents(running)
        fill.publish_site(running.client("s3"), running.names["SITE_BUCKET"], instance, work / "site", site_url)
        rules = HeaderRules.read((work / "site" / "headers.json").read_text("utf-8"), running.endpoint)
        seal = fill.seal_of(running.client("ssm"), running.names["SECRETS_PARAM"])
        front = Front(running.access, running.names["SITE_BUCKET"], running.api, rules, seal=seal)
        with served(front, port):
            yield Whole(running)
    finally:
        emulator.stop()


@contextmanager
def served(front: Front, port: int) -> Iterator[None]:
    """Serve the one origin in a thread of its own."""
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    ready = threading.Event()

    def serve() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(front.serve(port, stop, ready.set))
        loop.close()

    thread = threading.Thread(target=serve)
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
