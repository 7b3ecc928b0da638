"""Streets under the map, where the instance has some: pictures, or one file of vector tiles; the outline until then."""

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from infra.local.emulator import ROOT
from infra.local.progress import StepFailed
from infra.local.site import build_site
from tests.browser.conftest import serve
from tests.browser.tile_files import GREEN, archive, picture
from tests.browser.visit import Visitor, pixels, settled

CREDIT = "© Mapa & <b>ulice</b>"
RASTER = {"type": "raster", "url": "/streets/{z}/{x}/{y}.png", "attribution": CREDIT}
VECTOR = {"type": "pmtiles", "url": "/streets/poland.pmtiles", "attribution": CREDIT, "max_zoom": 4}
# Of the light and the dark flavour of @protomaps/basemaps.
WATER = {"light": (128, 222, 234), "dark": (49, 53, 63)}
LAND = {"light": (226, 223, 218), "dark": (31, 31, 31)}
NOWHERE = "/#/map?at=5/52/20&category=none_such"


def instance(folder: Path, basemap: dict[str, Any]) -> Path:
    """A copy of Poland's instance with streets."""
    shutil.copytree(ROOT / "instances" / "pl", folder)
    settings = json.loads((folder / "site.json").read_text("utf-8"))
    (folder / "site.json").write_text(json.dumps({**settings, "basemap": basemap}), "utf-8")
    return folder


@pytest.fixture(scope="module")
def raster(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("raster")
    build_site(str(instance(folder / "instance", RASTER)), folder / "site", "")
    yield from serve(folder / "site", published)


@pytest.fixture(scope="module")
def vector(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("vector")
    build_site(str(instance(folder / "instance", VECTOR)), folder / "site", "")
    yield from serve(folder / "site", published)


def by_parts(body: bytes) -> Callable[[Route], None]:
    """Answer as a store of objects does: by ranges."""

    def answer(route: Route) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", route.request.headers["range"])
        assert asked is not None
        first, last = int(asked[1]), min(int(asked[2]), len(body) - 1)
        headers = {"Content-Range": f"bytes {first}-{last}/{len(body)}", "ETag": '"one"'}
        route.fulfill(status=206, body=body[first : last + 1], headers=headers)

    return answer


def share(page: Page, colour: tuple[int, int, int], near: int = 6) -> float:
    """The part of the map that is of a colour, as it is seen."""
    seen = np.asarray(Image.open(io.BytesIO(page.locator("#map").screenshot())).convert("RGB")).astype(int)
    return float((np.abs(seen - np.array(colour)) <= near).all(axis=2).mean())


def opened(visitor: Visitor, site: str, tiles: Callable[[Route], None], **look: Any) -> Page:
    page = visitor.page(site, **look)
    page.route("**/streets/**", tiles)
    page.goto(f"{site}{NOWHERE}")
    page.wait_for_selector("body[data-ready]")
    page.wait_for_load_state("networkidle")
    settled(page)
    return page


def test_pictures_lie_under_the_map_and_say_whose_they_are(visitor: Visitor, raster: str) -> None:
    page = opened(visitor, raster, lambda route: route.fulfill(body=picture(), content_type="image/png"))
    assert share(page, GREEN) > 0.9
    expect(page.locator(".leaflet-control-attribution")).to_contain_text(CREDIT)
    expect(page.locator(".leaflet-control-attribution b")).to_have_count(0)


def test_by_night_pictures_are_turned_round(visitor: Visitor, raster: str) -> None:
    page = opened(visitor, raster, lambda route: route.fulfill(body=picture(), content_type="image/png"), scheme="dark")
    assert share(page, GREEN) < 0.01
    page.select_option("#theme", "light")
    page.wait_for_load_state("networkidle")
    settled(page)
    assert share(page, GREEN) > 0.9


def test_without_streets_the_outline_is_drawn(visitor: Visitor, raster: str) -> None:
    visitor.allow("/streets/", "Failed to load resource")
    page = opened(visitor, raster, lambda route: route.fulfill(status=503))
    assert pixels(page, "own-land", 0) > 20_000


def test_where_more_contrast_is_asked_for_the_outline_is_drawn(visitor: Visitor, raster: str) -> None:
    page = visitor.page(raster)
    page.emulate_media(contrast="more")
    page.route("**/streets/**", lambda route: route.fulfill(body=picture(), content_type="image/png"))
    page.goto(f"{raster}{NOWHERE}")
    page.wait_for_selector("body[data-ready]")
    settled(page)
    assert share(page, GREEN) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_vector_tiles_are_read_by_parts_and_drawn_in_the_colours_of_the_theme(
    visitor: Visitor, vector: str, tmp_path: Path, scheme: Any
) -> None:
    archive(tmp_path / "poland.pmtiles")
    page = opened(visitor, vector, by_parts((tmp_path / "poland.pmtiles").read_bytes()), scheme=scheme)
    expect(page.locator(".leaflet-tile-pane canvas").first).to_be_attached()
    settled(page)
    assert share(page, WATER[scheme]) > 0.2
    assert share(page, LAND[scheme]) > 0.2


def test_only_who_draws_vector_tiles_is_sent_what_draws_them(site_folder: Path, tmp_path: Path) -> None:
    build_site(str(instance(tmp_path / "instance", VECTOR)), tmp_path / "site", "")
    assert [len(list(folder.glob("v/*/protomaps.js"))) for folder in (site_folder, tmp_path / "site")] == [0, 1]


@pytest.mark.parametrize(
    ("basemap", "rule", "origin"),
    [
        ({**RASTER, "url": "https://tiles.example.org/{z}/{x}/{y}.png"}, "img-src", "https://tiles.example.org"),
        ({**VECTOR, "url": "https://maps.example.org/poland.pmtiles"}, "connect-src", "https://maps.example.org"),
    ],
)
def test_the_policy_lets_the_maps_alone_ask_where_streets_are(
    tmp_path: Path, basemap: dict[str, Any], rule: str, origin: str
) -> None:
    build_site(str(instance(tmp_path / "instance", basemap)), tmp_path / "site", "")
    rules = json.loads((tmp_path / "site" / "headers.json").read_text("utf-8"))["rules"]
    policies = {each["prefix"]: each["headers"].get("Content-Security-Policy", "") for each in rules}
    allowed = {prefix for prefix, policy in policies.items() for part in policy.split("; ") if origin in part.split()}
    assert allowed == {"/", "/policja/"}
    assert all(origin in next(part for part in policies[page].split("; ") if part.startswith(rule)) for page in allowed)
    assert json.loads((tmp_path / "site" / "config.json").read_text("utf-8"))["basemap"]["type"] == basemap["type"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "wms"}, "neither raster nor pmtiles"),
        ({"url": "http://tiles.example.org/{z}/{x}/{y}.png"}, "neither / nor https://"),
        ({"url": "/tiles/{z}/{x}.png"}, "needs {z}, {x} and {y}"),
        ({"attribution": ""}, "whose map it is"),
    ],
)
def test_streets_that_cannot_be_shown_stop_the_build(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(StepFailed, match=re.escape(said)):
        build_site(str(instance(tmp_path / "instance", {**RASTER, **change})), tmp_path / "site", "")
