"""Run by the tests in a process of its own: answers one request and dies at a given call, without any clean-up.

The gateway's event comes by standard input. Arguments: the time, the call at which to die and which one of them,
``before-call`` or ``after-call``.
"""

import json
import os
import sys
from datetime import datetime

import pytest

from chalicelib import container as composition
from chalicelib.container import Container
from chalicelib.settings import Settings
from chalicelib.store.models import ReportItem
from tests.http.gateway import send
from tests.support.dying import die_at
from tests.support.engine import Engine


def main(now: str, operation: str, number: str, moment: str) -> None:
    """Answer, and die at the call."""
    with pytest.MonkeyPatch.context() as patch:
        if engine := Engine.named(os.environ):
            engine.take_over(patch)
        _answer(now, operation, number, moment)


def _answer(now: str, operation: str, number: str, moment: str) -> None:
    settings = Settings.from_environment(os.environ)
    composition.install(Container(settings, lambda: datetime.fromisoformat(now)))
    clients = {"dynamodb": ReportItem._get_connection().connection.client}
    die_at(clients, f"dynamodb.{operation}", number, moment)
    send(json.load(sys.stdin))


if __name__ == "__main__":
    main(*sys.argv[1:])
