"""Areas with their rings → the bytes of an exact pack."""

from array import array
from dataclasses import dataclass

from chalicelib.domain.place_pack import Boundaries, write_pack
from chalicelib.domain.place_polygon import Point, build_polygon, encode
from chalicelib.domain.place_polygons import PolygonPlaces
from infra.places.areas import Area, Ring
from infra.places.cells import border_cells, inner_cells

LOSSLESS_BITS = 49
"""Grid of 2^-49 degrees: every double from 8 to 180 degrees is a whole number on it."""
COMPACT_BITS = 30
"""Grid of 0.1 mm, for registers whose coordinates come from metres with two decimals anyway."""
LOSSLESS_VERTICES = 300_000
"""Larger files are kept on the compact grid: half the bytes."""
TERYT_POWIAT, TERYT_GMINA = 4, 7


@dataclass(frozen=True)
class Compiled:
    """A pack and what is worth saying about it."""

    pack: bytes
    bits: int
    inner: int
    border: int
    vertices: int


def levels(code: str) -> tuple[str, str | None, str | None]:
    """Return area, parent and gmina of a code: TERYT of a powiat or gmina, else the code alone."""
    if code.isdigit() and len(code) in {TERYT_POWIAT, TERYT_GMINA}:
        return code[:TERYT_POWIAT], code[:2], code if len(code) == TERYT_GMINA else None
    return code, None, None


def on_grid(ring: Ring, bits: int) -> list[Point]:
    """Move a ring onto the grid and drop vertices that fall together."""
    scale = 1 << bits
    points = [(round(lon * scale), round(lat * scale)) for lon, lat in ring]
    return [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]


def compile_areas(areas: list[Area], boundaries: Boundaries = "exact", source: str = "") -> Compiled:
    """Compile; the areas are sorted by code first, so that their order in the file changes nothing."""
    areas = sorted(areas, key=lambda area: area.code)
    vertices = sum(len(ring) for area in areas for ring in area.rings)
    bits = LOSSLESS_BITS if vertices <= LOSSLESS_VERTICES else COMPACT_BITS
    border = border_cells(areas)
    values = {cell: number for number, area in enumerate(areas) for cell in inner_cells(area, border)}
    inner = len(values)
    candidates: dict[tuple[int, ...], int] = {}
    for cell in sorted(border):
        values[cell] = len(areas) + candidates.setdefault(tuple(border[cell]), len(candidates))
    sections = {
        "cells": array("Q", sorted(values)).tobytes(),
        "values": array("H", (values[cell] for cell in sorted(values))).tobytes(),
    }
    for number, area in enumerate(areas):
        sections[f"polygon/{number}"] = encode(build_polygon(on_grid(ring, bits) for ring in area.rings))
    header = {
        "kind": PolygonPlaces.KIND,
        "boundaries": boundaries,
        "source": source,
        "bits": bits,
        "areas": [levels(area.code) for area in areas],
        "candidates": [list(numbers) for numbers in candidates],
    }
    return Compiled(write_pack(header, sections), bits, inner, len(border), vertices)
