"""Fixtures of the tests over all surfaces: the application and the publishing functions over the same stores."""

from tests.http.world import country_pack, warm, world

__all__ = ["country_pack", "warm", "world"]
