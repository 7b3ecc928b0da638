"""What is read where no program runs: the essentials, on a phone too, and the way to the latest figures."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.visit import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_the_essentials_are_seen_and_nothing_is_offered_that_needs_a_program(
    browser: Browser, site: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, java_script_enabled=False, locale="pl-PL"
    )
    page: Page = context.new_page()
    page.goto(site)
    # Playwright's own locators run in the page, where nothing may run: what is drawn is asked of the browser.
    text = page.locator("noscript").first
    box = text.bounding_box()
    assert box is not None
    assert box["height"] > 100
    assert page.locator('noscript a[href="/data/exports/latest/summary.pl.html"]').is_visible()
    assert page.locator('a[href="tel:112"]').is_visible()
    panel = page.locator("#panel").bounding_box()
    assert panel is not None
    assert panel["y"] + panel["height"] == size[1], "the panel reaches the foot of the window"
    for name in (".menu-button", "#panel-foot a", "#map-tools", "#language", "#theme"):
        assert not page.locator(name).is_visible(), name
    context.close()
