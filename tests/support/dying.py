"""A process that dies at a call to AWS, without any clean-up."""

import os
from typing import Any

DIED = 9
"""Its exit code."""


def die_at(clients: dict[str, Any], operation: str, number: str, moment: str) -> None:
    """Let the process end at the `number`-th call of an operation, e.g. ``sns.Publish``.

    `clients` are by service; `moment` is ``before-call`` or ``after-call``, when the service has done it already.
    """
    calls = 0

    def die(**_: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == int(number):
            os._exit(DIED)

    clients[operation.partition(".")[0]].meta.events.register(f"{moment}.{operation}", die)
