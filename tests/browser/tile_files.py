"""Tiles of one colour, and a small archive of vector tiles whose western half is water."""

import io
from pathlib import Path
from typing import Any

from PIL import Image
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write

GREEN = (10, 160, 60)
EXTENT = 4096
TOP, LINE, CLOSE = 1, 2, 7
"""Commands of a geometry (Mapbox Vector Tile 2.1, 4.3.1)."""


def picture() -> bytes:
    """A tile of `GREEN`."""
    body = io.BytesIO()
    Image.new("RGB", (256, 256), GREEN).save(body, "PNG")
    return body.getvalue()


def archive(target: Path) -> None:
    """Write an archive of the world at zoom 0 to 4, each tile with land all over and water on its western half."""
    tile = b"".join(_layer(name, *edges) for name, edges in {"earth": (0, EXTENT), "water": (0, EXTENT // 2)}.items())
    with write(str(target)) as archived:
        for zoom in range(5):
            for x in range(2**zoom):
                for y in range(2**zoom):
                    archived.write_tile(zxy_to_tileid(zoom, x, y), tile)
        header: dict[str, Any] = {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.NONE,
            **{f"{edge}_lon_e7": degrees * 10**7 for edge, degrees in (("min", -180), ("max", 180), ("center", 0))},
            **{f"{edge}_lat_e7": degrees * 10**7 for edge, degrees in (("min", -85), ("max", 85), ("center", 0))},
            "center_zoom": 0,
        }
        archived.finalize(header, {"vector_layers": [{"id": "earth"}, {"id": "water"}]})


def _varint(value: int) -> bytes:
    body = b""
    while value > 0x7F:
        body += bytes([value & 0x7F | 0x80])
        value >>= 7
    return body + bytes([value])


def _field(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _layer(name: str, west: int, east: int) -> bytes:
    """A layer of one rectangle from edge to edge of the tile, as the `tile` message holds it."""
    steps = [(west, 0), (east - west, 0), (0, EXTENT), (west - east, 0)]
    command = [TOP | 1 << 3, *steps[0], LINE | 3 << 3, *steps[1], *steps[2], *steps[3], CLOSE | 1 << 3]
    signed = [number if at in (0, 3, 10) else number << 1 ^ number >> 31 for at, number in enumerate(command)]
    feature = _varint(3 << 3) + _varint(3) + _field(4, b"".join(map(_varint, signed)))
    version, extent = _varint(15 << 3) + _varint(2), _varint(5 << 3) + _varint(EXTENT)
    return _field(3, version + _field(1, name.encode()) + _field(2, feature) + extent)
