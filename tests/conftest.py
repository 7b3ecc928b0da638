"""Fixtures of the whole suite: no outside network, no host settings, one emulator for each test process."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings

from infra.local.emulator import Access, Emulator
from tests.support.calls import noted
from tests.support.engine import Engine, hand_over
from tests.support.network import refuse_beyond_loopback
from tests.support.stacks import DataStack, deploy_data
from tests.support.whole import Whole, whole

# Read before the host's settings go: the one thing that an operator may tell the tests.
ENGINE = Engine.named(os.environ)
hand_over(os.environ)

# Whatever the host is configured with, a test must neither see nor use it.
for name in [name for name in os.environ if name.startswith(("AWS_", "PORT", "INSTANCE"))]:
    del os.environ[name]
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("czujka", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("czujka")

MARKS = {"emulator": "emulator", "stack": "e2e"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the servers that its fixtures start, so that no fast run starts one."""
    for item in items:
        for fixture, mark in MARKS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)
                if ENGINE and mark == "e2e":
                    item.add_marker(pytest.mark.skip(reason="deployed functions know the emulator's tables only"))


@pytest.fixture(scope="session", autouse=True)
def on_this_machine() -> Iterator[None]:
    """Refuse every connection beyond loopback, but to the engine that the environment names."""
    with pytest.MonkeyPatch.context() as patch:
        refuse_beyond_loopback(patch, ENGINE.host if ENGINE else None)
        yield


@pytest.fixture(scope="session", autouse=True)
def what_functions_ask_for() -> Iterator[None]:
    """Note what the functions ask of AWS, where the environment says so."""
    with noted():
        yield


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    """A fresh AWS emulator with IAM enforced that keeps nothing."""
    process = Emulator(tmp_path_factory.mktemp("emulator")).start()
    yield process.access
    process.stop()


@pytest.fixture(scope="session")
def data_stack(emulator: Access) -> Iterator[DataStack]:
    """The data stack on the emulator; while it lasts the environment is that of a deployed function.

    Its tables stand on another engine where the environment names one.
    """
    stack = deploy_data(emulator)
    with ExitStack() as held:
        stack = held.enter_context(ENGINE.tables(stack)) if ENGINE else stack
        patch = held.enter_context(pytest.MonkeyPatch.context())
        for name, value in stack.environment().items():
            patch.setenv(name, value)
        yield stack


@pytest.fixture
def clean_stack(data_stack: DataStack) -> DataStack:
    """The data stack without any item or object."""
    data_stack.clear()
    return data_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The whole map on an emulator of its own: both stacks from the local build, units, places, site, one origin."""
    with whole(tmp_path_factory.mktemp("whole")) as running:
        yield running
