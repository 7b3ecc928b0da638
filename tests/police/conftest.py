"""The application as officers meet it: `world` with a pool of logins, `staff` who have logged in."""

from collections.abc import Callable, Iterator

import pytest

from chalicelib.services.login import Logins
from chalicelib.store.login_keys import LoginKeys
from tests.http.world import World, country_pack, warm
from tests.http.world import world as plain_world
from tests.police.cases import UNIT
from tests.police.officers import CLIENT, ISSUER, Pool, Staff, serving

__all__ = ["country_pack", "plain_world", "warm"]


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """The pool of logins."""
    with serving() as running:
        yield running


@pytest.fixture
def world(plain_world: World, pool: Pool) -> Iterator[World]:
    """The application over empty tables, believing the pool."""
    resources = vars(plain_world.box._resources)
    resources["logins"] = Logins(LoginKeys(pool.url), ISSUER, CLIENT)
    yield plain_world
    del resources["logins"]


@pytest.fixture
def staff(world: World, pool: Pool) -> Callable[..., Staff]:
    """Makes an officer of a unit in a role, logged in at the clock's moment."""

    def made(unit: str | None = "KSP", role: str = "officer", **claims: object) -> Staff:
        return Staff(pool.token({**pool.claims(world.clock, role, unit), **claims}))

    return made


@pytest.fixture
def coordinator(staff: Callable[..., Staff]) -> Staff:
    """The coordinator of `UNIT`."""
    return staff(UNIT, "coordinator")
