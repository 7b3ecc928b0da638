"""The application, and clients of the standard."""

import pytest

from tests.http.world import World, country_pack, warm, world
from tests.open311.client import Client, keyed

__all__ = ["api", "city", "country_pack", "warm", "world"]


@pytest.fixture
def api(world: World) -> Client:
    """A client without a key; the process has read no points yet."""
    vars(world.box._resources).pop("points", None)
    return Client(world)


@pytest.fixture
def city(api: Client) -> Client:
    """A client with a key."""
    return keyed(api.world)
