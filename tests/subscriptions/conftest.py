"""The application over empty tables, and a mailbox."""

from collections.abc import Iterator

import pytest

from chalicelib.events import relay
from tests.http.world import World, country_pack, warm, world
from tests.subscriptions.town import Town

__all__ = ["country_pack", "warm", "world"]


@pytest.fixture
def town(world: World) -> Iterator[Town]:
    """The application with its functions, the mails it sends, and a clock that stands at noon of a Wednesday."""
    yield Town(world)
    relay.alerts.cache_clear()
    relay.letters.cache_clear()


@pytest.fixture
def told(town: Town) -> Town:
    """A town with one subscriber; what is said of mails begins after the letter."""
    town.subscriber()
    town._mails_before = len(town._all_mails())
    return town
