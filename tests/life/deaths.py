"""Processes that die at any call to AWS, before it is made or after it was answered."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from chalicelib.container import Container
from chalicelib.store.models import connection
from tests.alerts.world import hooked


class Died(BaseException):
    """The process is gone: nothing of ours runs after it."""


@contextmanager
def dying(box: Container, call: int, moment: str) -> Iterator[None]:
    """Let the process die at its `call`-th call of AWS (1 is the first); `moment` is ``before`` or ``after``."""
    made = 0

    def die(**_: Any) -> None:
        nonlocal made
        made += 1
        if made == call:
            raise Died

    with ExitStack() as hooks:
        for client in (connection().client, box.feed.client, box.s3, box.sns, box.ses):
            hooks.enter_context(hooked(client, f"{moment}-call", die))
        yield
