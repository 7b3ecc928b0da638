"""The data stack on a fresh emulator, for benchmarks that talk to it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib.store.models import bind
from infra.local.emulator import Emulator
from tests.support.stacks import DataStack, deploy_data


@contextmanager
def data_stack() -> Iterator[DataStack]:
    """Start, deploy, bind the models; everything is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    emulator = Emulator(folder).start()
    try:
        stack = deploy_data(emulator.access)
        os.environ.update(stack.environment())
        bind(stack.names["MAIN_TABLE"], stack.names["QUOTA_TABLE"])
        yield stack
    finally:
        emulator.stop()
        shutil.rmtree(folder, ignore_errors=True)
