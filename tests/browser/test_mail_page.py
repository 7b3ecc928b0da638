"""The HTML part of an alert mail as Chromium shows it: narrow and wide, light and dark, mail client or browser."""

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser

from tests.alerts.cases import mail

pytestmark = pytest.mark.browser

FULL: dict[str, Any] = {
    "boundaries": "approximate",
    "has_text": True,
    "days": (5, 6),
    "parts": ("evening", "night"),
    "stand_in": "Komenda Wojewódzka Policji w Białymstoku",
}
LONG = FULL | {
    "unit_name": "Ł" * 120,
    "category_name": "Zdarzenia drogowe z udziałem zwierząt leśnych",
    "place": "Ż" * 80,
}

# Of every element that holds text itself: its colour, and the nearest background that is not transparent.
COLOURS = """
() => [...document.querySelectorAll("body *")]
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((element) => {
    let behind = element;
    while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
    const numbers = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const [ink, ground] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
    return [element.textContent.trim(), numbers(ink), numbers(ground)];
  })
"""
LINKS = "() => [...document.querySelectorAll('a')].map((link) => link.getBoundingClientRect().height)"


def luminance(colour: list[float]) -> float:
    """Relative luminance of sRGB, 0..255 each (WCAG 2.2)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: list[float], other: list[float]) -> float:
    """Contrast ratio of two colours (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("width", [320, 600, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("facts", [FULL, LONG], ids=["usual", "long"])
def test_a_mail_fits_is_legible_and_has_large_links(
    browser: Browser, artifacts: Path, width: int, scheme: Literal["light", "dark"], facts: dict[str, Any]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.set_content(mail(**facts).html)
    page.screenshot(path=artifacts / f"mail-{scheme}-{width}.png", full_page=True)
    scroll, visible = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    colours = page.evaluate(COLOURS)
    heights = page.evaluate(LINKS)
    page.close()
    assert scroll == visible == width
    assert len(colours) > 12
    assert [(text, contrast(ink, ground)) for text, ink, ground in colours if contrast(ink, ground) < 4.5] == []
    assert len(heights) == 2
    assert min(heights) >= 44
