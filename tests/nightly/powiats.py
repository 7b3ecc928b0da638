"""A small country of two powiats with a border through Warsaw."""

from infra.places.areas import Area
from infra.places.compiler import compile_areas
from infra.places.publish import publish
from tests.nightly.world import NOON, Night

EAST = 21.0
"""Degrees east: the border between the two powiats."""

SOUTH, NORTH = 52.1, 52.4
BOXES = {"1465": (20.7, EAST), "1432": (EAST, 21.3)}


def say_where_the_country_is(night: Night) -> None:
    """Publish the places pack of the two powiats, as an import of boundaries does."""
    areas = [
        Area(code, [[(west, SOUTH), (east, SOUTH), (east, NORTH), (west, NORTH), (west, SOUTH)]])
        for code, (west, east) in BOXES.items()
    ]
    publish(night.s3, night.work, compile_areas(areas).pack, "register", NOON)
