"""Accessibility, contrast, reflow, languages, and pictures of the main views."""

import json
from pathlib import Path
from typing import Any

import h3
import pytest
from playwright.sync_api import Page, expect

from infra.local.emulator import ROOT
from tests.browser.visit import DESKTOP, PHONE, TOKEN, Scheme, Visitor, settled

AXE = ROOT / "static-site" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The hexagons of zoom 7 have resolution 6.
TOWN = h3.latlng_to_cell(53.1781, 22.0594, 6)
VIEWS = {
    "map": "#/map",
    "near": "#/map?at=14/52.2298/21.0118",
    "detail": f"#/map?at=7/53.1781/22.0594&show={TOWN}",
    "emergency": "#/report",
    "what": "#/report/what",
    "follow": "#/follow",
    "subscribe": "#/subscribe",
    "subscription": "#/subscription/leave?token=0",
    "about": "#/about",
    "privacy": "#/privacy",
    "kept": "#/kept",
}
SMALLEST = 44
TARGETS = """() => [...document.querySelectorAll("a, button, select, summary, input")]
  .filter((element) => !element.matches("[type=checkbox], [type=radio]"))
  .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((element) => !element.closest("p, .hidden, .leaflet-control-attribution, .skip"))
  .map((element) => [element.outerHTML.slice(0, 120), element.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < %d || box.height < %d))
  .map(([html, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`)"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

# Text on what it stands on, with the contrast that WCAG asks; symbols of the map ask for 3.
CONTRASTS = [
    ("ink", "bg", 7.0),
    ("ink", "surface", 7.0),
    ("muted", "bg", 4.5),
    ("muted", "surface", 4.5),
    ("on-primary", "primary", 4.5),
    ("primary", "bg", 4.5),
    ("primary", "tint", 4.5),
    ("on-alarm", "alarm", 4.5),
    ("on-strip", "strip", 4.5),
    ("alarm", "bg", 4.5),
    ("map-ink", "own-land", 4.5),
    ("field-line", "bg", 3.0),
    ("focus", "bg", 3.0),
    *((f"status-{status}", "own-land", 3.0) for status in ("new", "verifying", "confirmed", "passed_on", "eliminated")),
    ("status-unconfirmed", "own-land", 3.0),
]


@pytest.fixture
def still(visitor: Visitor) -> Visitor:
    """There is no API here: the form says that it cannot ask it."""
    visitor.allow("/v1/challenge", "/v1/reports", "/v1/rules", "Failed to load resource")
    return visitor


def show(page: Page, site: str, address: str) -> None:
    """Go to a view and wait until it is drawn."""
    page.goto(f"{site}/{address}")
    view = address.removeprefix("#/").partition("?")[0]
    page.wait_for_selector(f"body[data-drawn='{view}']")
    page.wait_for_load_state("networkidle")
    settled(page)


def luminance(colour: list[int]) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [value / 255 for value in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[int], other: list[int]) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def axe(page: Page) -> list[dict[str, Any]]:
    """Violations that axe-core finds."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(tags) => axe.run({ runOnly: tags })", RULES)
    return [{"id": item["id"], "nodes": [node["html"] for node in item["nodes"]]} for item in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_any_view(still: Visitor, site: str, scheme: Scheme, width: int) -> None:
    page = still.open(site, (width, 800), scheme)
    for view, address in VIEWS.items():
        show(page, site, address)
        assert (view, axe(page)) == (view, [])
        assert page.evaluate(OVERFLOW) == 0


def test_axe_would_find_a_fault(still: Visitor, site: str) -> None:
    page = still.open(site)
    page.evaluate("() => document.querySelector('.panel-body').append(document.createElement('button'))")
    assert [item["id"] for item in axe(page)] == ["button-name"]


@pytest.mark.parametrize("width", [320, 1280])
def test_every_target_is_large_enough(still: Visitor, site: str, width: int) -> None:
    page = still.open(site, (width, 800))
    for view, address in VIEWS.items():
        show(page, site, address)
        assert (view, page.evaluate(TARGETS % (SMALLEST, SMALLEST))) == (view, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_the_contrast_they_need(visitor: Visitor, site: str, scheme: Scheme) -> None:
    page = visitor.open(site, scheme=scheme)
    colours = {name: page.evaluate(TOKEN, name) for pair in CONTRASTS for name in pair[:2]}
    ratios = [(ink, ground, contrast(colours[ink], colours[ground]), needed) for ink, ground, needed in CONTRASTS]
    assert [entry for entry in ratios if entry[2] < entry[3]] == []


def test_the_chosen_language_stays(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    for code, button in (("en", "Report a threat"), ("uk", "Повідомити про загрозу"), ("pl", "Zgłoś zagrożenie")):
        page.select_option("#language", code)
        expect(page.locator(".panel-foot a")).to_have_text(button)
        assert page.get_attribute("html", "lang") == code
    page.select_option("#language", "uk")
    expect(page.locator(".panel-foot a")).to_have_text("Повідомити про загрозу")
    page.reload()
    expect(page.locator(".panel-foot a")).to_have_text("Повідомити про загрозу")


@pytest.mark.parametrize(("locale", "expected"), [("uk-UA", "uk"), ("en-GB", "en"), ("pl-PL", "pl"), ("de-DE", "pl")])
def test_the_visitors_own_language_comes_first(visitor: Visitor, site: str, locale: str, expected: str) -> None:
    assert visitor.open(site, locale=locale).get_attribute("html", "lang") == expected


def test_a_chosen_theme_stays_against_the_systems(visitor: Visitor, site: str) -> None:
    page = visitor.open(site, scheme="light")
    page.select_option("#theme", "dark")
    dark = page.evaluate(TOKEN, "bg")
    assert luminance(dark) < 0.1
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate(TOKEN, "bg") == dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_pictures(still: Visitor, site: str, artifacts: Path, scheme: Scheme, size: tuple[int, int]) -> None:
    page = still.open(site, size, scheme, touch=size == PHONE)
    device = "phone" if size == PHONE else "desktop"
    for view, address in VIEWS.items():
        show(page, site, address)
        picture = page.screenshot(path=artifacts / f"{view}-{device}-{scheme}.png")
        assert len(picture) > 10_000


def test_without_script_the_page_says_what_to_do(browser: Any, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    text = page.inner_text("body")
    context.close()
    assert "112" in text
    catalogue = json.loads((ROOT / "instances" / "pl" / "catalogue.json").read_text(encoding="utf-8"))
    assert all(category["names"]["pl"] in text for category in catalogue["categories"])
