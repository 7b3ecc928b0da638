"""Run by the tests in a process of its own: a digest that dies at a given call, without any clean-up.

Arguments: the time, and the call at which to die, e.g. ``sesv2.SendEmail 2 before-call``.
"""

import os
import sys
from datetime import datetime

from chalicelib.container import Container
from chalicelib.events import digest
from chalicelib.settings import Settings
from chalicelib.store.models import connection
from tests.support.dying import die_at


def main(now: str, operation: str, number: str, moment: str) -> None:
    """Run, and die at the call."""
    container = Container(Settings.from_environment(os.environ), lambda: datetime.fromisoformat(now))
    clients = {"sesv2": container.ses, "dynamodb": connection().client}
    die_at(clients, operation, number, moment)
    digest.handle({}, container)


if __name__ == "__main__":
    main(*sys.argv[1:])
