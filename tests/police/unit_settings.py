"""What the tests of a unit's settings write and read."""

from typing import Any

from chalicelib.domain.calendar import day_of
from chalicelib.store import audit
from chalicelib.store.audit import Noted
from tests.http.world import World

PATH = "/v1/police/unit"
OWN, CHIEF = "dyzurny@krp1.example", "naczelnik@krp1.example"


def settings(*addresses: str, chief: tuple[str, ...] = (), mails: int = 20, version: int = 1) -> dict[str, Any]:
    """The body of a change."""
    return {
        "addresses": list(addresses),
        "escalation": {"chief": list(chief)},
        "budget": {"mails_per_hour": mails},
        "version": version,
    }


def noted(world: World) -> list[Noted]:
    """What the audit of the day says."""
    return list(audit.of_day(day_of(world.clock(), world.box.instance.zone)))
