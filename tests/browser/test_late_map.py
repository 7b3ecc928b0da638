"""A form that somebody fills in while the map is still on its way, as it is on a slow line."""

import json
import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.filing import title
from tests.browser.visit import READY, Visitor

DRAFT = {"category": "illegal_parking", "lat": 53.178, "lon": 22.059, "when": "unknown"}
KEPT = {
    "report": {
        "until": 8.64e15,
        "draft": {**DRAFT, "key": "2f1d9d2e-6c2e-4f0c-8f39-6a1f4f0a7c11", "description": ""},
        "photos": [],
        "send": False,
        "refusal": None,
    },
    "sent": [],
}
KEEP = """
const opening = indexedDB.open("czujka", 1);
opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
opening.onsuccess = () => {
  opening.result.transaction("kept", "readwrite").objectStore("kept").put(%s, 1);
  opening.result.close();
};
"""


@dataclass
class Slow:
    """A page whose map waits until it is let come."""

    page: Page
    site: str
    held: list[Route] = field(default_factory=list)
    free: bool = False

    def hold(self, route: Route) -> None:
        """Answer only once the map may come."""
        if self.free:
            route.continue_()
        else:
            self.held.append(route)

    def open(self, address: str) -> None:
        """Open a view; the map's own code is asked for and not answered."""
        self.page.goto(f"{self.site}/{address}")
        self.page.wait_for_selector("body[data-drawn]")

    def let_come(self) -> None:
        """Answer, and wait until the map is live."""
        self.free = True
        for route in self.held:
            route.continue_()
        self.page.wait_for_selector(READY)


@pytest.fixture
def slow(visitor: Visitor, site: str) -> Slow:
    """There is no API here, and a draft of an earlier day is on the device."""
    visitor.allow("/v1/challenge", "Failed to load resource")
    slow = Slow(visitor.page(site), site)
    slow.page.route(re.compile(r"/(leaflet\.js|places\.json)$"), slow.hold)
    slow.page.add_init_script(KEEP % json.dumps(KEPT))
    return slow


def test_a_button_that_is_being_pressed_stays_when_the_map_comes(slow: Slow) -> None:
    slow.open("#/report")
    button = slow.page.locator(".kept button")
    expect(slow.page.locator(".allowance .icon").last).to_be_visible()
    button.hover()
    slow.page.mouse.down()
    slow.let_come()
    slow.page.mouse.up()
    expect(slow.page.locator(".kept")).to_have_count(0)


def test_a_question_that_is_being_answered_stays_when_the_map_comes(slow: Slow) -> None:
    slow.open("#/report/text")
    slow.page.focus("#description")
    slow.page.keyboard.type("Auta na")
    slow.let_come()
    slow.page.keyboard.type(" chodniku")
    expect(slow.page.locator("#description")).to_have_value("Auta na chodniku")


def test_the_map_comes_to_the_place_that_was_told_before(slow: Slow) -> None:
    slow.open("#/report/where")
    slow.let_come()
    title(slow.page, "Gdzie?")
    expect(slow.page.locator(".found")).to_contain_text("okolice: Łomża")
    slow.page.focus("#map")
    slow.page.keyboard.press("ArrowRight")
    expect(slow.page.locator(".found .hint")).not_to_have_text("53.17800, 22.05900")
    lat, lon = map(float, slow.page.inner_text(".found .hint").split(", "))
    assert abs(lat - 53.178) < 1e-3
    assert 0 < lon - 22.059 < 1e-2


def test_the_summary_names_the_place_as_soon_as_its_name_is_there(slow: Slow) -> None:
    slow.open("#/report/summary")
    title(slow.page, "Czy wszystko się zgadza?")
    expect(slow.page.locator(".answers")).to_contain_text("53.17800, 22.05900")
    slow.let_come()
    expect(slow.page.locator(".answers")).to_contain_text("okolice: Łomża")
