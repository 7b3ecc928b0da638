"""What a phone reads of the pyramid to show a place: the list of tiles of a resolution, and the tiles in sight."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path
from typing import Any

import h3

from tests.support.published import listed_tiles

PHONE = (390, 640)
"""Pixels of the map on a phone."""

WARSAW = (52.23, 21.01)
ZOOMS = {5: 5, 6: 8, 7: 10, 8: 12, 9: 13}
"""A zoom at which the page shows hexagons of a resolution: the whole country first, a city, its streets last."""

REACH = {2: 2.1, 3: 0.85, 4: 0.32, 5: 0.12, 6: 0.045}
"""Degrees from a tile's centre within which the page takes it for visible, by the resolution of its parent."""


def views(site: Path) -> dict[str, dict[str, int]]:
    """Return stored bytes and tiles of a phone's view of Warsaw, by resolution."""
    manifest = _read(site / "data" / "manifest.json")
    return {str(res): _view(site, manifest, res, zoom) for res, zoom in ZOOMS.items()}


def largest_tile(site: Path, res: int) -> int:
    """Return the stored bytes of the largest tile that is listed of a resolution."""
    manifest = _read(site / "data" / "manifest.json")
    return max((path.stat().st_size for path in _tiles(site, manifest, res).values()), default=0)


def _view(site: Path, manifest: dict[str, Any], res: int, zoom: int) -> dict[str, int]:
    lat, lon = WARSAW
    degrees = 360 / (256 * 2**zoom)
    wide, high = PHONE[0] * degrees / 2, PHONE[1] * degrees * math.cos(math.radians(lat)) / 2
    shown = []
    for parent, path in _tiles(site, manifest, res).items():
        y, x = h3.cell_to_latlng(parent)
        reach = REACH[res - 3]
        if abs(y - lat) < high + reach and abs(x - lon) < wide + reach / math.cos(math.radians(y)):
            shown.append(path.stat().st_size)
    listed = _path(site, manifest["parents"].format(res=res)).stat().st_size
    return {"tiles": len(shown), "tile_bytes": sum(shown), "list_bytes": listed}


def _tiles(site: Path, manifest: dict[str, Any], res: int) -> dict[str, Path]:
    listed = _read(_path(site, manifest["parents"].format(res=res)))
    return {
        parent: _path(site, manifest["cells"].format(res=res, parent=parent, version=version))
        for parent, version in listed_tiles(listed)
    }


def _path(site: Path, address: str) -> Path:
    return site / address.removeprefix("/")


def _read(path: Path) -> Any:
    body = path.read_bytes()
    return json.loads(gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)
