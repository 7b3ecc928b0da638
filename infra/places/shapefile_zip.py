"""Read boundaries from a Shapefile: the file itself with its companions beside it, or a zip of them."""

import io
import struct
import zipfile
from collections.abc import Mapping
from contextlib import closing
from itertools import pairwise
from pathlib import Path, PurePosixPath

import shapefile

from infra.places.areas import BoundariesRefused, Ring
from infra.places.reading import Record, Source

PARTS = (".shp", ".dbf", ".shx", ".prj")
POLYGONS = {shapefile.POLYGON, shapefile.POLYGONZ, shapefile.POLYGONM}
USUAL_LAYER = "powiat"


def parse_shapefile(path: Path) -> Source:
    """Read ``x.shp`` with ``x.dbf`` (and ``x.prj``) beside it.

    Raises:
        BoundariesRefused: the attributes are missing, or the file is damaged.
    """
    beside = (path.with_suffix(end) for suffix in PARTS for end in (suffix, suffix.upper()))
    return _parse({part.suffix.lower(): part.read_bytes() for part in beside if part.is_file()}, path.name)


def parse_zip(data: bytes, layer: str | None = None) -> Source:
    """Read the Shapefile in a zip; of several, `layer` or the only one with powiats in its name.

    Raises:
        BoundariesRefused: there is none, or no telling which.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        layers = {PurePosixPath(name).stem: name for name in names if name.lower().endswith(".shp")}
        chosen = _choose(list(layers), layer)
        stem = layers[chosen][: -len(".shp")]
        parts = {
            name[len(stem) :].lower(): archive.read(name)
            for name in names
            if name.startswith(stem) and name[len(stem) :].lower() in PARTS
        }
    return _parse(parts, chosen)


def _choose(layers: list[str], wanted: str | None) -> str:
    if wanted is not None:
        fitting = [layer for layer in layers if layer == wanted]
    elif len(layers) > 1:
        fitting = [layer for layer in layers if USUAL_LAYER in layer.lower()]
    else:
        fitting = layers
    if len(fitting) != 1:
        found = f"it holds: {', '.join(sorted(layers))}" if layers else "it holds none"
        raise BoundariesRefused(f"One Shapefile must be chosen from the zip; {found}. Name it: LAYER=…")
    return fitting[0]


def _parse(parts: Mapping[str, bytes], name: str) -> Source:
    if not {".shp", ".dbf"} <= parts.keys():
        raise BoundariesRefused(f"{name} lacks its companion .dbf, which holds the codes; put it beside the .shp.")
    # Codes are ASCII in every encoding; names, which may not decode, are not read.
    streams = {suffix[1:]: io.BytesIO(parts[suffix]) for suffix in (".shp", ".dbf", ".shx") if suffix in parts}
    try:
        with closing(shapefile.Reader(**streams, encoding="utf-8", encodingErrors="replace")) as reader:
            if reader.shapeType not in POLYGONS:
                raise BoundariesRefused(f"{name} holds {reader.shapeTypeName}, not polygons.")
            rows = zip(reader.iterRecords(), reader.iterShapes(), strict=True)
            records = [Record(row.as_dict(), _rings(shape)) for row, shape in rows if row and shape]
    except (shapefile.ShapefileException, struct.error, OSError, ValueError, LookupError) as error:
        raise BoundariesRefused(f"{name} cannot be read as a Shapefile ({error}).") from error
    if not records:
        raise BoundariesRefused(f"{name} is empty.")
    wkt = parts.get(".prj", b"").decode("ascii", "replace").strip()
    return Source(records, wkt or None)


def _rings(shape: shapefile.Shape) -> list[Ring]:
    starts = [*shape.parts, len(shape.points)]
    points = [(float(point[0]), float(point[1])) for point in shape.points]
    return [points[begin:end] for begin, end in pairwise(starts)]
