"""A unit that waits for alerts: a topic with a queue behind it, a mailbox, and a clock that tests move."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from chalicelib.container import _Resources
from chalicelib.store.secrets import new_document
from tests.alerts.world import Post, World
from tests.support.stacks import DataStack


@pytest.fixture(scope="session")
def post(data_stack: DataStack) -> Iterator[Post]:
    """What all tests of alerts share: patient clients, and the subscribed topic of one garrison."""
    with pytest.MonkeyPatch.context() as patch:
        # On a busy machine an answer may be late; a test that means a late answer makes one itself.
        patch.setattr("chalicelib.store.patience.Patience.read_timeout_seconds", 60)
        settings = data_stack.settings()
        ssm = data_stack.client("ssm")
        # Other tests may hold the keys that are there already.
        with suppress(ssm.exceptions.ParameterAlreadyExists):
            ssm.put_parameter(Name=settings.secrets_param, Value=new_document(), Type="SecureString")
        resources = _Resources(settings)
        resources.__dict__.update(sns=data_stack.client("sns"), ses=data_stack.client("sesv2"))
        yield Post(data_stack, resources)


@pytest.fixture
def world(post: Post, clean_stack: DataStack) -> Iterator[World]:
    """The clean data stack at noon of a Sunday in November, with nothing in the queue."""
    assert clean_stack is post.stack
    world = World(post, datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    yield world
    world.close()
