"""Boundary files written for the tests, in the forms in which registers give them."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyproj
import shapefile

from infra.places.areas import Area, Ring


def geojson(areas: Iterable[Area], field: str = "terc", crs: str | None = None, **more: Any) -> bytes:
    """A FeatureCollection; every ring becomes a polygon of its own."""
    features = [
        {
            "type": "Feature",
            "properties": {field: area.code, **more},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in area.rings]},
        }
        for area in areas
    ]
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(document).encode()


def projected(areas: Iterable[Area], epsg: int = 2180, decimals: int | None = None) -> list[Area]:
    """The areas in metres, easting first, rounded as registers do where `decimals` is given."""
    transformer = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)

    def moved(ring: Ring) -> Ring:
        xs, ys = transformer.transform([x for x, _ in ring], [y for _, y in ring])
        pairs = zip(xs, ys, strict=True)
        return [(x, y) if decimals is None else (round(x, decimals), round(y, decimals)) for x, y in pairs]

    return [Area(area.code, [moved(ring) for ring in area.rings]) for area in areas]


def clockwise(ring: Ring) -> bool:
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring)) < 0


def write_shapefile(folder: Path, areas: Iterable[Area], epsg: int | None = 2180, name: str = "powiaty") -> Path:
    """A Shapefile with outer rings clockwise, as the format wants, and the code under PRG's name."""
    path = folder / f"{name}.shp"
    writer: Any = shapefile.Writer(str(path), shapeType=shapefile.POLYGON)
    with closing(writer):
        writer.field("JPT_NAZWA_", "C", size=40)
        writer.field("JPT_KOD_JE", "C", size=20)
        for area in areas:
            writer.poly([ring if clockwise(ring) else ring[::-1] for ring in area.rings])
            writer.record(f"powiat {area.code}", area.code)
    if epsg:
        path.with_suffix(".prj").write_text(pyproj.CRS.from_epsg(epsg).to_wkt("WKT1_ESRI"), "ascii")
    return path


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return buffer.getvalue()


def zipped_shapefile(path: Path, under: str = "") -> dict[str, bytes]:
    """The files of a Shapefile as they lie in a zip."""
    return {under + part.name: part.read_bytes() for part in path.parent.glob(f"{path.stem}.*")}
