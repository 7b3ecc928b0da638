"""Cases as the store holds them, without the way there, so that a test can choose their age and state."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from chalicelib.domain.calendar import day_of
from chalicelib.domain.report import NewReport
from chalicelib.services.case import NewCase
from chalicelib.store import keys
from chalicelib.store.models import ReportItem
from tests.http.world import WARSAW, World

METRE = 1 / 111_195.08
"""Degrees of latitude."""


def item(
    world: World, created: datetime, at: tuple[float, float] = WARSAW, category: str = "illegal_dump", **changes: Any
) -> ReportItem:
    """A report's item as intake makes it; `changes` are attributes that later steps would have set."""
    instance = world.box.instance
    unit = instance.units["KSP"]
    made = NewCase(
        id=uuid4().hex[:21],
        key_version=1,
        created=created,
        day=day_of(created, instance.zone),
        zone=instance.zone,
        draft=NewReport(category, *at),
        category=instance.catalogue.categories[category],
        area="1465",
        boundaries="exact",
        unit=unit,
        garrison=unit,
    ).report()
    for name, value in changes.items():
        setattr(made, name, keys.instant(value) if isinstance(value, datetime) else value)
    return made


def put(world: World, created: datetime, at: tuple[float, float] = WARSAW, **changes: Any) -> str:
    """Write a case and return its id."""
    made = item(world, created, at, **changes)
    made.save()
    return made.id


def north(metres: float) -> tuple[float, float]:
    """The point so many metres north of the usual one."""
    return WARSAW[0] + metres * METRE, WARSAW[1]
