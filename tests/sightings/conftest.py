"""The application over its tables."""

from tests.http.world import country_pack, warm, world

__all__ = ["country_pack", "warm", "world"]
