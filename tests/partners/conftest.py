"""The application as officers and institutions meet it, and an institution that serves where the tests file."""

from collections.abc import Callable

import pytest

from tests.http.world import World, country_pack, warm
from tests.partners.institutions import Institution, hired
from tests.police.conftest import plain_world, pool, staff, world

__all__ = ["country_pack", "plain_world", "pool", "staff", "warm", "world"]


@pytest.fixture
def hire(world: World) -> Callable[..., Institution]:
    """Adds an institution with a token."""

    def made(code: str = "ZDM", **changes: object) -> Institution:
        return hired(world, code, **changes)

    return made
