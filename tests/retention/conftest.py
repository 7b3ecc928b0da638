"""Fixtures shared by all tests that call the application."""

from tests.http.world import country_pack, warm, world

__all__ = ["country_pack", "warm", "world"]
