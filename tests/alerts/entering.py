"""Lines that wait for a bulletin, as tests make them, and a mail service that takes nothing."""

from typing import Any

from botocore.exceptions import EndpointConnectionError

from chalicelib.store.models import OutboxItem
from tests.alerts.world import World

ORDINARY, IMPORTANT, URGENT = 3, 2, 1


def enter(world: World, *, priority: int = ORDINARY, **changes: Any) -> OutboxItem:
    """A report whose alert has become a line."""
    item = world.report(priority=priority, **changes)
    world.relay(item)
    return item


def refuse(**_: Any) -> None:
    """The mail service cannot be reached."""
    raise EndpointConnectionError(endpoint_url="https://email.example")
