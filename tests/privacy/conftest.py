"""The application and the nightly function over one set of tables."""

from tests.http.world import country_pack, warm, world

__all__ = ["country_pack", "warm", "world"]
