"""Fixtures of the tests of whole lives: the application and all functions over the same stores."""

from tests.http.world import country_pack, warm, world

__all__ = ["country_pack", "warm", "world"]
