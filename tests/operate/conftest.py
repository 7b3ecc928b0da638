"""The application over its tables, for those who operate it."""

from tests.http.world import country_pack, warm, world

__all__ = ["country_pack", "warm", "world"]
