"""Hexagons that are told apart without colour, where the system chooses the colours or more contrast is asked for."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import h3
import pytest
from playwright.sync_api import Page

from tests.browser import fixture
from tests.browser.test_modules import Modules, modules
from tests.browser.visit import READY, TOKEN, Visitor, settled

__all__ = ["modules"]

RES, ZOOM, HALF = 8, 11.75, 8
LEVELS = (1, 3, 4, 5)
APART = 0.08
NO_PLACES = {"areas": [], "names": [], "area": [], "lat": [], "lon": [], "tier_ends": [0, 0, 0, 0]}
MODES: dict[str, dict[str, Any]] = {"forced colours": {"forced_colors": "active"}, "contrast": {"contrast": "more"}}

INKED = """([ink, half]) => {
  const canvas = document.querySelector("canvas.map-canvas");
  const [x, y] = [canvas.width / 2 - half, canvas.height / 2 - half].map(Math.round);
  const { data } = canvas.getContext("2d").getImageData(x, y, 2 * half, 2 * half);
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (ink.every((value, channel) => Math.abs(data[i + channel] - value) < 110)) dark += 1;
  }
  return dark / (data.length / 4);
}"""

FILLED = """async ([path, level]) => {
  const { patternOf } = await import(path);
  const context = new OffscreenCanvas(64, 64).getContext("2d");
  context.fillStyle = patternOf(context, level, "#000");
  context.fillRect(0, 0, 64, 64);
  const { data } = context.getImageData(0, 0, 64, 64);
  let sum = 0;
  for (let i = 3; i < data.length; i += 4) sum += data[i];
  return sum / (64 * 64 * 255);
}"""

SWATCHES = """() => [1, 2, 3, 4, 5].map((level) => {
  const style = getComputedStyle(document.querySelector(`.ramp .level-${level}`));
  return [style.backgroundImage, style.backgroundColor].join(" ");
})"""


def cell_of(level: int) -> str:
    """The first cell of a class."""
    for file in fixture.cell_files(fixture.reports(), RES).values():
        if level in file["level"]:
            rank = sum(file["ranks"][: file["level"].index(level) + 1])
            return str(sorted(h3.cell_to_children(file["parent"], RES))[rank])
    raise AssertionError(f"no cell of class {level}")


def inked(page: Page, site: str, level: int, mode: dict[str, Any]) -> float:
    """How much of the middle of a hexagon of this class has the colour of ink."""
    lat, lon = h3.cell_to_latlng(cell_of(level))
    page.goto(f"{site}/?{level}#/map?at={ZOOM}/{lat:.4f}/{lon:.4f}")
    page.wait_for_selector(READY)
    # The map is there already: it follows what the system says later.
    page.emulate_media(**mode)
    settled(page)
    share = float(page.evaluate(INKED, [page.evaluate(TOKEN, "hex-line"), HALF]))
    page.emulate_media(forced_colors="none", contrast="no-preference")
    return share


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mode", MODES)
def test_classes_of_hexagons_are_told_by_pattern(visitor: Visitor, site: str, mode: str, scheme: Any) -> None:
    page = visitor.page(site, scheme=scheme)
    # Names would lie on the hexagons that are looked at.
    page.route("**/data/places.json", lambda route: route.fulfill(json=NO_PLACES))
    shares = [inked(page, site, level, MODES[mode]) for level in LEVELS]
    page.emulate_media(**MODES[mode])
    assert shares[0] < 0.02
    assert shares[-1] > 0.98
    assert all(more - less > APART for less, more in pairwise(shares)), shares
    assert len(set(page.evaluate(SWATCHES))) == 5


def test_every_class_has_more_ink_than_the_one_below(modules: Modules) -> None:
    page, path = modules.page, f"{modules.base}/map/patterns.js"
    shares = [page.evaluate(FILLED, [path, level]) for level in range(1, 6)]
    assert (shares[0], shares[-1]) == (0, 1)
    assert all(more - less > 0.05 for less, more in pairwise(shares)), shares
