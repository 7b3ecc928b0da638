"""Areas of the fixture's country, as boxes around their towns, by the code that writes such files at night."""

from typing import Any

import h3.api.basic_int as h3
import numpy as np

from chalicelib.domain.areas import level
from chalicelib.hotspots.region import Region
from chalicelib.services.outlines import documents

RES = 8
NAMES = {"1465": "Warszawa", "14": "mazowieckie", "2007": "powiat łomżyński", "2062": "Łomża", "20": "podlaskie"}
BOXES = {"1465": (52.1, 20.85, 52.37, 21.27), "2062": (53.1, 21.95, 53.25, 22.05), "2007": (53.1, 22.05, 53.25, 22.3)}
"""South, west, north, east in degrees, by code of the area."""


def outline_files() -> dict[str, dict[str, Any]]:
    """The file of each area, and the list of them as `index`."""
    cells, groups = [], []
    for group, (south, west, north, east) in enumerate(BOXES.values()):
        frame = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        inside = h3.geo_to_cells({"type": "Polygon", "coordinates": [frame]}, RES)
        cells += inside
        groups += [group] * len(inside)
    order = np.argsort(np.array(cells, dtype=np.uint64))
    land = Region(np.array(cells, dtype=np.uint64)[order], np.array(groups)[order], list(BOXES))
    files = {document["area"]: document for document in documents(land, NAMES)}
    listed = [{"area": code, "name": NAMES[code], "level": level(code)} for code in files]
    return {**files, "index": {"areas": listed}}
