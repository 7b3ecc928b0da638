"""The approximate pack of a country, from installed npm packages: known places, and a coarse outline.

The instance's ``places.json`` says which:

===============  ==================================================================================
``outline``      ``package``: path of a TopoJSON file under ``node_modules``; ``object``: its object
``places``       ``package``: a list of GeoNames places (``name, lat, lng, country, admin2``), of
                 which ``admin2`` is the area's code; ``country``: which of them
``cities``       by area code: the place that stands for a city which is an area of its own, and
                 the city's size in km², which is how far that place reaches
``corrections``  by ``name@code`` (the code may be empty): the right area code
``crs``          what metres mean in an imported file that does not say it
===============  ==================================================================================
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterator
from math import pi, sqrt
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib.domain.place_nearest import PLACE_UNIT, NearestPlaces
from chalicelib.domain.place_pack import write_pack
from chalicelib.domain.place_polygon import build_polygon, encode
from infra.places.areas import Ring, Vertex
from infra.places.compiler import levels, on_grid

OUTLINE_BITS = 30
REACH_SHARE = 0.95
"""Share of the radius of the circle of a city's size; a larger one takes too much from the villages around."""


class Place(NamedTuple):
    """A place in units of 1/100,000 of a degree, its area's code, and its reach in metres."""

    lat: int
    lon: int
    area: str
    reach: int


def read_places(config: dict[str, Any], modules: Path) -> list[Place]:
    """Read the places of the country that have an area, sorted by latitude."""
    source, cities = config["places"], config["cities"]
    corrections: dict[str, str] = config.get("corrections", {})
    found = []
    for row in json.loads((modules / source["package"]).read_text("utf-8")):
        if row["country"] != source["country"]:
            continue
        area = corrections.get(f"{row['name']}@{row['admin2']}", row["admin2"])
        if not area:
            continue
        city = cities.get(area)
        reach = round(sqrt(city["km2"] / pi) * 1000 * REACH_SHARE) if city and city["place"] == row["name"] else 0
        lat, lon = (round(float(row[name]) * PLACE_UNIT) for name in ("lat", "lng"))
        found.append(Place(lat, lon, area, reach))
    return sorted(found)


def arcs_of(topology: dict[str, Any]) -> list[Ring]:
    """Undo the quantisation and the differences of a TopoJSON file's arcs."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def read_outline(config: dict[str, Any], modules: Path) -> list[Ring]:
    """Return the rings of the union of the outline's parts: the arcs that only one part uses, joined end to end."""
    topology = json.loads((modules / config["outline"]["package"]).read_text("utf-8"))
    arcs = arcs_of(topology)
    uses = Counter(
        arc if arc >= 0 else ~arc
        for geometry in topology["objects"][config["outline"]["object"]]["geometries"]
        for arc in _arc_numbers(geometry["arcs"])
    )
    return join([arcs[arc] for arc, count in sorted(uses.items()) if count == 1])


def _arc_numbers(nested: Any) -> Iterator[int]:
    if isinstance(nested, int):
        yield nested
    else:
        for part in nested:
            yield from _arc_numbers(part)


def join(lines: list[Ring]) -> list[Ring]:
    """Join lines into rings at their common ends; each end belongs to exactly two lines, or one closes by itself."""
    ends: dict[Vertex, list[int]] = {}
    for number, line in enumerate(lines):
        for end in (line[0], line[-1]):
            ends.setdefault(end, []).append(number)
    unused, rings = set(range(len(lines))), []
    for number, line in enumerate(lines):
        if number not in unused:
            continue
        unused.discard(number)
        ring = list(line)
        while ring[-1] != ring[0]:
            (following,) = (other for other in ends[ring[-1]] if other in unused)
            unused.discard(following)
            part = lines[following]
            ring += (part if part[0] == ring[-1] else part[::-1])[1:]
        rings.append(ring)
    return rings


def approximate_pack(config: dict[str, Any], modules: Path, buffer_m: int) -> bytes:
    """Compile the approximate pack; `modules` is the folder ``node_modules``."""
    places = read_places(config, modules)
    codes = sorted({place.area for place in places})
    numbers = {code: number for number, code in enumerate(codes)}
    rings = [on_grid(ring, OUTLINE_BITS) for ring in read_outline(config, modules)]
    header = {
        "kind": NearestPlaces.KIND,
        "boundaries": "approximate",
        "source": f"{config['places']['package']}, {config['outline']['package']}",
        "bits": OUTLINE_BITS,
        "buffer_m": buffer_m,
        "areas": [levels(code) for code in codes],
    }
    columns = (
        ("lat", array("i", (place.lat for place in places))),
        ("lon", array("i", (place.lon for place in places))),
        ("area", array("H", (numbers[place.area] for place in places))),
        ("reach", array("H", (place.reach for place in places))),
    )
    sections = {name: column.tobytes() for name, column in columns}
    return write_pack(header, {**sections, "outline": encode(build_polygon(rings))})
