"""Fixtures of everything about photos."""

from tests.http.world import country_pack, warm, world

__all__ = ["country_pack", "warm", "world"]
