"""The data stack on a fresh emulator, for benchmarks that talk to it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib import container as composition
from chalicelib.container import Container
from chalicelib.store.models import bind
from chalicelib.store.secrets import new_document
from infra.local.emulator import Emulator
from tests.http.world import Clock, World, country, publish_pack
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


@contextmanager
def world() -> Iterator[World]:
    """Start and deploy as above; what answers requests stands on it, with secrets, places and a clock that is told."""
    with data_stack() as stack:
        settings = stack.settings()
        stack.client("ssm").put_parameter(
            Name=settings.secrets_param, Value=new_document(), Type="SecureString", Overwrite=True
        )
        publish_pack(stack, country())
        clock = Clock()
        box = Container(settings, clock)
        composition.install(box)
        try:
            yield World(stack, box, clock)
        finally:
            composition.install(None)
