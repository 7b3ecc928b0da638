"""A file of the register → a checked, compiled pack and the figures to print."""

import time
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from infra.places.areas import Area, BoundariesRefused
from infra.places.compiler import Compiled, compile_areas, levels
from infra.places.geojson import parse_geojson
from infra.places.projection import Bounds, in_degrees
from infra.places.reading import Source, code_field, to_areas
from infra.places.shapefile_zip import parse_shapefile, parse_zip
from infra.places.validation import Fabric, check_rings, close_rings, fabric


@dataclass(frozen=True)
class Wishes:
    """What the user may say about the file; None lets the file speak for itself."""

    field: str | None = None
    crs: str | None = None
    layer: str | None = None
    allow_missing: bool = False


@dataclass(frozen=True)
class Expectation:
    """What the instance knows: its bounds, what metres mean, and the areas that its units answer for."""

    bounds: Bounds
    usual_crs: str | None
    codes: frozenset[str]


@dataclass(frozen=True)
class Imported:
    """The pack, and what was found on the way to it."""

    compiled: Compiled
    fabric: Fabric
    areas: int
    gminas: int
    system: str
    field: str
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    seconds: float

    def summary(self) -> dict[str, Any]:
        """Return the figures as one JSON object."""
        return {
            "areas": self.areas,
            "gminas": self.gminas,
            "field": self.field,
            "reference_system": self.system,
            "vertices": self.compiled.vertices,
            "grid_bits": self.compiled.bits,
            "outlines": self.fabric.outlines,
            "gaps": self.fabric.gaps,
            "gap_km2": round(self.fabric.gap_km2, 6),
            "overlaps": [f"{one}/{other}" for one, other in self.fabric.overlaps],
            "missing": list(self.missing),
            "unknown": list(self.unknown),
            "inner_cells": self.compiled.inner,
            "border_cells": self.compiled.border,
            "pack_bytes": len(self.compiled.pack),
            "seconds": round(self.seconds, 1),
        }


def read_source(path: Path, data: bytes, layer: str | None = None) -> Source:
    """Read a file by what it is: a zip, a Shapefile (then its companions lie beside `path`), else GeoJSON.

    Raises:
        BoundariesRefused: it is none of these.
    """
    if zipfile.is_zipfile(BytesIO(data)):
        return parse_zip(data, layer)
    if path.suffix.lower() == ".shp":
        return parse_shapefile(path)
    return parse_geojson(data)


def import_register(source: Source, name: str, wishes: Wishes, expected: Expectation) -> Imported:
    """Check and compile; `name` is kept in the pack as its source.

    Raises:
        BoundariesRefused: the file cannot be used; the text says why.
    """
    begun = time.monotonic()
    records, system = in_degrees(source, wishes.crs, expected.usual_crs, expected.bounds)
    field = code_field(records, wishes.field)
    areas = close_rings(to_areas(records, field))
    check_rings(areas)
    found = {levels(area.code)[0] for area in areas}
    missing, unknown = sorted(expected.codes - found), sorted(found - expected.codes)
    _check_level(areas, expected.codes)
    if missing and not wishes.allow_missing:
        raise BoundariesRefused(
            f"{len(missing)} of {len(expected.codes)} areas that units answer for are not in the file: "
            f"{', '.join(missing[:5])}{' …' if len(missing) > 5 else ''}. Where that is meant: ALLOW_MISSING=1"
        )
    return Imported(
        compiled=compile_areas(areas, source=name),
        fabric=fabric(areas),
        areas=len(found),
        gminas=len(areas) if len(areas) > len(found) else 0,
        system=system,
        field=field,
        missing=tuple(missing),
        unknown=tuple(unknown),
        seconds=time.monotonic() - begun,
    )


def _check_level(areas: Iterable[Area], expected: frozenset[str]) -> None:
    """Refuse a file of another level, such as voivodeships, before naming 380 missing powiats."""
    lengths = {len(code) for code in expected}
    strange = sorted({area.code for area in areas if len(levels(area.code)[0]) not in lengths})
    if strange:
        raise BoundariesRefused(
            f"Codes such as {strange[0]} are not of the level that units answer for (such as {min(expected)});"
            " powiats or gminas are needed."
        )
