"""The cells as hexagons in GeoJSON (RFC 7946), for geographic information systems."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isnan
from typing import Any

import h3.api.basic_int as h3

from chalicelib.hotspots.grid import name
from chalicelib.hotspots.scores import Scored
from chalicelib.hotspots.tiles import Layer
from chalicelib.hotspots.trends import Trend
from chalicelib.services.files import GZIP_LEVEL

FINEST = 8
"""Finer cells are in the tables alone: the file would be as large as all others together."""

_DIGITS = 5
"""Decimals of coordinates: about a metre."""


def collection(layers: Iterable[Layer], scores: Mapping[int, Scored], codes: Sequence[str]) -> bytes:
    """Return a gzipped collection with a feature for each cell of resolution 5 to `FINEST` with reports.

    Numbers are of all categories together; what the statistics say is null where there are none.
    """
    packed, first = zlib.compressobj(GZIP_LEVEL, wbits=31), True
    parts = [packed.compress(b'{"type":"FeatureCollection","features":[')]
    for layer in layers:
        if layer.res > FINEST:
            continue
        for feature in _features(layer, scores.get(layer.res), codes):
            parts.append(packed.compress((b"\n" if first else b",\n") + feature))
            first = False
    parts += [packed.compress(b"\n]}\n"), packed.flush()]
    return b"".join(parts)


def _features(layer: Layer, scores: Scored | None, codes: Sequence[str]) -> Iterator[bytes]:
    columns: dict[str, list[Any]] = {
        "reports_365d": layer.year.tolist(),
        "reports_28d": layer.recent.tolist(),
        "top": [codes[code] for code in layer.top.tolist()],
    }
    if scores is not None:
        columns |= _statistics(scores)
    for row, cell in enumerate(layer.cell.tolist()):
        ring = [[round(lon, _DIGITS), round(lat, _DIGITS)] for lat, lon in h3.cell_to_boundary(cell)]
        feature = {
            "type": "Feature",
            "id": name(cell),
            "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            "properties": {"resolution": layer.res, **{key: column[row] for key, column in columns.items()}},
        }
        yield json.dumps(feature, separators=(",", ":"), allow_nan=False).encode()


def _statistics(scores: Scored) -> dict[str, list[Any]]:
    shared, windows = scores.cells.shared, scores.cells.windows
    trends = [None if number < 0 else Trend(number).name.lower() for number in shared["trend"].tolist()]
    hot = {
        f"{column}_{window}": [None if number < 0 else number for number in windows[window][column].tolist()]
        for column in ("hot", "hot_national")
        for window in windows
    }
    decimals = {"expected": 3, "surprise": 2}
    numbers = {
        column: [None if isnan(number) else round(number, places) for number in shared[column].tolist()]
        for column, places in decimals.items()
    }
    return {**numbers, **hot, "trend": trends}
