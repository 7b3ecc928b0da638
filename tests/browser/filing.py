"""Steps of the report form that tests take alike."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.whole import Whole

# Łomża, whose area is a unit of its own.
PLACE = "lomza"
UNIT = "Łomż"
TEXT = "Auta stoją na chodniku, wózkiem trzeba jechać jezdnią. 🚧"
CODE = r"[0-9A-Z]{4}(-[0-9A-Z]{4}){5}"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus: it must be reachable within forty stops."""
    for _ in range(40):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reached {selector}")


def title(page: Page, text: str) -> None:
    expect(page.locator(".panel h1")).to_have_text(text)


def stored(stack: Whole, receipt: str) -> dict[str, Any]:
    """The report as its receipt opens it."""
    answer = stack.call("GET", "/v1/receipt", headers={"Receipt": receipt})
    assert answer.status == 200
    return dict(answer.json)


def to_details(page: Page, *, touch: bool = False) -> None:
    """Answer every question by pointer, up to the words and photos."""
    act = "tap" if touch else "click"

    def on(selector: str) -> None:
        getattr(page.locator(selector), act)()

    on(".panel-foot a")
    title(page, "Czy komuś coś teraz grozi?")
    on(".panel-foot a")
    on("label.option:has-text('Nieprawidłowe parkowanie')")
    title(page, "Gdzie?")
    page.fill("#panel [role=combobox]", PLACE)
    on("#panel [role=option]:has-text('Łomża')")
    expect(page.locator(".found")).to_contain_text("okolice: Łomża")
    on(".panel-foot button")
    on("label.option:has-text('To się powtarza')")
    for name in ("pt.", "sob.", "wieczorem"):
        on(f"label.toggle:has-text('{name}')")
    on(".panel-foot button")
    title(page, "Coś jeszcze?")


def to_summary(page: Page, *, touch: bool = False) -> None:
    """Answer every question by pointer, up to the summary."""
    to_details(page, touch=touch)
    page.fill("#description", TEXT)
    page.locator(".panel-foot button").tap() if touch else page.click(".panel-foot button")
    title(page, "Czy wszystko się zgadza?")


def to_summary_at(page: Page, category: str, lat: float, lon: float) -> None:
    """Answer only what must be answered, for a case of a category at a point."""
    page.click(".panel-foot a")
    title(page, "Czy komuś coś teraz grozi?")
    page.click(".panel-foot a")
    page.click(f"label.option:has-text('{category}')")
    page.click("summary:has-text('Mam współrzędne')")
    page.fill("#lat", str(lat))
    page.fill("#lon", str(lon))
    page.click("text=Ustaw")
    for expected in ("Kiedy?", "Coś jeszcze?", "Czy wszystko się zgadza?"):
        page.click(".panel-foot button")
        title(page, expected)
