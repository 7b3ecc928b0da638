"""The application with officers, and half a year of reports for its plans."""

import pytest

from chalicelib.store.objects import Objects
from tests.http.world import World, country_pack, warm
from tests.plan.half_year import HalfYear
from tests.police.conftest import plain_world, pool, staff, world

__all__ = ["country_pack", "plain_world", "pool", "staff", "warm", "world"]


@pytest.fixture
def half_year(world: World) -> HalfYear:
    """Nothing yet, over empty buckets."""
    return HalfYear(world.box.instance, Objects(world.box.s3, world.box.settings.work_bucket))
