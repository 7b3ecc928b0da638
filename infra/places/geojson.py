"""Read boundaries from GeoJSON, its reference system included where the file names one."""

import json
import re
from collections.abc import Sequence
from typing import Any

from infra.places.areas import Area, BoundariesRefused, Ring
from infra.places.reading import Record, Source, code_field, to_areas


def parse_geojson(data: bytes) -> Source:
    """Parse a FeatureCollection of polygons.

    Raises:
        BoundariesRefused: the bytes are something else.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
        features = document["features"]
        records = [Record(dict(feature["properties"] or {}), _rings(feature["geometry"])) for feature in features]
    except (UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise BoundariesRefused(f"This is no GeoJSON FeatureCollection of polygons ({error!r}).") from error
    if not records:
        raise BoundariesRefused("The FeatureCollection is empty.")
    return Source(records, _crs(document))


def _crs(document: dict[str, Any]) -> str | None:
    """Return the reference system of the old member `crs`; ``CRS84`` is degrees in this very order."""
    name = str(((document.get("crs") or {}).get("properties") or {}).get("name", ""))
    if name.endswith("CRS84"):
        return "EPSG:4326"
    found = re.search(r"EPSG:+(?:[\d.]*:)?(\d+)$", name)
    return f"EPSG:{found.group(1)}" if found else None


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"a geometry of the type {kind}")
    polygons: Sequence[Any] = [coordinates] if kind == "Polygon" else coordinates
    return [[(float(point[0]), float(point[1])) for point in ring] for polygon in polygons for ring in polygon]


def read_geojson(data: bytes, field: str | None = None) -> list[Area]:
    """Read areas whose coordinates are known to be degrees, such as an instance's own outline."""
    source = parse_geojson(data)
    return to_areas(source.records, code_field(source.records, field))
