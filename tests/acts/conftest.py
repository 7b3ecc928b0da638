"""The application over empty tables, as elsewhere."""

from tests.http.world import country_pack, warm, world

__all__ = ["country_pack", "warm", "world"]
