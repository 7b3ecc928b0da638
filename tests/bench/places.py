"""Routing of a point: size, loading and use of the approximate and of the exact pack."""

import os
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from chalicelib.domain.errors import OutsideCountry
from chalicelib.domain.place import Places, load_pack
from infra.places.builtin import ROOT, builtin_pack
from infra.places.compiler import compile_areas
from infra.places.geojson import read_geojson

POINTS = 20_000
ROUNDS = 5


def run() -> dict[str, Any]:
    """CPU milliseconds to compile and load, microseconds a point (first pass decodes polygons), megabytes held."""
    results: dict[str, Any] = {"approximate": _measure(lambda: builtin_pack(ROOT / "instances" / "pl"))}
    folder = os.environ.get("CZUJKA_DATA")
    for level in ("powiaty", "gminy"):
        if folder:
            areas = read_geojson((Path(folder) / f"pl_{level}.geojson").read_bytes())
            results[f"exact_{level}"] = _measure(lambda areas=areas: compile_areas(areas).pack)  # type: ignore[misc]
        else:
            results[f"exact_{level}"] = {"skipped": "needs the outside data of CZUJKA_DATA"}
    return results


def _measure(build: Callable[[], bytes]) -> dict[str, float]:
    begun = time.process_time()
    pack = build()
    compile_ms = 1000 * (time.process_time() - begun)
    tracemalloc.start()
    places = load_pack(pack)
    loaded = tracemalloc.get_traced_memory()[0]
    _locate_all(places)
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    loads, firsts, laters = zip(*(_timed(pack) for _ in range(ROUNDS)), strict=True)
    return {
        "pack_kb": round(len(pack) / 1000, 1),
        "compile_cpu_ms": round(compile_ms),
        "load_cpu_ms": round(statistics.median(loads), 2),
        "first_pass_us_a_point": round(statistics.median(firsts), 1),
        "later_us_a_point": round(statistics.median(laters), 1),
        "loaded_mb": round(loaded / 1e6, 2),
        "all_decoded_mb": round(used / 1e6, 2),
    }


def _timed(pack: bytes) -> tuple[float, float, float]:
    begun = time.process_time()
    places = load_pack(pack)
    loaded = time.process_time()
    _locate_all(places)
    first = time.process_time()
    _locate_all(places)
    later = time.process_time()
    return 1000 * (loaded - begun), 1e6 * (first - loaded) / POINTS, 1e6 * (later - first) / POINTS


def _locate_all(places: Places) -> None:
    """Points all over the bounds of Poland, a third of them outside."""
    chance = random.Random(1)
    for _ in range(POINTS):
        lat, lon = chance.uniform(49.0, 54.9), chance.uniform(14.1, 24.2)
        with suppress(OutsideCountry):
            places.locate(lat, lon)
