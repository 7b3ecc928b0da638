"""What the page says while it waits, and where the keyboard may go meanwhile."""

from collections import Counter

import h3
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import fixture
from tests.browser.visit import PHONE, Visitor

SLOW_MS = 700
GONE = "Nie widać tego miejsca"
WATCH = """(text) => {
  window.seen = [];
  new MutationObserver(() => { if (document.body.innerText.includes(text)) window.seen.push(text); })
    .observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def slowly(page: Page, pattern: str) -> None:
    """Let answers take their time, as a far network does."""

    def late(route: Route) -> None:
        page.wait_for_timeout(SLOW_MS)
        route.continue_()

    page.route(pattern, late)


@pytest.mark.parametrize("res", [5, 7, 9])
def test_a_hexagon_that_a_link_names_is_awaited_and_not_called_gone(visitor: Visitor, site: str, res: int) -> None:
    page = visitor.page(site)
    page.add_init_script(f"document.addEventListener('DOMContentLoaded', () => ({WATCH})({GONE!r}))")
    slowly(page, "**/data/**/cells/**")
    slowly(page, "**/parents/*.json")
    ((cell, _),) = Counter(h3.cell_to_parent(report.cell, res) for report in fixture.reports()).most_common(1)
    page.goto(f"{site}/#/map?show={cell}")
    page.wait_for_selector("body[data-ready]")
    expect(page.locator(".detail h1")).to_contain_text("okolice: ")
    assert page.evaluate("window.seen") == []
    expect(page.locator(".detail h1")).to_be_focused()


def test_behind_a_sheet_that_covers_it_the_map_takes_no_focus(visitor: Visitor, site: str) -> None:
    page = visitor.open(site, PHONE)
    page.locator("#handle").click()
    page.locator("#handle").click()
    expect(page.locator("body")).to_have_attribute("data-sheet", "full")
    for _ in range(40):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement.closest('#map') === null")


def test_a_sheet_that_leaves_the_map_in_sight_leaves_it_to_the_keyboard(visitor: Visitor, site: str) -> None:
    page = visitor.open(site, PHONE)
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("() => document.activeElement.closest('#map') !== null"))
    assert reached == {True, False}
