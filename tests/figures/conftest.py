"""The application with officers and its night, over empty tables."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from chalicelib import container as composition
from chalicelib.container import Container
from chalicelib.services.login import Logins
from chalicelib.store.login_keys import LoginKeys
from tests.figures.town import START, Town
from tests.http.world import Clock, World, country_pack, publish_pack, warm
from tests.nightly.world import reach_back
from tests.police.conftest import plain_world, pool, staff, world
from tests.police.officers import CLIENT, ISSUER, Pool, Staff
from tests.support.stacks import DataStack

__all__ = ["country_pack", "plain_world", "pool", "staff", "warm", "world"]

NIGHT = date(2026, 6, 15)


@pytest.fixture
def town(world: World, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Cases that are filed and worked on, and their night."""
    reach_back(monkeypatch)
    return Town(world)


@pytest.fixture(scope="module")
def lived(data_stack: DataStack, warm: Container, country_pack: bytes, pool: Pool) -> Iterator[Town]:
    """Two months of cases that went every way, and the night after them, for tests that only look."""
    data_stack.clear()
    publish_pack(data_stack, country_pack)
    for remembered in ("salts", "windows"):
        vars(warm._resources).pop(remembered, None)
    vars(warm._resources)["logins"] = Logins(LoginKeys(pool.url), ISSUER, CLIENT)
    clock = Clock()
    box = Container(warm.settings, clock, warm._resources)
    composition.install(box)
    town = Town(World(data_stack, box, clock))
    with pytest.MonkeyPatch.context() as patch:
        reach_back(patch)
        town.live(START, 50, 33)
        town.run(NIGHT)
    yield town
    composition.install(None)
    del vars(warm._resources)["logins"]
    data_stack.clear()


@pytest.fixture
def hire(lived: Town, pool: Pool) -> Callable[..., Staff]:
    """Makes an officer who reads the figures of that town."""

    def made(unit: str | None = "KSP", role: str = "voivodeship") -> Staff:
        return Staff(pool.token(pool.claims(lived.world.clock, role, unit)))

    return made
