"""What `make run` is asked for, and whether it can be had."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.build.packages import ROOT
from infra.commands.instance import LOCAL
from infra.local.progress import StepFailed


@dataclass(frozen=True)
class Options:
    """What the environment asks for.

    PORT, INSTANCE, PERSIST=0 for an instance that forgets, TRACES=console or an address that takes OTLP for spans.
    """

    instance: str
    port: int
    persist: bool
    traces: str = ""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Options":
        """Read them; StepFailed where one cannot be."""
        instance, port = environment.get("INSTANCE") or "pl", environment.get("PORT") or "8080"
        known = sorted(path.parent.name for path in (ROOT / "instances").glob("*/instance.json"))
        if instance not in known:
            raise StepFailed(f"There is no instance `{instance}`; there are: {', '.join(known)}.")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise StepFailed(f"PORT={port} is no port number.")
        traces = environment.get("TRACES") or ""
        if traces not in {"", "console"} and not traces.startswith(("http://", "https://")):
            raise StepFailed(f"TRACES={traces} is neither `console` nor an address.")
        return cls(instance, int(port), environment.get("PERSIST") != "0", traces)

    @property
    def site_url(self) -> str:
        """The one origin."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """Those of the stage that differ from infra/params/local.json."""
        spans = {"": {}, "console": {"Traces": "console"}}.get(self.traces, {"Traces": "otlp", "TracesTo": self.traces})
        return {"SiteUrl": self.site_url, **spans}

    @property
    def folder(self) -> Path:
        """Everything that the instance keeps on disk."""
        return LOCAL / self.instance


def check_port(port: int) -> None:
    """StepFailed where the port of the one origin is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise StepFailed(
                f"Port {port} of 127.0.0.1 cannot be had ({taken.strerror}). Choose another: make run PORT={port + 1}"
            ) from taken
