"""Saying "I see it too" on the page of a case, by keyboard alone, on the deployed stack."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import DESKTOP, PHONE, Visitor
from tests.e2e.citizen import file_report
from tests.support.whole import Whole

FORM = ".seeing-form"
DONE = ".seeing h2"


@pytest.fixture
def visitor_of_cases(visitor: Visitor) -> Visitor:
    """Nothing has been published on this stack yet, and what is used up or gone is refused."""
    visitor.allow("/data/manifest.json", "Failed to load resource", "/corroborations")
    return visitor


def case(stack: Whole, number: int) -> str:
    """A case of somebody else's; each far from the others."""
    answer = file_report(stack, place={"lat": 52.2297, "lon": 21.0122 + number / 50})
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


def press_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, then Space."""
    for _ in range(60):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            page.keyboard.press("Space")
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reached {selector}")


def test_a_case_is_seen_too_by_keyboard(stack: Whole, visitor_of_cases: Visitor) -> None:
    found = case(stack, 0)
    page = visitor_of_cases.open(f"{stack.base_url}/#/map?show={found}", DESKTOP)
    press_to(page, ".seeing .button")
    expect(page.locator(f"{FORM} h2")).to_be_focused()
    press_to(page, f"{FORM} [aria-label='piątek']")
    press_to(page, f"{FORM} button[type=submit]")
    expect(page.locator(f"{FORM} [role=alert]")).to_have_text("Zaznacz i dzień, i porę dnia, albo nic.")
    press_to(page, f"{FORM} [aria-label^='w nocy']")
    press_to(page, f"{FORM} button[type=submit]")
    expect(page.locator(DONE)).to_have_text("Dopisano do sprawy")
    expect(page.locator(DONE)).to_be_focused()
    expect(page.locator(".seeing")).to_contain_text("Widzą to 2 osoby")


def test_the_fourth_case_of_a_day_is_refused_in_words(stack: Whole, visitor_of_cases: Visitor) -> None:
    page = visitor_of_cases.page(stack.base_url, PHONE, touch=True)
    for number in range(1, 5):
        page.goto("about:blank")
        page.goto(f"{stack.base_url}/#/map?show={case(stack, number)}")
        page.locator(".seeing .button").tap()
        page.locator(f"{FORM} button[type=submit]").tap()
        if number < 4:
            expect(page.locator(DONE)).to_have_text("Dopisano do sprawy")
    expect(page.locator(f"{FORM} [role=alert]")).to_contain_text("dopisano się już do trzech spraw")


def test_who_changes_their_mind_has_the_button_again(stack: Whole, visitor_of_cases: Visitor) -> None:
    page = visitor_of_cases.open(f"{stack.base_url}/#/map?show={case(stack, 5)}", DESKTOP)
    page.click(".seeing .button")
    page.click(f"{FORM} button:has-text('Zrezygnuj')")
    expect(page.locator(".seeing > .button")).to_be_focused()
