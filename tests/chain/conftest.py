"""Fixtures of the tests that look at the chain of a case."""

from tests.http.world import country_pack, warm, world

__all__ = ["country_pack", "warm", "world"]
