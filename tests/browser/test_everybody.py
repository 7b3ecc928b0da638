"""Every page for everybody: in each language, by day, by night and by contrast, on the narrowest phone and on a desk.

The whole matrix is slow; a part of it runs with every change in the tests of the pages themselves.
"""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.test_quality import OVERFLOW, SMALLEST, TARGETS, VIEWS, axe
from tests.browser.visit import Visitor, settled

LOCALES = {"pl": "pl-PL", "en": "en-GB", "uk": "uk-UA"}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "contrast": {"color_scheme": "light", "contrast": "more"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}
WIDTHS = (320, 1280)
PAGES = {
    "charts": "/dane/",
    "charts of an area": "/dane/#/area/20",
    "widget": "/embed/?teryt=1465&lang={language}",
    "snippet": "/embed/generator/",
    "console": "/policja/",
    "institutions": "/partner/",
    **{f"info {name or 'start'}": f"/info/{{language}}/{name}" for name in ("", "rules/", "privacy/", "about/")},
    **{f"info {name}": f"/info/{{language}}/{name}/" for name in ("accessibility", "developers")},
}
FORWARD = ".panel-foot .button.primary"
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  const spaced = ["line-height: 1.5", "letter-spacing: .12em", "word-spacing: .16em"];
  sheet.replaceSync(`* { ${spaced.map((each) => `${each} !important;`).join(" ")} }`);
  document.adoptedStyleSheets = [sheet];
}"""
CUT = """() => [...document.querySelectorAll("button, a.button, h1, h2, label, legend, p, th, td")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .filter((element) => !element.closest(".hidden, .leaflet-container, .skip"))
  .filter((element) => ["hidden", "clip"].includes(getComputedStyle(element).overflowX))
  .filter((element) => element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.outerHTML.slice(0, 120))"""
PLACE = """() => {
  const body = document.querySelector(".panel-body");
  if (!body.contains(document.activeElement)) return null;
  return document.activeElement.getBoundingClientRect().top + body.scrollTop;
}"""
ASKED = {
    "button",
    "link",
    "textbox",
    "searchbox",
    "combobox",
    "checkbox",
    "radio",
    "listbox",
    "img",
    "region",
    "dialog",
}
"""Roles that a screen reader reads out by their names."""


@pytest.fixture
def guest(visitor: Visitor) -> Visitor:
    """There is no API here: pages that ask it say that they cannot."""
    visitor.allow("/v1/", "Failed to load resource", "404 /policja", "404 /partner")
    return visitor


def opened(guest: Visitor, site: str, language: str, look: str, width: int) -> Page:
    page = guest.page(site, (width, 800), locale=LOCALES[language])
    page.emulate_media(**LOOKS[look])
    page.goto(site)
    page.wait_for_selector("body[data-ready]")
    return page


def faults(page: Page, look: str) -> list[Any]:
    """What axe finds, and what reaches over the edge."""
    wide = page.evaluate(OVERFLOW)
    # Axe takes colours for ours that the system has put in their place.
    found = [each for each in axe(page) if look != "forced" or each["id"] != "color-contrast"]
    return found + ([f"{wide} px too wide"] if wide > 0 else [])


def nameless(page: Page) -> list[str]:
    """Controls and regions of the accessibility tree without a name."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    found = [node for node in tree if not node["ignored"] and node.get("role", {}).get("value") in ASKED]
    assert len(found) > 1
    return [f"{node['role']['value']} {node['nodeId']}" for node in found if not node.get("name", {}).get("value")]


def walk(page: Page) -> Any:
    """Go through the questions of a report by keyboard and pointer, and yield the name of each as it stands."""
    page.goto(f"{page.url.split('#')[0]}#/report")
    page.wait_for_selector(".panel-body .alarm")
    yield "danger"
    page.click(FORWARD)
    page.locator("label.option").first.click()
    page.wait_for_selector("#lat", state="attached")
    yield "where"
    page.locator("summary").first.click()
    page.fill("#lat", "53.1781")
    page.fill("#lon", "22.0594")
    page.locator("details .button").first.click()
    for name in ("when", "more", "summary"):
        before = page.inner_text(".panel h1")
        page.click(FORWARD)
        page.wait_for_function("(before) => document.querySelector('.panel h1')?.textContent !== before", arg=before)
        yield name


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("language", "look"), list(product(LOCALES, LOOKS)))
def test_axe_finds_nothing_on_any_page_for_anybody(
    guest: Visitor, site: str, language: str, look: str, width: int
) -> None:
    page = opened(guest, site, language, look, width)
    found: dict[str, Any] = {}
    for view, address in VIEWS.items():
        page.goto(f"{site}/{address}")
        page.wait_for_selector(f"body[data-drawn='{address.removeprefix('#/').partition('?')[0]}']")
        page.wait_for_load_state("networkidle")
        settled(page)
        found[view] = faults(page, look)
    for question in walk(page):
        found[question] = faults(page, look)
    for name, address in PAGES.items():
        page.goto(site + address.format(language=language))
        page.wait_for_load_state("networkidle")
        found[name] = faults(page, look)
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.slow
@pytest.mark.parametrize("language", LOCALES)
def test_whatever_is_read_out_has_a_name(guest: Visitor, site: str, language: str) -> None:
    page = opened(guest, site, language, "light", 1280)
    found = {"map": nameless(page)}
    for question in walk(page):
        found[question] = nameless(page)
    for name, address in PAGES.items():
        page.goto(site + address.format(language=language))
        page.wait_for_load_state("networkidle")
        found[name] = nameless(page)
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.slow
@pytest.mark.parametrize("percent", [200, 400])
@pytest.mark.parametrize("language", LOCALES)
def test_enlarged_and_spaced_nothing_is_cut_or_hidden_at_the_side(
    guest: Visitor, site: str, language: str, percent: int
) -> None:
    """WCAG 1.4.4, 1.4.10, 1.4.12: a window of 1280 by 1024 pixels, enlarged, is one of so many pixels less."""
    page = guest.page(site, (1280 * 100 // percent, 1024 * 100 // percent), locale=LOCALES[language])
    page.goto(site)
    page.wait_for_selector("body[data-ready]")
    found: dict[str, list[Any]] = {}

    def look(name: str) -> None:
        page.evaluate(SPACED)
        wide = page.evaluate(OVERFLOW)
        found[name] = [*page.evaluate(CUT), *([f"{wide} px too wide"] if wide > 0 else [])]

    for view, address in VIEWS.items():
        page.goto(f"{site}/{address}")
        page.wait_for_selector(f"body[data-drawn='{address.removeprefix('#/').partition('?')[0]}']")
        look(view)
    for question in walk(page):
        look(question)
    for name, address in PAGES.items():
        page.goto(site + address.format(language=language))
        page.wait_for_load_state("networkidle")
        look(name)
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_every_target_of_every_page_is_large_enough(guest: Visitor, site: str, width: int) -> None:
    page = opened(guest, site, "pl", "light", width)
    found = {question: page.evaluate(TARGETS % (SMALLEST, SMALLEST)) for question in walk(page)}
    for name, address in PAGES.items():
        page.goto(site + address.format(language="pl"))
        page.wait_for_load_state("networkidle")
        found[name] = page.evaluate(TARGETS % (SMALLEST, SMALLEST))
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.slow
def test_the_order_of_the_focus_is_that_of_what_is_seen(guest: Visitor, site: str) -> None:
    """On a phone no stop of the panel lies above the one before."""
    page = opened(guest, site, "pl", "light", 390)
    for _ in walk(page):
        page.locator(".panel").focus()
        tops: list[float] = []
        for _stop in range(25):
            page.keyboard.press("Tab")
            place = page.evaluate(PLACE)
            if tops and place == tops[0]:
                # Once round.
                break
            tops += [] if place is None else [place]
        assert len(tops) >= 1
        # What stands in one row may be off by the difference of two heights.
        assert all(after > before - SMALLEST for before, after in pairwise(tops)), tops
